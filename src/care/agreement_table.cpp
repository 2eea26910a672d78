// SPDX-License-Identifier: Apache-2.0
// See agreement_table.h.
#include "care/agreement_table.h"

#include "care/zone.h"

namespace care {
namespace {

constexpr store::Column kText{"group_agreement.text"}, kAlias{"membership.alias"};

HowAccepted parse_how(std::string_view text) {
  for (const auto& [how, name] : json_names(HowAccepted{}))
    if (name == text) return how;
  return HowAccepted::self;
}

}  // namespace

std::optional<Agreement> current_agreement(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group) {
  auto rows = tx.query("SELECT id, number, text_sealed, made_us, staff FROM group_agreement WHERE group_id = $1 ORDER BY number DESC LIMIT 1", group);
  if (!rows.next()) return std::nullopt;
  Agreement out{.id = rows.id<AgreementId>(0), .number = rows.integer(1), .text = {}, .made = rows.time(3), .staff = rows.id<StaffId>(4)};
  const auto text = keys.open(tx, kText, out.id.text, rows.bytes(2));
  auto read = base::json::read<AgreementText>(text.get(), base::json::Mode::tolerant, {.bytes = 64 * 1024, .depth = 6});
  if (!read) {
    tx.fail(store::StoreError::unavailable);
    return std::nullopt;
  }
  out.text = std::move(*read);
  return out;
}

Agreement add_agreement(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const GroupId& group,
                        std::int64_t number, const AgreementText& text, const StaffId& staff, base::WallTime now) {
  const auto id = base::new_id<AgreementId>(entropy, now);
  tx.run("INSERT INTO group_agreement (id, group_id, number, text_sealed, made_us, staff) VALUES ($1, $2, $3, $4, $5, $6)", id, group, number,
         keys.seal(kText, id.text, base::Redacted<std::string>(base::json::write(text))), now, staff);
  return {.id = id, .number = number, .text = text, .made = now, .staff = staff};
}

std::optional<AgreementText> agreement_template(store::Transaction& tx) {
  auto rows = tx.query("SELECT settings FROM trust ORDER BY id LIMIT 1");
  if (!rows.next()) return std::nullopt;
  const auto settings = base::json::parse(rows.text(0), {.bytes = 1 << 20, .depth = 16});
  if (!settings || !settings->is_object()) return std::nullopt;
  const auto* found = settings->get_object().if_contains("agreement");
  if (found == nullptr) return std::nullopt;
  auto text = base::json::read<AgreementText>(base::json::print(*found), base::json::Mode::tolerant, {.bytes = 64 * 1024, .depth = 6});
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::vector<AgreementVersionRow> agreement_versions(store::Transaction& tx, const GroupId& group) {
  auto rows = tx.query("SELECT g.number, g.made_us, s.name, (SELECT COUNT(*) FROM agreement_acceptance a JOIN membership m "
                       "ON m.id = a.membership WHERE a.agreement = g.id AND m.state IN ('referred', 'waiting', 'prepared', 'joined')) "
                       "FROM group_agreement g JOIN staff s ON s.id = g.staff WHERE g.group_id = $1 ORDER BY g.number DESC LIMIT 100", group);
  std::vector<AgreementVersionRow> out;
  while (rows.next())
    out.push_back({.number = rows.integer(0), .madeAt = iso_text(rows.time(1)), .by = rows.text(2), .accepted = rows.integer(3)});
  return out;
}

std::optional<Acceptance> acceptance_of(store::Transaction& tx, const MembershipId& membership) {
  auto rows = tx.query("SELECT g.number, a.at_us, a.how FROM agreement_acceptance a JOIN group_agreement g ON g.id = a.agreement "
                       "JOIN membership m ON m.id = a.membership AND m.group_id = g.group_id WHERE a.membership = $1 "
                       "ORDER BY g.number DESC LIMIT 1", membership);
  if (!rows.next()) return std::nullopt;
  return Acceptance{.number = rows.integer(0), .at = iso_text(rows.time(1)), .how = parse_how(rows.text(2))};
}

void accept_agreement(store::Transaction& tx, const AgreementId& agreement, const MembershipId& membership, HowAccepted how,
                      const std::optional<StaffId>& staff, base::WallTime now) {
  tx.run("INSERT INTO agreement_acceptance (agreement, membership, at_us, how, staff) VALUES ($1, $2, $3, $4, $5) "
         "ON CONFLICT (agreement, membership) DO NOTHING", agreement, membership, now, base::json::name_of(how), staff);
}

std::vector<MembersAcceptance> acceptances_in(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group) {
  std::vector<MembersAcceptance> out;
  {
    auto rows = tx.query("SELECT id, alias_sealed FROM membership WHERE group_id = $1 AND state IN ('referred', 'waiting', 'prepared', "
                         "'joined') ORDER BY seat", group);
    while (rows.next()) {
      MembersAcceptance each{.membership = rows.id<MembershipId>(0), .alias = {}, .accepted = {}};
      if (auto alias = keys.open_maybe(tx, kAlias, each.membership.text, rows, 1)) each.alias = std::move(*alias);
      out.push_back(std::move(each));
    }
  }
  for (auto& each : out) each.accepted.value = acceptance_of(tx, each.membership);
  return out;
}

}  // namespace care
