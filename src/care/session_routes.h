// SPDX-License-Identifier: Apache-2.0
// Series and sessions over HTTP: looking at a series before it is made, making it, listing, moving, cancelling; and /api/today.
// Not here: the register (register_routes.h), seats (session_seat_routes.h). Any thread.
#pragma once
#include "care/desk_routes.h"
#include "care/session_table.h"

namespace care {

void add_session_routes(http::Site& site, Desk& desk);
// A session of a group that the actor may know of, with its place; 404 or 403 else.
[[nodiscard]] OrAnswer<SessionPlace> open_session(Call& call, Data data, Access access);
[[nodiscard]] Where where_of(const SessionPlace& place);
// The {seat} of /api/sessions/{session}/…/{seat}; nothing where it is no number.
[[nodiscard]] std::optional<std::int64_t> seat_of_path(const Call& call);

}  // namespace care
