// SPDX-License-Identifier: Apache-2.0
// Sealing of stored fields: XChaCha20-Poly1305 (libsodium; draft-irtf-cfrg-xchacha), whose 24-byte nonces may be drawn at
// random; and HMAC-SHA-256 and SHA-256 for blind indexes and the audit chain. Not here: which key, what the associated data
// says (store/key_ring). Nonces come from the caller's entropy. Values only: any thread.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace crypto {

using Key256 = std::array<std::uint8_t, 32>;
using SealNonce = std::array<std::uint8_t, 24>;
using Sha256 = std::array<std::uint8_t, 32>;
inline constexpr std::size_t kSealOverhead = 24 + 16;  // nonce and tag

// nonce | ciphertext | tag.
[[nodiscard]] std::vector<std::uint8_t> seal(const Key256& key, const SealNonce& nonce, base::Bytes associated, base::Bytes plain);
// bad_check where the key, the associated data or a bit of it is wrong.
[[nodiscard]] base::Result<std::vector<std::uint8_t>, base::ParseError> open_sealed(const Key256& key, base::Bytes associated,
                                                                                   base::Bytes sealed);
[[nodiscard]] Sha256 sha256(base::Bytes message);
[[nodiscard]] Sha256 hmac_sha256(const Key256& key, base::Bytes message);

}  // namespace crypto
