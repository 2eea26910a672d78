// SPDX-License-Identifier: Apache-2.0
// Signing in and out with an e-mail address, a password and a second factor (/api/sign-in…, /api/sign-out). An unknown address,
// a wrong password and an account without one get the same answer after the same work. Not here: the provider
// (provider_routes), one's own account (own_account_routes), other people's (staff_routes). Any thread.
#pragma once
#include "identity/office_routes.h"

namespace identity {

// What the trust's provider is called and where it begins; nothing where there is none.
struct ProviderWay {
  std::string name, start;
  static constexpr auto fields() { return std::tuple{base::json::field("name", &ProviderWay::name), base::json::field("start", &ProviderWay::start)}; }
};

// `office` outlives the site.
void add_sign_in_routes(http::Site& site, Office& office, std::optional<ProviderWay> provider);

}  // namespace identity
