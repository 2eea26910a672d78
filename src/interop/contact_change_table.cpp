// SPDX-License-Identifier: Apache-2.0
// See contact_change_table.h.
#include "interop/contact_change_table.h"

#include "care/group_reach_table.h"

namespace interop {
namespace {

constexpr store::Column kWanted{"contact_change.wanted"}, kCode{"contact_change.code"}, kLegal{"person.legal_name"}, kPreferred{"person.preferred_name"};
constexpr std::array<std::string_view, 4> kSettled{"confirmed", "refused", "withdrawn", "expired"};

}  // namespace

std::optional<ContactChange> waiting_change(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& person, base::WallTime now) {
  auto rows = tx.query("SELECT id, version, membership, wanted_sealed, code_sealed, message, wrong_codes, asked_us, until_us FROM contact_change WHERE "
                       "person = $1 AND state = 'waiting' AND until_us > $2", person, now);
  if (!rows.next()) return std::nullopt;
  ContactChange c{.id = rows.id<ContactChangeId>(0), .version = rows.integer(1), .person = person, .membership = rows.id<care::MembershipId>(2), .wanted = {},
                  .code = {}, .message = MessageId{rows.maybe_text(5).value_or("")}, .wrong_codes = rows.integer(6), .asked = rows.time(7), .until = rows.time(8)};
  const auto wanted = keys.open(tx, kWanted, c.id.text, rows.bytes(3));
  c.wanted = base::json::read<WantedContact>(wanted.get(), base::json::Mode::tolerant).value_or(WantedContact{});
  c.code = keys.open_maybe(tx, kCode, c.id.text, rows, 4);
  return c;
}

std::int64_t changes_asked(store::Transaction& tx, const care::PersonId& person, base::WallTime since) {
  auto rows = tx.query("SELECT COUNT(*) FROM contact_change WHERE person = $1 AND asked_us > $2", person, since);
  return rows.next() ? rows.integer(0) : 0;
}

ContactChangeId insert_change(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const ContactChange& c, base::WallTime now) {
  if (const auto before = waiting_change(tx, keys, c.person, {0})) (void)settle_change(tx, *before, Settled::withdrawn, {}, now);
  const auto id = base::new_id<ContactChangeId>(entropy, now);
  const auto code = c.code ? std::optional(keys.seal(kCode, id.text, *c.code)) : std::nullopt;
  tx.run("INSERT INTO contact_change (id, version, person, membership, wanted_sealed, code_sealed, message, state, wrong_codes, asked_us, until_us, settled_us, "
         "settled_by) VALUES ($1, 1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8, NULL, NULL)", id, c.person, c.membership,
         keys.seal(kWanted, id.text, Text(base::json::write(c.wanted))), code, c.message.empty() ? std::nullopt : std::optional(c.message), now,
         now.us + kChangeLasts.us);
  return id;
}

void hold_change(store::Transaction& tx, const care::PersonId& person) {
  tx.run("UPDATE contact_change SET wrong_codes = wrong_codes WHERE person = $1 AND state = 'waiting'", person);
}

void note_wrong_code(store::Transaction& tx, const ContactChange& c) {
  tx.run("UPDATE contact_change SET wrong_codes = wrong_codes + 1 WHERE id = $1", c.id);
}

bool settle_change(store::Transaction& tx, const ContactChange& c, Settled as, const std::optional<care::StaffId>& by, base::WallTime now) {
  if (tx.run("UPDATE contact_change SET state = $3, version = version + 1, code_sealed = NULL, settled_us = $4, settled_by = $5 WHERE id = $1 AND version = $2 "
             "AND state = 'waiting'", c.id, c.version, kSettled.at(static_cast<std::size_t>(as)), now, by) != 1)
    return false;
  if (!c.message.empty()) withdraw_message(tx, c.message, "not-wanted");
  return true;
}

std::int64_t expire_changes(store::Transaction& tx, base::WallTime now) {
  tx.run("UPDATE message SET state = 'withdrawn', failure = 'not-wanted', version = version + 1 WHERE state IN ('queued', 'by_hand', 'failed') AND id IN "
         "(SELECT message FROM contact_change WHERE state = 'waiting' AND until_us <= $1 AND message IS NOT NULL)", now);
  return tx.run("UPDATE contact_change SET state = 'expired', version = version + 1, code_sealed = NULL, settled_us = $1 WHERE state = 'waiting' AND until_us <= $1",
                now);
}

std::vector<WaitingChangeRow> waiting_changes(store::Transaction& tx, const store::KeyRing& keys, const care::Actor& actor, base::WallTime now,
                                              const MessagesAfter& after, std::int64_t limit) {
  std::vector<WaitingChangeRow> out;
  const auto reach = care::group_reach(actor, care::Data::identity, care::Access::read);
  if (reach.nothing()) return out;
  auto rows = care::query_in_reach(tx, "SELECT c.person, p.legal_name_sealed, p.preferred_name_sealed, CASE WHEN c.code_sealed IS NULL THEN 0 ELSE 1 END, "
                                       "c.asked_us, c.until_us, c.id FROM contact_change c JOIN person p ON p.id = c.person JOIN membership m ON m.id = c.membership "
                                       "WHERE {reach} AND c.state = 'waiting' AND c.until_us > $1 AND (c.asked_us > $3 OR (c.asked_us = $3 AND c.id > $4)) "
                                       "ORDER BY c.asked_us, c.id LIMIT $2", "m.group_id", reach, now, limit, after.made, after.id);
  while (rows.next()) {
    const std::string person = rows.text(0);
    auto name = keys.open_maybe(tx, kPreferred, person, rows, 2);
    if (!name || name->get().empty()) name = keys.open(tx, kLegal, person, rows.bytes(1));
    out.push_back({{care::PersonId{person}, std::move(*name)}, rows.flag(3), care::iso_text(rows.time(4)), care::iso_text(rows.time(5)),
                   rows.time(4), rows.id<ContactChangeId>(6)});
  }
  return out;
}

}  // namespace interop
