// SPDX-License-Identifier: Apache-2.0
// /api/trust, /api/services, POST /api/teams and /api/teams/{team}: the trust's plan of itself, changed by administrators; a team's
// lead changes its duty number. Not here: the list of teams (team_routes.h), message templates (interop/). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_team_settings_routes(http::Site& site, Desk& desk);

// For routes about the trust's own settings: administrators alone, and no other role of that row of docs/access.md.
[[nodiscard]] OrAnswer<void> open_trust_settings(Call& call, Access access, const Subject& subject);

}  // namespace care
