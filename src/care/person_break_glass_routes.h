// SPDX-License-Identifier: Apache-2.0
// Breaking the glass: a clinician outside a person's groups finds them by what they must know exactly, opens identity, safety plan
// and place for an hour with a reason in their own words, and the leads of the person's team see it. Not here: what the open
// glass shows (person_routes, access.h); the message to the lead (a later outbox reads break_glass.lead_told_us). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_person_break_glass_routes(http::Site& site, Desk& desk);

inline constexpr base::Duration kGlassStaysOpen = base::Duration::seconds(60 * 60);

}  // namespace care
