// SPDX-License-Identifier: Apache-2.0
// How long what is kept, as staff see it: the periods, what goes on which day, what went, and (a team's lead) whose records will go.
// An administrator changes the periods. Not here: holds (duties_routes), the daily run (retention_table). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_retention_routes(http::Site& site, Desk& desk);

}  // namespace care
