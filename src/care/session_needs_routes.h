// SPDX-License-Identifier: Apache-2.0
// What somebody of a session needs, in the words written of it: for facilitators in the room, one person at a time, each reading on
// record. The booking card says the kinds alone. Not here: changing them (person_routes.h). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_session_needs_routes(http::Site& site, Desk& desk);

}  // namespace care
