// SPDX-License-Identifier: Apache-2.0
// Alerts from a seat in the call, with the link of the day: POST /api/arrival/alert raises one: a facilitator's link about anybody of
// that session, a member's or supporter's that they need help themselves; POST /api/arrival/alerts: those that are open, for facilitators. By seat
// and alias: no name leaves. Not here: holding and closing them (alert_routes: a signed-in account alone). Handlers: any thread.
#pragma once
#include "care/day_link_routes.h"

namespace safety {

void add_alert_seat_routes(http::Site& site, const care::DayDesk& desk);

}  // namespace safety
