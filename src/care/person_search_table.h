// SPDX-License-Identifier: Apache-2.0
// The search terms of people as blind indexes, and the search itself: rows are limited to the actor's reach in SQL, so that nobody
// outside it is ever opened. Ordered by when the record was made, since sealed names do not sort. Not here: what the terms are
// (person_search.h), auditing. Thread rule: that of the transaction.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "care/actor.h"
#include "care/person_search.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

[[nodiscard]] store::BlindIndex blind(const store::KeyRing& keys, const SearchTerm& term);
// Writes the person's terms, in place of those that stood there.
void index_person(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const Identity& identity);

// Whom an actor may find: the people of the teams that they lead, by their own team or by that of a group they are in, and of the
// groups that they facilitate (docs/access.md, "legal name, contacts, NHS number").
struct Searcher {
  bool every_team = false;
  std::vector<TeamId> teams;
  std::vector<GroupId> groups;
  // A term that so many have is common: going through the people of a reach is quicker than through all who have it.
  std::int64_t common_from = 300;
  [[nodiscard]] bool nobody() const { return !every_team && teams.empty() && groups.empty(); }
};
[[nodiscard]] Searcher searcher_of(const Actor& actor);
// Ids as one text, for `$1 LIKE '%' || column || '%'`: lists are not the same SQL on both engines.
template <class Id>
[[nodiscard]] std::string joined(const std::vector<Id>& ids) {
  std::string out;
  for (const Id& id : ids) out += id.text + ' ';
  return out;
}

struct GroupOfPerson {
  GroupId id;
  std::string name, state;
  TeamId team;  // the group's; not said
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("id", &GroupOfPerson::id), field("name", &GroupOfPerson::name), field("state", &GroupOfPerson::state));
  }
};
struct PersonRow {
  PersonId id;
  Personal name, legal_name;
  base::json::Nullable<Personal> birth_date, nhs_number;
  TeamId team;
  std::vector<GroupOfPerson> groups;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("id", &PersonRow::id), field("name", &PersonRow::name), field("legalName", &PersonRow::legal_name),
                      field("birthDate", &PersonRow::birth_date), field("nhsNumber", &PersonRow::nhs_number),
                      field("team", &PersonRow::team), field("groups", &PersonRow::groups));
  }
};

struct FoundPeople {
  std::vector<PersonRow> rows;  // with every group of theirs: the caller leaves out what the actor may not know
  std::string next;             // where to go on; empty: that was all
};
// `after` is empty, or what `next` was.
[[nodiscard]] FoundPeople search_people(store::Transaction& tx, const store::KeyRing& keys, const SearchWays& ways, const Searcher& by,
                                        std::string_view after, std::int64_t limit);
// Who has exactly this term, wherever they belong: for breaking the glass alone. At most ten.
[[nodiscard]] std::vector<PersonId> people_with(store::Transaction& tx, const store::KeyRing& keys, const SearchTerm& term);
// Opens one row. The team alone where the person is gone.
[[nodiscard]] PersonRow load_person_row(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id);

}  // namespace care
