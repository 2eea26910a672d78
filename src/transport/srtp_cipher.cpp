// SPDX-License-Identifier: Apache-2.0
// AEAD_AES_128_GCM (RFC 7714 sections 8 and 9) and AES_CM_128_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1).
// Deliberately left out: MKI, encrypted header extensions (RFC 6904), unencrypted SRTCP when sending.
#include "transport/srtp_cipher.h"

#include <algorithm>

#include "crypto/hmac.h"

namespace transport {
namespace {

constexpr std::uint32_t kEncrypted = 0x8000'0000;  // the E flag of SRTCP
constexpr std::size_t kRtcpClear = 8;              // first header and SSRC stay clear
constexpr std::size_t kSha1TagSize = 10;

class GcmCipher final : public SrtpCipher {
 public:
  GcmCipher(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp, crypto::GcmEngine engine)
      : rtp_(crypto::make_aes_gcm(rtp.encryption, engine)), rtcp_(crypto::make_aes_gcm(rtcp.encryption, engine)) {
    std::copy_n(rtp.salt.begin(), rtp_salt_.size(), rtp_salt_.begin());
    std::copy_n(rtcp.salt.begin(), rtcp_salt_.size(), rtcp_salt_.begin());
  }

  [[nodiscard]] std::size_t rtp_overhead() const override { return crypto::kGcmTagSize; }
  void expect(std::size_t bytes) const override { rtp_->expect(bytes); }

  void seal_rtp(std::uint8_t* out, std::size_t header_size, base::Bytes payload, std::uint64_t index) override {
    rtp_->seal(rtp_nonce(out, index), {out, header_size}, payload, out + header_size);
  }
  bool open_rtp(base::Bytes packet, std::size_t header_size, std::uint64_t index, std::uint8_t* out) override {
    return rtp_->open(rtp_nonce(packet.data(), index), packet.first(header_size), packet.subspan(header_size), out);
  }

  // RFC 7714 section 9.2: the associated data is the clear header followed by the ESRTCP word, which itself goes last.
  void seal_rtcp(base::Bytes compound, std::uint32_t index, std::uint8_t* out) override {
    std::memcpy(out, compound.data(), kRtcpClear);
    const auto aad = rtcp_aad(out, index | kEncrypted);
    const base::Bytes plain = compound.subspan(kRtcpClear);
    rtcp_->seal(rtcp_nonce(out, index), aad, plain, out + kRtcpClear);
    base::store_u32(out + compound.size() + crypto::kGcmTagSize, index | kEncrypted);
  }
  [[nodiscard]] std::size_t esrtcp_at(std::size_t packet_size) const override { return packet_size - 4; }
  bool open_rtcp(base::MutableBytes packet) override {
    const std::uint32_t word = base::load_u32(packet.data() + esrtcp_at(packet.size()));
    const base::Bytes body = packet.first(packet.size() - 4);
    const auto nonce = rtcp_nonce(packet.data(), word & ~kEncrypted);
    if ((word & kEncrypted) != 0)
      return rtcp_->open(nonce, rtcp_aad(packet.data(), word), body.subspan(kRtcpClear), packet.data() + kRtcpClear);
    return false;  // RFC 7714 section 9.3 permits unencrypted SRTCP; no peer of ours sends it, so it is refused
  }

 private:
  // Section 8.1: 00 00 | SSRC | ROC | SEQ, XOR the salt.
  [[nodiscard]] crypto::GcmNonce rtp_nonce(const std::uint8_t* header, std::uint64_t index) const {
    crypto::GcmNonce nonce{};
    std::memcpy(nonce.data() + 2, header + 8, 4);
    base::store_u32(nonce.data() + 6, static_cast<std::uint32_t>(index >> 16));
    base::store_u16(nonce.data() + 10, static_cast<std::uint16_t>(index));
    for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] ^= rtp_salt_[i];
    return nonce;
  }
  // Section 9.1: 00 00 | SSRC | 00 00 | index, XOR the salt.
  [[nodiscard]] crypto::GcmNonce rtcp_nonce(const std::uint8_t* header, std::uint32_t index) const {
    crypto::GcmNonce nonce{};
    std::memcpy(nonce.data() + 2, header + 4, 4);
    base::store_u32(nonce.data() + 8, index);
    for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] ^= rtcp_salt_[i];
    return nonce;
  }
  static std::array<std::uint8_t, 12> rtcp_aad(const std::uint8_t* header, std::uint32_t esrtcp) {
    std::array<std::uint8_t, 12> aad{};
    std::memcpy(aad.data(), header, kRtcpClear);
    base::store_u32(aad.data() + kRtcpClear, esrtcp);
    return aad;
  }
  std::unique_ptr<crypto::AesGcm> rtp_, rtcp_;
  crypto::GcmNonce rtp_salt_{}, rtcp_salt_{};
};

