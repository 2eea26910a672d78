// SPDX-License-Identifier: Apache-2.0
// What signed-in staff see and change of themselves: who they are (/api/me), their sign-ins, their password; and a new account's
// first password by its one-time link (/api/sign-in/set-up). Not here: signing in (sign_in_routes), other people's accounts
// (staff_routes). Any thread.
#pragma once
#include "identity/office_routes.h"

namespace identity {

// `office` outlives the site.
void add_own_account_routes(http::Site& site, Office& office);

}  // namespace identity
