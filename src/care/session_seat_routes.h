// SPDX-License-Identifier: Apache-2.0
// A facilitator's own seat in the room of a session, and how the secret of any seat pass is made. Not here: members' and
// supporters' seats (behind their links), admission to the room. Invariant: a facilitator's seat opens from a signed-in account
// alone, and only to who facilitates that group. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "care/session_pass_table.h"

namespace care {

void add_session_seat_routes(http::Site& site, Desk& desk);

[[nodiscard]] PassHash hash_pass(const base::Redacted<std::string>& link);
// Saves a fresh pass and gives its secret, which is nowhere else: 43 characters of base64url, for /join#link.
[[nodiscard]] base::Redacted<std::string> make_pass(store::Transaction& tx, base::Entropy& entropy, const NewPass& pass);

}  // namespace care
