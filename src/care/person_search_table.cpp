// SPDX-License-Identifier: Apache-2.0
// See person_search_table.h.
#include "care/person_search_table.h"

#include <algorithm>
#include <array>

namespace care {
namespace {

constexpr store::Column kLegalName{"person.legal_name"}, kPreferredName{"person.preferred_name"}, kNhsNumber{"person.nhs_number"},
    kBirthDate{"person.birth_date"};

using Terms = std::array<store::BlindIndex, kMostTerms>;

// Where there are fewer than four terms the first stands again.
Terms terms_of_way(const store::KeyRing& keys, const std::vector<SearchTerm>& way) {
  Terms out{};
  for (std::size_t i = 0; i < kMostTerms; ++i) out[i] = blind(keys, way[i < way.size() ? i : 0]);
  return out;
}
// With every term ($1 to $4), after person $5.
std::string having_all(const std::string& column) {
  std::string sql = column + " > $5";
  for (const char* term : {"$1", "$2", "$3", "$4"})
    sql += " AND EXISTS (SELECT 1 FROM person_search t WHERE t.token = " + std::string(term) + " AND t.person = " + column + ")";
  return sql;
}
const std::string kByTerm = "SELECT s.person FROM person_search s WHERE s.token = $1 AND " + having_all("s.person");
const std::string kOfTeam = "SELECT p.id FROM person p WHERE p.team = $6 AND " + having_all("p.id") + " ORDER BY p.id LIMIT $7";
const std::string kOfGroupsOfTeam = "SELECT DISTINCT m.person FROM therapy_group g JOIN membership m ON m.group_id = g.id WHERE g.team = $6 AND " +
                                    having_all("m.person") + " ORDER BY m.person LIMIT $7";
const std::string kOfGroup = "SELECT DISTINCT m.person FROM membership m WHERE m.group_id = $6 AND " + having_all("m.person") +
                             " ORDER BY m.person LIMIT $7";

template <class... Values>
void add_ids(std::vector<PersonId>& out, store::Transaction& tx, const std::string& sql, const Terms& t, std::string_view after,
             const Values&... values) {
  store::Rows rows = tx.query(sql, t[0], t[1], t[2], t[3], after, values...);
  while (rows.next()) out.push_back(rows.id<PersonId>(0));
}

bool is_common(store::Transaction& tx, const store::BlindIndex& term, std::int64_t from) {
  store::Rows rows = tx.query("SELECT COUNT(*) FROM (SELECT 1 AS one FROM person_search WHERE token = $1 LIMIT $2) AS seen", term, from);
  return rows.next() && rows.integer(0) >= from;
}

// In order, at most `limit`.
std::vector<PersonId> ids_of(store::Transaction& tx, const store::KeyRing& keys, const std::vector<SearchTerm>& way,
                             const Searcher& by, std::string_view after, std::int64_t limit) {
  const Terms terms = terms_of_way(keys, way);
  std::vector<PersonId> out;
  if (by.every_team) {
    add_ids(out, tx, kByTerm + " ORDER BY s.person LIMIT $6", terms, after, limit);
  } else if (!is_common(tx, terms[0], by.common_from)) {
    add_ids(out, tx, kByTerm + " AND (EXISTS (SELECT 1 FROM person p WHERE p.id = s.person AND $6 LIKE '%' || p.team || '%') "
                               "OR EXISTS (SELECT 1 FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = s.person "
                               "AND ($7 LIKE '%' || g.id || '%' OR $6 LIKE '%' || g.team || '%'))) ORDER BY s.person LIMIT $8",
            terms, after, joined(by.teams), joined(by.groups), limit);
  } else {
    for (const TeamId& team : by.teams) {
      add_ids(out, tx, kOfTeam, terms, after, team, limit);
      add_ids(out, tx, kOfGroupsOfTeam, terms, after, team, limit);
    }
    for (const GroupId& group : by.groups) add_ids(out, tx, kOfGroup, terms, after, group, limit);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    out.resize(std::min(out.size(), static_cast<std::size_t>(limit)));
  }
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
      out.teams.push_back(s.team);
    }
  }
  if (actor.has(Role::facilitator)) out.groups = actor.facilitates;
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
    ids = ids_of(tx, keys, ways.ways[way], by, after, limit + 1);  // one more: is there another page?
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