class CmCipher final : public SrtpCipher {
 public:
  CmCipher(const SrtpSessionKeys& rtp, const SrtpSessionKeys& rtcp)
      : rtp_(rtp.encryption),
        rtcp_(rtcp.encryption),
        rtp_mac_(rtp.authentication),
        rtcp_mac_(rtcp.authentication),
        rtp_salt_(rtp.salt),
        rtcp_salt_(rtcp.salt) {}

  [[nodiscard]] std::size_t rtp_overhead() const override { return kSha1TagSize; }

  void seal_rtp(std::uint8_t* out, std::size_t header_size, base::Bytes payload, std::uint64_t index) override {
    rtp_.apply(counter(rtp_salt_, base::load_u32(out + 8), index), payload, out + header_size);
    const std::size_t size = header_size + payload.size();
    const auto tag = rtp_tag({out, size}, index);
    std::memcpy(out + size, tag.data(), kSha1TagSize);
  }
  bool open_rtp(base::Bytes packet, std::size_t header_size, std::uint64_t index, std::uint8_t* out) override {
    const base::Bytes covered = packet.first(packet.size() - kSha1TagSize);
    const auto tag = rtp_tag(covered, index);
    if (!crypto::equal_in_constant_time(base::Bytes(tag).first(kSha1TagSize), packet.last(kSha1TagSize))) return false;
    const auto iv = counter(rtp_salt_, base::load_u32(packet.data() + 8), index);
    rtp_.apply(iv, covered.subspan(header_size), out);
    return true;
  }

  void seal_rtcp(base::Bytes compound, std::uint32_t index, std::uint8_t* out) override {
    std::memcpy(out, compound.data(), kRtcpClear);
    const auto iv = counter(rtcp_salt_, base::load_u32(out + 4), index);
    rtcp_.apply(iv, compound.subspan(kRtcpClear), out + kRtcpClear);
    base::store_u32(out + compound.size(), index | kEncrypted);
    const auto tag = rtcp_mac_.over({out, compound.size() + 4}, {});
    std::memcpy(out + compound.size() + 4, tag.data(), kSha1TagSize);
  }
  [[nodiscard]] std::size_t esrtcp_at(std::size_t packet_size) const override { return packet_size - kSha1TagSize - 4; }
  bool open_rtcp(base::MutableBytes packet) override {
    const base::Bytes covered = packet.first(packet.size() - kSha1TagSize);
    const auto tag = rtcp_mac_.over(covered, {});
    const base::Bytes given = packet.last(kSha1TagSize);
    if (!crypto::equal_in_constant_time(base::Bytes(tag).first(kSha1TagSize), given)) return false;
    const std::uint32_t word = base::load_u32(packet.data() + esrtcp_at(packet.size()));
    if ((word & kEncrypted) == 0) return false;  // as above
    const auto iv = counter(rtcp_salt_, base::load_u32(packet.data() + 4), word & ~kEncrypted);
    const base::MutableBytes body = packet.subspan(kRtcpClear, covered.size() - 4 - kRtcpClear);
    rtcp_.apply(iv, body, body.data());
    return true;
  }

 private:
  using Salt = std::array<std::uint8_t, 14>;

  // Section 4.1.1: salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16.
  static std::array<std::uint8_t, 16> counter(const Salt& salt, std::uint32_t ssrc, std::uint64_t index) {
    std::array<std::uint8_t, 16> out{};
    base::store_u32(out.data() + 4, ssrc);
    base::store_u64(out.data() + 8, index << 16);
    for (std::size_t i = 0; i < salt.size(); ++i) out[i] ^= salt[i];
    return out;
  }
  // Section 4.2: over the packet followed by the roll-over counter.
  [[nodiscard]] crypto::Sha1Tag rtp_tag(base::Bytes packet, std::uint64_t index) {
    std::array<std::uint8_t, 4> roc{};
    base::store_u32(roc.data(), static_cast<std::uint32_t>(index >> 16));
    return rtp_mac_.over(packet, roc);
  }
  crypto::AesCtr rtp_, rtcp_;
  crypto::HmacSha1 rtp_mac_, rtcp_mac_;
  Salt rtp_salt_, rtcp_salt_;
};

}  // namespace

std::unique_ptr<SrtpCipher> make_srtp_cipher(SrtpProfile profile, const SrtpSessionKeys& rtp,
                                             const SrtpSessionKeys& rtcp, crypto::GcmEngine engine) {
  if (profile == SrtpProfile::aead_aes_128_gcm) return std::make_unique<GcmCipher>(rtp, rtcp, engine);
  return std::make_unique<CmCipher>(rtp, rtcp);
}

}  // namespace transport
