// SPDX-License-Identifier: Apache-2.0
// GET, PUT /api/memberships/{id}/preparation, POST …/preparation/finish, GET /api/groups/{id}/readiness. Facilitators of the group
// write; a team lead and the safety officer read with a reason; members have no route here. Handlers: any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_preparation_routes(http::Site& site, Desk& desk);

}  // namespace care
