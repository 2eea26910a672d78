// SPDX-License-Identifier: Apache-2.0
// See relay.h.
#include "call/relay.h"

#include <fmt/format.h>

#include <array>

#include "crypto/base64url.h"
#include "crypto/hmac.h"

namespace call {

Relay open_relay(const UseRelay& relay, base::WallTime now, base::Entropy& entropy) {
  std::array<std::uint8_t, 12> drawn{};
  entropy.fill(drawn);
  const std::string username = fmt::format("{}:{}", (now.us + kRelayOpenFor.us) / 1'000'000, crypto::to_base64url(drawn));
  const auto tag = crypto::hmac_sha1(base::as_bytes(relay.secret.get()), base::as_bytes(username));
  return {.urls = {relay.uri}, .username = base::Redacted(username), .credential = base::Redacted(crypto::to_base64(tag))};
}

}  // namespace call
