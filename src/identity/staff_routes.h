// SPDX-License-Identifier: Apache-2.0
// Accounts of staff as administrators make and change them: POST /api/staff, GET and PUT /api/staff/{id}, a one-time set-up link,
// ending somebody's sign-ins. Not here: the list of staff (care), one's own account (own_account_routes). Any thread.
#pragma once
#include "care/desk_routes.h"
#include "identity/office_routes.h"

namespace identity {

// `office` outlives the site.
void add_staff_routes(http::Site& site, care::Desk& desk, Office& office);
// "https://…/staff/set-up#SECRET", or the path alone where the address is not known.
[[nodiscard]] std::string set_up_address(const OfficeSettings& settings, std::string_view secret);

}  // namespace identity
