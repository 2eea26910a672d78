// SPDX-License-Identifier: Apache-2.0
// The address to join by of a session on other software, read and set by whoever may write the group's plan. Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_session_joining_routes(http::Site& site, Desk& desk);

}  // namespace care
