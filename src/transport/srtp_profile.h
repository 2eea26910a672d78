// SPDX-License-Identifier: Apache-2.0
// The two SRTP protection profiles of this product (RFC 5764 section 4.1.2, RFC 7714 section 14.2) and their master
// keys.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/aes.h"

namespace transport {

enum class SrtpProfile : std::uint8_t { aes128_cm_hmac_sha1_80, aead_aes_128_gcm };

[[nodiscard]] constexpr std::size_t srtp_salt_size(SrtpProfile p) {
  return p == SrtpProfile::aead_aes_128_gcm ? 12 : 14;
}

// One direction. Wiped on destruction.
struct SrtpMaster {
  std::array<std::uint8_t, 16> key{};
  std::array<std::uint8_t, 14> salt{};  // 12 bytes are used with AEAD_AES_128_GCM
  SrtpMaster() = default;
  SrtpMaster(const SrtpMaster&) = default;
  SrtpMaster& operator=(const SrtpMaster&) = default;
  ~SrtpMaster() {
    crypto::wipe(key);
    crypto::wipe(salt);
  }
};

}  // namespace transport
