// SPDX-License-Identifier: Apache-2.0
// Passwords as Argon2id strings (RFC 9106, by libsodium; the PHC text that crypto_pwhash_str writes). The salt comes from the
// caller's entropy. Not here: which passwords are good enough, how often one may try, how many may be hashed at once
// (identity/). Each call takes the cost's memory and some hundred milliseconds. Values only: any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/redacted.h"

namespace crypto {

struct PasswordCost {
  std::uint32_t kibibytes = 64 * 1024;
  std::uint32_t passes = 3;
};
using PasswordSalt = std::array<std::uint8_t, 16>;

// "$argon2id$v=19$m=65536,t=3,p=1$…"; nothing where the memory cannot be had.
[[nodiscard]] std::optional<std::string> hash_password(const base::Redacted<std::string>& password, const PasswordSalt& salt,
                                                       PasswordCost cost);
// At the cost that the string names. False, too, for a string that is none.
[[nodiscard]] bool password_matches(const std::string& hash, const base::Redacted<std::string>& password);

}  // namespace crypto
