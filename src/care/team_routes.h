// SPDX-License-Identifier: Apache-2.0
// GET /api/teams and GET /api/staff, as far as the actor reaches. Not here: changing accounts and roles (identity/). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_team_routes(http::Site& site, Desk& desk);

}  // namespace care
