// SPDX-License-Identifier: Apache-2.0
// Sign-in through the trust's OpenID Connect provider: /api/sign-in/provider sends the browser there, /api/sign-in/provider/back
// takes it back, exchanges the code, checks the ID token and begins a sign-in. The account is found by issuer and subject; the
// first time by a verified e-mail address of an account that an administrator made. The provider is trusted for the second factor.
// With ?again a page waits behind its lock: the provider asks anew who it is, and the sign-in that was locked is opened, for the same
// person alone.
// Not here: claims and signatures (provider, id_token), sockets. A failure goes back to the sign-in page as ?problem=…
// Any thread; the back route blocks while it asks the provider.
#pragma once
#include <mutex>

#include "http/outbound.h"
#include "identity/office_routes.h"
#include "identity/provider.h"

namespace identity {

// The provider's documents, kept for an hour; keys are fetched again for a token that none of them made, once a minute at most.
class Provider {
 public:
  Provider(ProviderSettings settings, http::Outbound& outbound) : settings_(std::move(settings)), outbound_(outbound) {}
  [[nodiscard]] const ProviderSettings& settings() const { return settings_; }
  [[nodiscard]] base::Result<Discovery, ProviderFault> discovery(base::WallTime now);
  // The code for who signed in; `shown` as read_claims has it.
  [[nodiscard]] base::Result<Identity, ProviderFault> exchange(std::string_view code, const Binding& binding, std::string_view assertion_id,
                                                               const Shown& shown, base::WallTime now);

 private:
  struct Kept {
    std::string text;
    base::WallTime at;
  };
  [[nodiscard]] base::Result<std::string, ProviderFault> fetch(const std::string& url);
  [[nodiscard]] base::Result<std::string, ProviderFault> keys(const std::string& url, bool fresh, base::WallTime now);
  [[nodiscard]] base::Result<std::string, ProviderFault> payload(const std::string& token, const std::string& url, base::WallTime now);
  ProviderSettings settings_;
  http::Outbound& outbound_;
  std::mutex mutex_;
  std::optional<Kept> discovery_, keys_;
  std::optional<base::WallTime> fetched_again_;  // for a token that none of the keys made
};

// Both outlive the site.
void add_provider_routes(http::Site& site, Office& office, Provider& provider);
inline constexpr std::string_view kProviderStart = "/api/sign-in/provider", kProviderBack = "/api/sign-in/provider/back";

}  // namespace identity
