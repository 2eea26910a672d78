// SPDX-License-Identifier: Apache-2.0
// See membership_table.h.
#include "care/membership_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "care/attendance_table.h"
#include "care/group.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr store::Column kAlias{"membership.alias"}, kDisguise{"membership.disguise"}, kNote{"membership_step.note"},
    kSupporterAlias{"supporter.alias"}, kLegalName{"person.legal_name"}, kPreferredName{"person.preferred_name"},
    kBirthDate{"person.birth_date"};

constexpr std::string_view kColumns =
    "SELECT m.id, m.version, m.group_id, g.name, m.person, m.state, m.reason, m.alias_sealed, m.disguise_sealed, m.changed_us, m.seat, "
    "p.legal_name_sealed, p.preferred_name_sealed FROM membership m JOIN therapy_group g ON g.id = m.group_id "
    "JOIN person p ON p.id = m.person ";

Disguise open_disguise(store::Transaction& tx, const store::KeyRing& keys, std::string_view id, const store::Rows& rows, int at) {
  const auto text = keys.open_maybe(tx, kDisguise, id, rows, at);
  if (!text) return {};
  const auto read = base::json::read<Disguise>(text->get(), base::json::Mode::tolerant);
  return read ? *read : Disguise{};
}

MembershipRow row_of(store::Transaction& tx, const store::KeyRing& keys, const store::Rows& rows) {
  MembershipRow r{.id = rows.id<MembershipId>(0), .version = rows.integer(1), .group = {rows.id<GroupId>(2), rows.text(3)},
                  .person = {}, .state = parse_membership_state(rows.text(5)), .reason = rows.text(6), .alias = {}, .disguise = {},
                  .since = iso_text(rows.time(9)), .steps = {}, .seat = static_cast<int>(rows.integer(10))};
  const auto person = rows.id<PersonId>(4);
  r.person.value = PersonRef{person, name_of_person(tx, keys, person.text, rows, 11, 12)};
  r.alias = keys.open_maybe(tx, kAlias, r.id.text, rows, 7).value_or(base::Redacted<std::string>{});
  r.disguise = open_disguise(tx, keys, r.id.text, rows, 8);
  return r;
}

// `which` is a condition on membership_step's column `membership`.
template <class... Values>
void add_steps(store::Transaction& tx, std::vector<MembershipRow>& to, std::string_view which, const Values&... values) {
  std::map<std::string, MembershipRow*, std::less<>> by_id;
  for (MembershipRow& r : to) by_id[r.id.text] = &r;
  auto rows = tx.query("SELECT p.membership, p.state, p.reason, p.at_us, s.name FROM membership_step p LEFT JOIN staff s ON s.id = p.staff "
                       "WHERE p.membership " + std::string(which) + " ORDER BY p.at_us, p.id", values...);
  while (rows.next()) {
    const auto at = by_id.find(rows.text(0));
    if (at == by_id.end()) continue;
    at->second->steps.push_back({parse_membership_state(rows.text(1)), rows.text(2), iso_text(rows.time(3)), rows.maybe_text(4).value_or("")});
  }
}

void insert_step(store::Transaction& tx, const std::string& id, const MembershipId& membership, MembershipState state, std::string_view reason,
                 const std::optional<store::Sealed>& note, const std::optional<StaffId>& staff, base::WallTime now) {
  tx.run("INSERT INTO membership_step (id, membership, state, reason, note_sealed, at_us, staff) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
         membership, base::json::name_of(state), reason, note, now, staff);
}

// Links and seats end with the membership; who is not in the group is in none of its rooms.
void shut_out(store::Transaction& tx, const MembershipId& id, base::WallTime now) {
  tx.run("DELETE FROM seat_pass WHERE (holder_kind = 'membership' AND holder = $1) OR (holder_kind = 'supporter' AND holder IN "
         "(SELECT id FROM supporter WHERE membership = $1))", id);
  tx.run("UPDATE personal_link SET withdrawn_us = $2 WHERE membership = $1 AND withdrawn_us IS NULL", id, now);
}

}  // namespace

