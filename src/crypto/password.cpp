// SPDX-License-Identifier: Apache-2.0
// See password.h.
#include "crypto/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include <stdexcept>

#include "base/bytes.h"

namespace crypto {
namespace {

// The PHC string format's base64: the plain alphabet, no padding.
std::string to_base64(base::Bytes bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), kVariant);
  out.pop_back();  // its terminating zero
  return out;
}

void start_sodium() {
  static const bool ready = ::sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium cannot start");
}

}  // namespace

std::optional<std::string> hash_password(const base::Redacted<std::string>& password, const PasswordSalt& salt, PasswordCost cost) {
  start_sodium();
  static_assert(std::tuple_size_v<PasswordSalt> == crypto_pwhash_argon2id_SALTBYTES);
  std::array<std::uint8_t, 32> hash{};
  const std::string& text = password.get();
  if (crypto_pwhash(hash.data(), hash.size(), text.data(), text.size(), salt.data(), cost.passes,
                    std::size_t{cost.kibibytes} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt;
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.kibibytes, cost.passes, to_base64(salt), to_base64(hash));
}

bool password_matches(const std::string& hash, const base::Redacted<std::string>& password) {
  start_sodium();
  return hash.size() < crypto_pwhash_STRBYTES && crypto_pwhash_str_verify(hash.c_str(), password.get().data(), password.get().size()) == 0;
}

}  // namespace crypto
