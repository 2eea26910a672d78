// SPDX-License-Identifier: Apache-2.0
// Session keys of SRTP: RFC 3711 section 4.3, AES-CM as the pseudo-random function, key derivation rate 0 (RFC 7714
// section 12 for AEAD). Not here: where the master key comes from (dtls.h).
#pragma once
#include "transport/srtp_profile.h"

namespace transport {

enum class SrtpLabel : std::uint8_t {  // RFC 3711 section 4.3.2
  rtp_encryption = 0,
  rtp_authentication = 1,
  rtp_salt = 2,
  rtcp_encryption = 3,
  rtcp_authentication = 4,
  rtcp_salt = 5,
};

// The keys of RTP or of RTCP in one direction. Wiped on destruction.
struct SrtpSessionKeys {
  std::array<std::uint8_t, 16> encryption{};
  std::array<std::uint8_t, 20> authentication{};  // not used with AEAD
  std::array<std::uint8_t, 14> salt{};            // 12 bytes are used with AEAD_AES_128_GCM
  SrtpSessionKeys() = default;
  SrtpSessionKeys(const SrtpSessionKeys&) = default;
  SrtpSessionKeys& operator=(const SrtpSessionKeys&) = default;
  ~SrtpSessionKeys() {
    crypto::wipe(encryption);
    crypto::wipe(authentication);
    crypto::wipe(salt);
  }
};
[[nodiscard]] SrtpSessionKeys derive_rtp_keys(const SrtpMaster& master, SrtpProfile profile);
[[nodiscard]] SrtpSessionKeys derive_rtcp_keys(const SrtpMaster& master, SrtpProfile profile);

// Fills `out` (any length up to 64 bytes) with the key of this label.
void derive_srtp_key(const SrtpMaster& master, SrtpProfile profile, SrtpLabel label, base::MutableBytes out);

}  // namespace transport
