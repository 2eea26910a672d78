// SPDX-License-Identifier: Apache-2.0
// See supporter_table.h.
#include "care/supporter_table.h"

#include <algorithm>

#include "care/link_table.h"
#include "care/zone.h"

namespace care {
namespace {
constexpr store::Column kName{"supporter.name"}, kContacts{"supporter.contacts"}, kAlias{"supporter.alias"};
}

std::vector<SupporterRow> supporters_of(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership) {
  std::vector<SupporterRow> out;
  auto rows = tx.query("SELECT id, version, kind, name_sealed, alias_sealed, contacts_sealed, until_us FROM supporter WHERE membership = $1 "
                       "ORDER BY CASE WHEN until_us IS NULL THEN 0 ELSE 1 END, seat", membership);
  while (rows.next()) {
    const std::string id = rows.text(0);
    SupporterRow r{.id = SupporterId{id}, .version = rows.integer(1), .kind = SupporterKind::carer, .name = keys.open(tx, kName, id, rows.bytes(3)),
                   .alias = keys.open_maybe(tx, kAlias, id, rows, 4).value_or(Personal{}), .contacts = {}, .endedAt = {}};
    for (const auto& [kind, name] : json_names(SupporterKind{}))
      if (rows.text(2) == name) r.kind = kind;
    if (const auto contacts = keys.open_maybe(tx, kContacts, id, rows, 5))
      r.contacts = base::json::read<SupporterContacts>(contacts->get(), base::json::Mode::tolerant).value_or(SupporterContacts{});
    if (const auto until = rows.maybe_time(6)) r.endedAt.value = iso_text(*until);
    out.push_back(std::move(r));
  }
  return out;
}

std::optional<SupporterPlace> find_supporter(store::Transaction& tx, const SupporterId& supporter) {
  auto rows = tx.query("SELECT membership, version FROM supporter WHERE id = $1", supporter);
  if (!rows.next()) return std::nullopt;
  return SupporterPlace{rows.id<MembershipId>(0), rows.integer(1)};
}

SupporterId insert_supporter(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Membership& m, const NewSupporter& s,
                             base::WallTime now) {
  const auto id = base::new_id<SupporterId>(entropy, now);
  std::int64_t seat = kFirstSupporterSeat;
  {
    auto rows = tx.query("SELECT MAX(s.seat) FROM supporter s JOIN membership m ON m.id = s.membership WHERE m.group_id = $1", m.group);
    if (rows.next() && !rows.null(0)) seat = std::max(seat, rows.integer(0) + 1);
  }
  tx.run("INSERT INTO supporter (id, version, membership, kind, name_sealed, contacts_sealed, alias_sealed, seat, until_us) VALUES ($1, 1, $2, $3, $4, $5, "
         "$6, $7, NULL)", id, m.id, base::json::name_of(s.kind), keys.seal(kName, id.text, s.name),
         keys.seal(kContacts, id.text, Personal(base::json::write(s.contacts))), keys.seal(kAlias, id.text, s.alias), seat);
  return id;
}

bool update_supporter(store::Transaction& tx, const store::KeyRing& keys, const SupporterId& id, std::int64_t version, const NewSupporter& s,
                      base::WallTime now) {
  return tx.run("UPDATE supporter SET version = version + 1, kind = $3, name_sealed = $4, contacts_sealed = $5, alias_sealed = $6 WHERE id = $1 AND "
                "version = $2 AND (until_us IS NULL OR until_us > $7)", id, version, base::json::name_of(s.kind), keys.seal(kName, id.text, s.name),
                keys.seal(kContacts, id.text, Personal(base::json::write(s.contacts))), keys.seal(kAlias, id.text, s.alias), now) == 1;
}

bool end_supporter(store::Transaction& tx, const MembershipId& membership, const SupporterId& supporter, base::WallTime now) {
  if (tx.run("UPDATE supporter SET until_us = $2, version = version + 1 WHERE id = $1 AND (until_us IS NULL OR until_us > $2)", supporter, now) != 1)
    return false;
  withdraw_links(tx, membership, supporter, now);
  tx.run("DELETE FROM seat_pass WHERE holder_kind = 'supporter' AND holder = $1", supporter);
  tx.run("UPDATE message SET state = 'withdrawn', failure = 'left-group', version = version + 1 WHERE supporter = $1 AND state IN ('queued', 'by_hand', 'failed')",
         supporter);
  return true;
}

}  // namespace care
