// SPDX-License-Identifier: Apache-2.0
// Time-based one-time passwords (RFC 6238, on RFC 4226): HMAC-SHA-1, six digits, steps of 30 seconds, as every authenticator app
// has them; and the address that a QR code carries to one. A code works once, and one step early or late (RFC 6238 section 5.2).
// Not here: where the secret is kept, how often one may try. Pure; time is a parameter. Any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/instant.h"

namespace identity {

using TotpSecret = std::array<std::uint8_t, 20>;

[[nodiscard]] std::string to_base32(base::Bytes bytes);  // RFC 4648 section 6, without padding
[[nodiscard]] std::int64_t totp_step(base::WallTime now);
[[nodiscard]] std::string totp_code(base::Bytes secret, std::int64_t step, unsigned digits);
// The step that `code` is good for, later than `last` (the last one taken); nothing where it is good for none.
[[nodiscard]] std::optional<std::int64_t> accepted_step(base::Bytes secret, std::string_view code, base::WallTime now, std::int64_t last);
// otpauth://totp/ISSUER:ACCOUNT?secret=…
[[nodiscard]] std::string otpauth_uri(base::Bytes secret, std::string_view issuer, std::string_view account);

}  // namespace identity
