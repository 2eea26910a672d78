// SPDX-License-Identifier: Apache-2.0
// See agreement_table.h.
#include "care/agreement_table.h"

#include <map>

#include "care/membership_table.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr store::Column kText{"group_agreement.text"}, kAlias{"membership.alias"}, kSupporterAlias{"supporter.alias"};
constexpr std::string_view kHere = "m.state IN ('referred', 'waiting', 'prepared', 'joined')";

HowAccepted parse_how(std::string_view text) {
  for (const auto& [how, name] : json_names(HowAccepted{}))
    if (name == text) return how;
  return HowAccepted::self;
}

// What we sealed ourselves: where it is not understood, the database is damaged.
AgreementText opened(store::Transaction& tx, const store::KeyRing& keys, const AgreementId& id, base::Bytes sealed) {
  const auto text = keys.open(tx, kText, id.text, sealed);
  auto read = base::json::read<AgreementText>(text.get(), base::json::Mode::tolerant, {.bytes = 64 * 1024, .depth = 6});
  if (!read) tx.fail(store::StoreError::unavailable);
  return read ? std::move(*read) : AgreementText{};
}

// number, at_us, how, name of staff
Acceptance accepted_at(const store::Rows& rows, int first) {
  return {.number = rows.integer(first), .at = iso_text(rows.time(first + 1)), .how = parse_how(rows.text(first + 2)),
          .by = rows.null(first + 3) ? std::string() : rows.text(first + 3)};
}

}  // namespace

std::optional<Agreement> current_agreement(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group) {
  auto rows = tx.query("SELECT id, number, text_sealed, made_us, staff FROM group_agreement WHERE group_id = $1 ORDER BY number DESC LIMIT 1", group);
  if (!rows.next()) return std::nullopt;
  Agreement out{.id = rows.id<AgreementId>(0), .number = rows.integer(1), .text = {}, .made = rows.time(3), .staff = rows.id<StaffId>(4)};
  out.text = opened(tx, keys, out.id, rows.bytes(2));
  return tx.ok() ? std::optional(std::move(out)) : std::nullopt;
}

Agreement add_agreement(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const GroupId& group,
                        std::int64_t number, const AgreementText& text, const StaffId& staff, base::WallTime now) {
  const auto id = base::new_id<AgreementId>(entropy, now);
  tx.run("INSERT INTO group_agreement (id, group_id, number, text_sealed, made_us, staff) VALUES ($1, $2, $3, $4, $5, $6)", id, group, number,
         keys.seal(kText, id.text, base::Redacted<std::string>(base::json::write(text))), now, staff);
  return {.id = id, .number = number, .text = text, .made = now, .staff = staff};
}

namespace {
// trust.settings, which we wrote ourselves; empty where there is no trust yet.
boost::json::object trust_settings(store::Transaction& tx) {
  auto rows = tx.query("SELECT settings FROM trust ORDER BY id LIMIT 1");
  if (!rows.next()) return {};
  auto settings = base::json::parse(rows.text(0), {.bytes = 1 << 20, .depth = 16});
  return settings && settings->is_object() ? std::move(settings->get_object()) : boost::json::object{};
}
}  // namespace

