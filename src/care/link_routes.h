// SPDX-License-Identifier: Apache-2.0
// Personal links over HTTP: staff make and withdraw them, whoever holds one says the two things it asks and gets a visit.
// Not here: what a visit sees (mine_routes), sending links (interop/). Invariant: before the answers are right nothing leaves
// but which two things are asked and the team's number; what is fetched changes nothing. Any thread.
#pragma once
#include <functional>

#include "care/desk_routes.h"
#include "care/link_table.h"

namespace care {

[[nodiscard]] SecretHash hash_secret(std::string_view secret);
[[nodiscard]] base::Redacted<std::string> new_secret(base::Entropy& entropy);

// What needs no actor stands before the desk, and so brings its own way to the database.
struct LinkDoor {
  store::Pool& pool;
  const store::KeyRing& keys;
  base::Entropy& entropy;
  // In the transaction that takes a link back: what still waits to carry it must not (interop's, which care does not know).
  std::function<void(store::Transaction&, const MembershipId&, const SupporterId&)> taken_back{};
};

// POST and DELETE /api/memberships/{id}/link; POST /api/links/look, /api/links/confirm. `door` outlives the site.
void add_link_routes(http::Site& site, Desk& desk, const LinkDoor& door);

}  // namespace care
