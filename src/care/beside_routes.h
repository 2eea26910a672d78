// SPDX-License-Identifier: Apache-2.0
// One register for everybody, live: POST /api/arrival/beside: who is expected or came, and in which way; …/beside/mark: a facilitator
// in the room marks who came into the building, is on the phone, or has gone. With a facilitator's link of the day: by seat and alias,
// no name leaves. Not here: corrections afterwards (register_routes), what the call fills in. Handlers: any thread.
#pragma once
#include "care/day_link_routes.h"

namespace care {

void add_beside_routes(http::Site& site, const DayDesk& desk);

}  // namespace care
