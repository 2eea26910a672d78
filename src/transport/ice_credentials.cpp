// SPDX-License-Identifier: Apache-2.0
// Draws ICE credentials: ice-char has 64 values (RFC 8839 section 5.4), so six random bits are one character without
// bias.
#include "transport/ice_credentials.h"

#include <vector>

namespace transport {
namespace {

std::string random_ice_chars(std::size_t size, base::Entropy& entropy) {
  constexpr std::string_view kIceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes(size);
  entropy.fill(bytes);
  std::string out;
  for (const auto byte : bytes) out += kIceChars[byte & 63];
  return out;
}

}  // namespace

IceCredentials make_ice_credentials(base::Entropy& entropy) {
  auto ufrag = random_ice_chars(8, entropy);
  return {std::move(ufrag), base::Redacted(random_ice_chars(24, entropy))};
}

}  // namespace transport
