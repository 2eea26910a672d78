// SPDX-License-Identifier: Apache-2.0
// See person_membership_table.h.
#include "care/person_membership_table.h"

#include "care/person_search_table.h"

namespace care {
namespace {

constexpr store::Column kAlias{"membership.alias"}, kDisguise{"membership.disguise"};

boost::json::value disguise_of(store::Transaction& tx, const store::KeyRing& keys, std::string_view id, const store::Rows& rows, int at,
                               bool shown) {
  const auto text = shown ? keys.open_maybe(tx, kDisguise, id, rows, at) : std::nullopt;
  if (text && tx.ok())
    if (auto read = base::json::parse(text->get(), {})) return std::move(*read);
  return {{"picture", "none"}, {"voice", "none"}};
}

boost::json::array steps_of(store::Transaction& tx, std::string_view membership) {
  boost::json::array out;
  store::Rows rows = tx.query(
      "SELECT t.state, t.reason, t.at_us, s.name FROM membership_step t LEFT JOIN staff s ON s.id = t.staff WHERE t.membership = $1 "
      "ORDER BY t.at_us, t.id", membership);
  while (rows.next())
    out.push_back({{"state", rows.text(0)}, {"reason", rows.text(1)}, {"at", utc_text(rows.time(2))}, {"by", rows.maybe_text(3).value_or("")}});
  return out;
}

}  // namespace

VisibleMemberships visible_memberships(store::Transaction& tx, const store::KeyRing& keys, const Actor& actor, const PersonPlace& person) {
  VisibleMemberships out;
  const PersonId& id = person.where.person;
  std::optional<Personal> name;  // opened where it is shown
  store::Rows rows = tx.query(
      "SELECT m.id, m.version, g.id, g.name, g.team, m.state, m.reason, m.alias_sealed, m.disguise_sealed, m.made_us "
      "FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1 ORDER BY m.made_us DESC, m.id DESC", id);
  while (rows.next()) {
    const Where where{.teams = {person.team, rows.id<TeamId>(4)}, .groups = {rows.id<GroupId>(2)}, .person = id, .staff = {}};
    if (!may(actor, Data::membership, Access::read, where).allowed) continue;
    const bool card = may(actor, Data::booking_card, Access::read, where).allowed;
    const bool named = may(actor, Data::identity, Access::read, where).allowed;
    if (named && !name) name = load_person_row(tx, keys, id).name;
    const std::string membership = rows.text(0);
    const auto alias = card ? keys.open_maybe(tx, kAlias, membership, rows, 7).value_or(Personal{}) : Personal{};
    out.rows.push_back({{"id", membership},
                        {"version", rows.integer(1)},
                        {"group", {{"id", rows.text(2)}, {"name", rows.text(3)}}},
                        {"person", named ? boost::json::value{{"id", id.text}, {"name", name->get()}} : boost::json::value(nullptr)},
                        {"state", rows.text(5)},
                        {"reason", rows.text(6)},
                        {"alias", alias.get()},
                        {"disguise", disguise_of(tx, keys, membership, rows, 8, card)},
                        {"since", utc_text(rows.time(9))},
                        {"steps", steps_of(tx, membership)}});
    if (out.where.teams.empty()) out.where = where;
  }
  return out;
}

}  // namespace care
