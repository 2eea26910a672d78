// SPDX-License-Identifier: Apache-2.0
// See person_search_table.h.
#include "care/person_search_table.h"

#include <algorithm>
#include <array>

namespace care {
namespace {

constexpr store::Column kLegalName{"person.legal_name"}, kPreferredName{"person.preferred_name"}, kNhsNumber{"person.nhs_number"},
    kBirthDate{"person.birth_date"};

void add_id(std::string& to, const std::string& id) {
  if (!to.empty()) to += ' ';
  to += id;
}

// One row more than `limit`, to know whether there is another page. Where there are fewer than four terms the first stands again.
// Teams and groups come as one text each, since both engines know LIKE and not one another's lists.
std::vector<PersonId> ids_of(store::Transaction& tx, const store::KeyRing& keys, const std::vector<SearchTerm>& way,
                             const Searcher& by, std::string_view after, std::int64_t limit) {
  std::array<store::BlindIndex, kMostTerms> terms{};
  for (std::size_t i = 0; i < kMostTerms; ++i) terms[i] = blind(keys, way[i < way.size() ? i : 0]);
  store::Rows rows = tx.query(
      "SELECT s.person FROM person_search s WHERE s.token = $1 AND s.person > $2 "
      "AND EXISTS (SELECT 1 FROM person_search b WHERE b.token = $3 AND b.person = s.person) "
      "AND EXISTS (SELECT 1 FROM person_search c WHERE c.token = $4 AND c.person = s.person) "
      "AND EXISTS (SELECT 1 FROM person_search d WHERE d.token = $5 AND d.person = s.person) "
      "AND ($6 = 1 OR EXISTS (SELECT 1 FROM person p WHERE p.id = s.person AND $7 LIKE '%' || p.team || '%') "
      "OR EXISTS (SELECT 1 FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = s.person "
      "AND ($8 LIKE '%' || g.id || '%' OR $7 LIKE '%' || g.team || '%'))) "
      "ORDER BY s.person LIMIT $9",
      terms[0], after, terms[1], terms[2], terms[3], by.every_team, by.teams, by.groups, limit + 1);
  std::vector<PersonId> out;
  while (rows.next()) out.push_back(rows.id<PersonId>(0));
  return out;
}

}  // namespace

store::BlindIndex blind(const store::KeyRing& keys, const SearchTerm& term) { return keys.blind(term.domain, term.text.get()); }

void index_person(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const Identity& identity) {
  tx.run("DELETE FROM person_search WHERE person = $1", id);
  for (const SearchTerm& term : terms_of(identity))
    tx.run("INSERT INTO person_search (token, person) VALUES ($1, $2)", blind(keys, term), id);
}

Searcher searcher_of(const Actor& actor) {
  Searcher out;
  if (actor.kind != Actor::Kind::staff) return out;
  for (const Standing& s : actor.standings) {
    if (s.role != Role::team_lead) continue;
    if (s.team.empty()) {
      out.every_team = true;
    } else {
      add_id(out.teams, s.team.text);
    }
  }
  if (actor.has(Role::facilitator))
    for (const GroupId& g : actor.facilitates) add_id(out.groups, g.text);
  return out;
}

FoundPeople search_people(store::Transaction& tx, const store::KeyRing& keys, const SearchWays& ways, const Searcher& by,
                          std::string_view after, std::int64_t limit) {
  FoundPeople out;
  if (by.nobody()) return out;
  // A page after the first goes on in the way that the first found people by: "1 0198…".
  std::size_t way = 0;
  if (after.size() > 2) {
    way = static_cast<std::size_t>(after[0] - '0');
    after.remove_prefix(2);
  }
  std::vector<PersonId> ids;
  for (; way < ways.ways.size(); ++way) {
    ids = ids_of(tx, keys, ways.ways[way], by, after, limit);
    if (!ids.empty() || !after.empty()) break;
  }
  if (std::cmp_greater(ids.size(), limit)) {
    ids.resize(static_cast<std::size_t>(limit));
    out.next = std::to_string(way) + " " + ids.back().text;
  }
  for (const PersonId& id : ids) out.rows.push_back(load_person_row(tx, keys, id));
  return out;
}

std::vector<PersonId> people_with(store::Transaction& tx, const store::KeyRing& keys, const SearchTerm& term) {
  store::Rows rows = tx.query("SELECT person FROM person_search WHERE token = $1 ORDER BY person LIMIT 10", blind(keys, term));
  std::vector<PersonId> out;
  while (rows.next()) out.push_back(rows.id<PersonId>(0));
  return out;
}

PersonRow load_person_row(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id) {
  PersonRow out;
  {
    store::Rows rows = tx.query(
        "SELECT team, legal_name_sealed, preferred_name_sealed, birth_date_sealed, nhs_number_sealed FROM person WHERE id = $1", id);
    if (!rows.next()) return out;
    out.id = id;
    out.team = rows.id<TeamId>(0);
    out.legal_name = keys.open(tx, kLegalName, id.text, rows.bytes(1));
    out.name = called(out.legal_name, keys.open_maybe(tx, kPreferredName, id.text, rows, 2).value_or(Personal{}));
    out.birth_date.value = keys.open_maybe(tx, kBirthDate, id.text, rows, 3);
    out.nhs_number.value = keys.open_maybe(tx, kNhsNumber, id.text, rows, 4);
  }
  store::Rows groups = tx.query(
      "SELECT g.id, g.name, m.state, g.team FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1 ORDER BY m.id", id);
  while (groups.next()) out.groups.push_back({.id = groups.id<GroupId>(0), .name = groups.text(1), .state = groups.text(2), .team = groups.id<TeamId>(3)});
  return out;
}

}  // namespace care
