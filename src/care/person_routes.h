// SPDX-License-Identifier: Apache-2.0
// /api/people: search, a new person, a person's record as far as the actor may see it, changes of identity and of needs, and the
// person's own answers about protected characteristics. Not here: breaking the glass (person_break_glass_routes.h). Invariant: who
// may not know of a person is told that there is nothing. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "care/person_table.h"

namespace care {

void add_person_routes(http::Site& site, Desk& desk);
void add_person_search_routes(http::Site& site, Desk& desk);
void add_person_protected_routes(http::Site& site, Desk& desk);

// Call::open, but 404 where the actor may read neither identity nor needs of the person, and 403 only where they may.
[[nodiscard]] OrAnswer<Verdict> open_person(Call& call, Data data, Access access, const PersonPlace& place);
// The person that the path names; 404 where there is none.
[[nodiscard]] OrAnswer<PersonPlace> person_of_path(Call& call);
// 412: another was quicker.
[[nodiscard]] http::Response changed_meanwhile();

}  // namespace care
