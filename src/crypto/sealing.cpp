// SPDX-License-Identifier: Apache-2.0
// See sealing.h.
#include "crypto/sealing.h"

#include <sodium.h>

namespace crypto {

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == std::tuple_size_v<Key256>);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == std::tuple_size_v<SealNonce>);

std::vector<std::uint8_t> seal(const Key256& key, const SealNonce& nonce, base::Bytes associated, base::Bytes plain) {
  std::vector<std::uint8_t> out(kSealOverhead + plain.size());
  std::copy(nonce.begin(), nonce.end(), out.begin());
  unsigned long long written = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce.size(), &written, plain.data(), plain.size(), associated.data(),
                                             associated.size(), nullptr, nonce.data(), key.data());
  return out;
}

base::Result<std::vector<std::uint8_t>, base::ParseError> open_sealed(const Key256& key, base::Bytes associated,
                                                                      base::Bytes sealed) {
  if (sealed.size() < kSealOverhead) return std::unexpected(base::ParseError::truncated);
  std::vector<std::uint8_t> out(sealed.size() - kSealOverhead);
  unsigned long long written = 0;
  const auto rest = sealed.subspan(24);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), &written, nullptr, rest.data(), rest.size(), associated.data(),
                                                 associated.size(), sealed.data(), key.data()) != 0)
    return std::unexpected(base::ParseError::bad_check);
  return out;
}

Sha256 sha256(base::Bytes message) {
  Sha256 out{};
  crypto_hash_sha256(out.data(), message.data(), message.size());
  return out;
}

Sha256 hmac_sha256(const Key256& key, base::Bytes message) {
  Sha256 out{};
  crypto_auth_hmacsha256(out.data(), message.data(), message.size(), key.data());
  return out;
}

}  // namespace crypto
