// SPDX-License-Identifier: Apache-2.0
// RFC 3711 section 4.3.1 with key_derivation_rate 0: x = label * 2^48 XOR master_salt, key = AES-CM(master_key, x *
// 2^16).
#include "transport/srtp_keys.h"

namespace transport {

void derive_srtp_key(const SrtpMaster& master, SrtpProfile profile, SrtpLabel label, base::MutableBytes out) {
  constexpr std::array<std::uint8_t, 64> kZeros{};
  std::array<std::uint8_t, 16> counter{};
  // RFC 7714 section 12: the 96-bit salt is padded with 16 zero bits on the right to the 112 bits of RFC 3711.
  std::memcpy(counter.data(), master.salt.data(), srtp_salt_size(profile));
  counter[7] ^= static_cast<std::uint8_t>(label);
  crypto::AesCtr(master.key).apply(counter, base::Bytes(kZeros).first(out.size()), out.data());
}

namespace {
SrtpSessionKeys derive(const SrtpMaster& master, SrtpProfile profile, SrtpLabel encryption, SrtpLabel authentication,
                       SrtpLabel salt) {
  SrtpSessionKeys out;
  derive_srtp_key(master, profile, encryption, out.encryption);
  derive_srtp_key(master, profile, authentication, out.authentication);
  derive_srtp_key(master, profile, salt, base::MutableBytes(out.salt).first(srtp_salt_size(profile)));
  return out;
}
}  // namespace

SrtpSessionKeys derive_rtp_keys(const SrtpMaster& master, SrtpProfile profile) {
  return derive(master, profile, SrtpLabel::rtp_encryption, SrtpLabel::rtp_authentication, SrtpLabel::rtp_salt);
}
SrtpSessionKeys derive_rtcp_keys(const SrtpMaster& master, SrtpProfile profile) {
  return derive(master, profile, SrtpLabel::rtcp_encryption, SrtpLabel::rtcp_authentication, SrtpLabel::rtcp_salt);
}

}  // namespace transport
