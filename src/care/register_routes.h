// SPDX-License-Identifier: Apache-2.0
// A session's register over HTTP, and marking or correcting one row of it. Not here: what the call fills in
// (attendance_table.h). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_register_routes(http::Site& site, Desk& desk);

}  // namespace care