std::optional<AgreementText> agreement_template(store::Transaction& tx) {
  const auto settings = trust_settings(tx);
  const auto* found = settings.if_contains("agreement");
  if (found == nullptr) return std::nullopt;
  auto text = base::json::read<AgreementText>(base::json::print(*found), base::json::Mode::tolerant, {.bytes = 64 * 1024, .depth = 6});
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

bool save_agreement_template(store::Transaction& tx, const TrustId& trust, std::int64_t version, const AgreementText& text) {
  if (tx.run("UPDATE trust SET version = version + 1 WHERE id = $1 AND version = $2", trust, version) != 1) return false;
  auto settings = trust_settings(tx);
  const auto written = base::json::parse(base::json::write(text), {.bytes = 64 * 1024, .depth = 6});
  if (!written) return false;
  settings["agreement"] = *written;
  return tx.run("UPDATE trust SET settings = $2 WHERE id = $1", trust, base::json::print(settings)) == 1;
}

std::vector<AgreementVersionRow> agreement_versions(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group) {
  auto rows = tx.query("SELECT g.number, g.made_us, s.name, (SELECT COUNT(*) FROM agreement_acceptance a JOIN membership m "
                       "ON m.id = a.membership WHERE a.agreement = g.id AND " + std::string(kHere) + "), g.id, g.text_sealed "
                       "FROM group_agreement g JOIN staff s ON s.id = g.staff WHERE g.group_id = $1 ORDER BY g.number DESC LIMIT 50", group);
  std::vector<AgreementVersionRow> out;
  while (rows.next())
    out.push_back({.number = rows.integer(0), .madeAt = iso_text(rows.time(1)), .by = rows.text(2), .accepted = rows.integer(3),
                   .text = opened(tx, keys, rows.id<AgreementId>(4), rows.bytes(5))});
  return out;
}

std::optional<Acceptance> acceptance_of(store::Transaction& tx, const MembershipId& membership) {
  auto rows = tx.query("SELECT g.number, a.at_us, a.how, s.name FROM agreement_acceptance a JOIN group_agreement g ON g.id = a.agreement "
                       "JOIN membership m ON m.id = a.membership AND m.group_id = g.group_id LEFT JOIN staff s ON s.id = a.staff "
                       "WHERE a.membership = $1 ORDER BY g.number DESC LIMIT 1", membership);
  return rows.next() ? std::optional(accepted_at(rows, 0)) : std::nullopt;
}
std::optional<Acceptance> acceptance_of(store::Transaction& tx, const SupporterId& supporter) {
  auto rows = tx.query("SELECT g.number, a.at_us, a.how, s.name FROM supporter_agreement a JOIN group_agreement g ON g.id = a.agreement "
                       "LEFT JOIN staff s ON s.id = a.staff WHERE a.supporter = $1 ORDER BY g.number DESC LIMIT 1", supporter);
  return rows.next() ? std::optional(accepted_at(rows, 0)) : std::nullopt;
}

void accept_agreement(store::Transaction& tx, const AgreementId& agreement, const MembershipId& membership, HowAccepted how,
                      const std::optional<StaffId>& staff, base::WallTime now) {
  tx.run("INSERT INTO agreement_acceptance (agreement, membership, at_us, how, staff) VALUES ($1, $2, $3, $4, $5) "
         "ON CONFLICT (agreement, membership) DO NOTHING", agreement, membership, now, base::json::name_of(how), staff);
}
void accept_agreement(store::Transaction& tx, const AgreementId& agreement, const SupporterId& supporter, HowAccepted how,
                      const std::optional<StaffId>& staff, base::WallTime now) {
  tx.run("INSERT INTO supporter_agreement (agreement, supporter, at_us, how, staff) VALUES ($1, $2, $3, $4, $5) "
         "ON CONFLICT (agreement, supporter) DO NOTHING", agreement, supporter, now, base::json::name_of(how), staff);
}

std::vector<MembersAcceptance> acceptances_in(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group, base::WallTime now) {
  std::vector<MembersAcceptance> out;
  std::map<std::string, std::size_t, std::less<>> members;
  {
    auto rows = tx.query("SELECT m.id, m.alias_sealed, p.legal_name_sealed, p.preferred_name_sealed, m.person FROM membership m "
                         "JOIN person p ON p.id = m.person WHERE m.group_id = $1 AND " + std::string(kHere) + " ORDER BY m.seat", group);
    while (rows.next()) {
      MembersAcceptance each{.membership = rows.id<MembershipId>(0), .alias = {}, .name = {}, .accepted = {}, .supporters = {}, .person = rows.id<PersonId>(4)};
      if (auto alias = keys.open_maybe(tx, kAlias, each.membership.text, rows, 1)) each.alias = std::move(*alias);
      each.name.value = name_of_person(tx, keys, rows.text(4), rows, 2, 3);
      members[each.membership.text] = out.size();
      out.push_back(std::move(each));
    }
  }
  {
    auto rows = tx.query("SELECT a.membership, g.number, a.at_us, a.how, s.name FROM group_agreement g JOIN agreement_acceptance a "
                         "ON a.agreement = g.id LEFT JOIN staff s ON s.id = a.staff WHERE g.group_id = $1 ORDER BY g.number DESC", group);
    while (rows.next())
      if (const auto at = members.find(rows.text(0)); at != members.end()) out[at->second].accepted.push_back(accepted_at(rows, 1));
  }
  auto rows = tx.query("SELECT c.id, c.membership, c.kind, c.alias_sealed, g.number, a.at_us, a.how, s.name FROM supporter c "
                       "JOIN membership m ON m.id = c.membership LEFT JOIN supporter_agreement a ON a.supporter = c.id "
                       "LEFT JOIN group_agreement g ON g.id = a.agreement LEFT JOIN staff s ON s.id = a.staff "
                       "WHERE m.group_id = $1 AND (c.until_us IS NULL OR c.until_us > $2) ORDER BY c.seat, c.id, g.number DESC", group, now);
  while (rows.next()) {
    const auto at = members.find(rows.text(1));
    if (at == members.end()) continue;
    auto& all = out[at->second].supporters;
    if (all.empty() || all.back().supporter.text != rows.text(0)) {
      all.push_back({.supporter = rows.id<SupporterId>(0), .kind = rows.text(2), .alias = {}, .accepted = {}});
      if (auto alias = keys.open_maybe(tx, kSupporterAlias, rows.text(0), rows, 3)) all.back().alias = std::move(*alias);
    }
    if (!rows.null(4)) all.back().accepted.push_back(accepted_at(rows, 4));
  }
  return out;
}

std::optional<SupportersPlace> place_of_supporter(store::Transaction& tx, const SupporterId& supporter, base::WallTime now) {
  auto rows = tx.query("SELECT m.id, m.group_id, m.person FROM supporter c JOIN membership m ON m.id = c.membership WHERE c.id = $1 AND "
                       "(c.until_us IS NULL OR c.until_us > $2) AND " + std::string(kHere), supporter, now);
  if (!rows.next()) return std::nullopt;
  return SupportersPlace{.membership = rows.id<MembershipId>(0), .group = rows.id<GroupId>(1), .person = rows.id<PersonId>(2)};
}

}  // namespace care