namespace {

// "29 February 1980" of "1980-02-29"
std::string date_words(std::string_view iso) {
  static constexpr std::array<const char*, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
  const auto date = parse_local_date(iso);
  if (!date) return {};
  const std::string text = to_text(*date);
  return std::to_string(std::stoi(text.substr(8, 2))) + " " + kMonths[static_cast<std::size_t>(std::stoi(text.substr(5, 2)) - 1)] + " " + text.substr(0, 4);
}

}  // namespace

void tell_apart(store::Transaction& tx, const store::KeyRing& keys, const std::vector<NameOf>& list) {
  std::map<std::string, std::set<PersonId>, std::less<>> by_name;
  for (const NameOf& each : list) by_name[each.name->get()].insert(each.person);
  for (const NameOf& each : list) {
    const std::string name = each.name->get();
    if (const auto at = by_name.find(name); at == by_name.end() || at->second.size() < 2) continue;
    auto rows = tx.query("SELECT birth_date_sealed FROM person WHERE id = $1", each.person);
    const auto born = rows.next() ? keys.open_maybe(tx, kBirthDate, each.person.text, rows, 0) : std::nullopt;
    const std::string words = born ? date_words(born->get()) : std::string();
    *each.name = base::Redacted<std::string>(name + (words.empty() ? ", no date of birth" : ", born " + words));
  }
}

base::Redacted<std::string> name_of_person(store::Transaction& tx, const store::KeyRing& keys, std::string_view person,
                                           const store::Rows& rows, int legal, int preferred) {
  auto name = keys.open_maybe(tx, kPreferredName, person, rows, preferred);
  if (name && !name->get().empty()) return std::move(*name);
  return keys.open(tx, kLegalName, person, rows.bytes(legal));
}

std::optional<Where> where_of_person(store::Transaction& tx, const PersonId& person) {
  Where out;
  auto own = tx.query("SELECT team FROM person WHERE id = $1", person);
  if (!own.next()) return std::nullopt;
  out.person = person;
  out.teams.push_back(own.id<TeamId>(0));
  auto rows = tx.query("SELECT DISTINCT g.id, g.team FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1", person);
  while (rows.next()) {
    out.groups.push_back(rows.id<GroupId>(0));
    if (auto team = rows.id<TeamId>(1); std::ranges::find(out.teams, team) == out.teams.end()) out.teams.push_back(std::move(team));
  }
  return out;
}

Where where_of(const Membership& m) { return {.teams = {m.team}, .groups = {m.group}, .person = m.person, .staff = {}}; }

std::optional<Membership> load_membership(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id) {
  auto rows = tx.query("SELECT m.version, m.group_id, g.team, m.person, m.state, m.reason, m.alias_sealed, m.disguise_sealed, m.seat, "
                       "m.made_us, g.name FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.id = $1", id);
  if (!rows.next()) return std::nullopt;
  Membership m{.id = id, .version = rows.integer(0), .group = rows.id<GroupId>(1), .team = rows.id<TeamId>(2), .group_name = rows.text(10),
               .person = rows.id<PersonId>(3), .state = parse_membership_state(rows.text(4)), .reason = rows.text(5), .alias = {},
               .disguise = {}, .seat = static_cast<int>(rows.integer(8)), .made = rows.time(9)};
  m.alias = keys.open_maybe(tx, kAlias, id.text, rows, 6);
  m.disguise = open_disguise(tx, keys, id.text, rows, 7);
  return m;
}

bool is_in_group(store::Transaction& tx, const GroupId& group, const PersonId& person) {
  return tx.query("SELECT id FROM membership WHERE group_id = $1 AND person = $2 AND state IN ('referred', 'waiting', 'prepared', 'joined')",
                  group, person).next();
}

MembershipId refer(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const PersonId& person,
                   const std::optional<StaffId>& staff, base::WallTime now) {
  const auto id = base::new_id<MembershipId>(entropy, now);
  tx.run("INSERT INTO membership (id, version, group_id, person, state, reason, moved_to, alias_sealed, disguise_sealed, seat, made_us, "
         "changed_us) SELECT $1, 1, $2, $3, 'referred', '', NULL, NULL, NULL, COALESCE(MAX(seat) + 1, $4), $5, $5 FROM membership "
         "WHERE group_id = $2", id, group, person, kFirstMemberSeat, now);
  insert_step(tx, base::new_uuid(entropy, now), id, MembershipState::referred, "", std::nullopt, staff, now);
  return id;
}

