// SPDX-License-Identifier: Apache-2.0
// Who is in a group: the list, a referral, a step, the name and disguise in the room. Whoever may write a group's plan may
// change who is a member of it (docs/access.md). Not here: preparation, links. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "care/membership_table.h"

namespace care {

void add_membership_routes(http::Site& site, Desk& desk);

// Leaves out what the actor may not see of a person in a group: the name, and the alias and disguise. Notes the read in the audit
// trail for that person.
void show_allowed(Call& call, const Where& group, const Subject& subject, base::json::Nullable<PersonRef>& person,
                  base::Redacted<std::string>& alias, Disguise* disguise);

}  // namespace care
