// SPDX-License-Identifier: Apache-2.0
// POST /api/people/{person}/export: a copy of everything of one person, for them, made by the lead of their team with a reason on
// record. Not here: what is in it (person_export_table). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace interop {

void add_person_export_routes(http::Site& site, care::Desk& desk);

}  // namespace interop
