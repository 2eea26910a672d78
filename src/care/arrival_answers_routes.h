// SPDX-License-Identifier: Apache-2.0
// With the link of the day, before and beside a call: POST /api/arrival: what to ask the person (is there an address to be at home
// at, the agreement where it is new); …/place: where they are; …/agreement: that they accept it; and for a
// facilitator's link …/places: who has said, and, for the demonstration alone, …/places/open. A link travels in the body. What
// somebody answers about being alone goes from browser to browser, never here. Handlers: any thread.
#pragma once
#include "care/day_link_routes.h"

namespace care {

void add_arrival_answers_routes(http::Site& site, const DayDesk& house);

}  // namespace care
