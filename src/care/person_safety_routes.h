// SPDX-License-Identifier: Apache-2.0
// GET /api/people/{person}/safety: what is agreed for when somebody is not safe, and whom to ring, from every preparation record of
// theirs that the actor may read; with broken glass also the place that they last said. It names no group, since whoever broke the
// glass may not know of one. Not here: breaking it (person_break_glass_routes). Handlers: any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_person_safety_routes(http::Site& site, Desk& desk);

}  // namespace care
