// SPDX-License-Identifier: Apache-2.0
// /api/trust, /api/services, POST /api/teams and /api/teams/{team}: the trust's plan of itself, changed by administrators; a team's
// lead changes its duty number. Not here: the list of teams (team_routes.h), message templates (interop/). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_team_settings_routes(http::Site& site, Desk& desk);

}  // namespace care
