// SPDX-License-Identifier: Apache-2.0
// Who stands behind a request of the service: staff by the cookie of a sign-in that is open, a member or supporter by
// "Authorization: Visit <secret>" of a link that they confirmed; everybody else is asked to sign in. Roles, groups and
// break-glass are read anew for each request, so that what was taken away is gone at once. Not here: signing in.
// A request with the header "Quietroom-Background: 1" (a page that looks by itself) does not keep a sign-in awake.
#pragma once
#include "care/desk_routes.h"
#include "identity/office_routes.h"

namespace identity {

// `office` outlives it. Any thread.
[[nodiscard]] care::Doorkeeper make_doorkeeper(Office& office);

}  // namespace identity
