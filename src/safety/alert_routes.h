// SPDX-License-Identifier: Apache-2.0
// Alerts over HTTP, for staff who signed in: GET /api/alerts; POST /api/sessions/{session}/alerts: one is raised from the register;
// GET /api/alerts/{alert}, …/holder, …/close. Seen by that team's leads and the group's facilitators alone, whatever the row "incidents"
// of the access table lets others read. Not here: raising one from a seat in the call (alert_seat_routes), the place itself
// (care/today_place_routes, which holds_alert opens). Handlers: any thread.
#pragma once
#include "care/desk_routes.h"

namespace safety {

void add_alert_routes(http::Site& site, care::Desk& desk);

}  // namespace safety