bool save_step(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Membership& m, const Step& step,
               const std::optional<StaffId>& staff, base::WallTime now) {
  if (tx.run("UPDATE membership SET version = version + 1, state = $1, reason = $2, moved_to = $3, changed_us = $4 WHERE id = $5 AND version = $6",
             base::json::name_of(step.state), step.reason, step.moved_to, now, m.id, m.version) == 0)
    return false;
  const std::string id = base::new_uuid(entropy, now);
  std::optional<store::Sealed> note;
  if (!step.note.empty()) note = keys.seal(kNote, id, base::Redacted<std::string>(step.note));
  insert_step(tx, id, m.id, step.state, step.reason, note, staff, now);
  if (step.expected == Expected::from_now_on) expect_member(tx, entropy, m.group, m.id, now);
  if (step.expected == Expected::no_more) expect_no_more(tx, m.group, m.id, now);
  if (has_ended(step.state)) shut_out(tx, m.id, now);
  if (step.moved_to && !is_in_group(tx, *step.moved_to, m.person)) (void)refer(tx, entropy, *step.moved_to, m.person, staff, now);
  return true;
}

bool save_card(store::Transaction& tx, const store::KeyRing& keys, const Membership& m, const Card& card) {
  return tx.run("UPDATE membership SET version = version + 1, alias_sealed = $1, disguise_sealed = $2 WHERE id = $3 AND version = $4",
                keys.seal(kAlias, m.id.text, card.alias),
                keys.seal(kDisguise, m.id.text, base::Redacted<std::string>(base::json::write(card.disguise))), m.id, m.version) == 1;
}

std::vector<base::Redacted<std::string>> aliases_of_members(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group,
                                                             const PersonId& except) {
  std::vector<base::Redacted<std::string>> out;
  auto members = tx.query("SELECT id, alias_sealed FROM membership WHERE group_id = $1 AND person <> $2 AND alias_sealed IS NOT NULL", group, except);
  while (members.next()) out.push_back(keys.open(tx, kAlias, members.text(0), members.bytes(1)));
  auto supporters = tx.query("SELECT s.id, s.alias_sealed FROM supporter s JOIN membership m ON m.id = s.membership WHERE m.group_id = $1 "
                             "AND s.alias_sealed IS NOT NULL", group);
  while (supporters.next()) out.push_back(keys.open(tx, kSupporterAlias, supporters.text(0), supporters.bytes(1)));
  return out;
}
std::vector<base::Redacted<std::string>> aliases_of_facilitators(store::Transaction& tx, const GroupId& group) {
  std::vector<base::Redacted<std::string>> out;
  auto rows = tx.query("SELECT alias FROM group_facilitator WHERE group_id = $1", group);
  while (rows.next()) out.emplace_back(rows.text(0));
  return out;
}

std::vector<MembershipRow> members_of(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group, std::int64_t after,
                                      std::int64_t limit) {
  std::vector<MembershipRow> out;
  auto rows = tx.query(std::string(kColumns) + "WHERE m.group_id = $1 AND m.seat > $2 ORDER BY m.seat LIMIT $3", group, after, limit);
  while (rows.next()) out.push_back(row_of(tx, keys, rows));
  add_steps(tx, out, "IN (SELECT id FROM membership WHERE group_id = $1 AND seat > $2 ORDER BY seat LIMIT $3)", group, after, limit);
  return out;
}

std::optional<MembershipRow> membership_row(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id) {
  std::vector<MembershipRow> out;
  auto rows = tx.query(std::string(kColumns) + "WHERE m.id = $1", id);
  if (rows.next()) out.push_back(row_of(tx, keys, rows));
  add_steps(tx, out, "= $1", id);
  return out.empty() ? std::nullopt : std::optional(std::move(out[0]));
}

std::vector<MembershipRow> memberships_of(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person) {
  std::vector<MembershipRow> out;
  auto rows = tx.query(std::string(kColumns) + "WHERE m.person = $1 ORDER BY m.made_us DESC, m.id DESC", person);
  while (rows.next()) out.push_back(row_of(tx, keys, rows));
  add_steps(tx, out, "IN (SELECT id FROM membership WHERE person = $1)", person);
  return out;
}

}  // namespace care
