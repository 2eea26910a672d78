// SPDX-License-Identifier: Apache-2.0
// Base64url without padding (RFC 4648 section 5), by libsodium. Decoding is strict: no other character, no bits left over. And
// base64 with padding (section 4), for what others read so.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace crypto {

[[nodiscard]] std::string to_base64url(base::Bytes bytes);
[[nodiscard]] std::string to_base64(base::Bytes bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

}  // namespace crypto
