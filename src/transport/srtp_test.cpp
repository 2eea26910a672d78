// SPDX-License-Identifier: Apache-2.0
// Our SRTP against the published vectors (RFC 3711 appendix B, RFC 7714 sections 16.1.1 and 17.1) and against libsrtp2
// in both directions, RTP and RTCP, both profiles and both AES-GCM engines; wrap, reordering, replay, limits.
#include "transport/srtp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <random>
#include <string>
#include <vector>

namespace transport {
namespace {

using Packet = std::vector<std::uint8_t>;

Packet hex(std::string_view text) {
  Packet out;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return out;
}
template <std::size_t N>
std::array<std::uint8_t, N> hex_array(std::string_view text) {
  std::array<std::uint8_t, N> out{};
  const auto bytes = hex(text);
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

TEST(SrtpKeys, agree_with_rfc_3711_appendix_b_3) {
  SrtpMaster master;
  master.key = hex_array<16>("E1F97A0D3E018BE0D64FA32C06DE4139");
  master.salt = hex_array<14>("0EC675AD498AFEEBB6960B3AABE6");
  const auto keys = derive_rtp_keys(master, SrtpProfile::aes128_cm_hmac_sha1_80);
  EXPECT_EQ(keys.encryption, hex_array<16>("C61E7A93744F39EE10734AFE3FF7A087"));
  EXPECT_EQ(keys.salt, hex_array<14>("30CBBC08863D8C85D49DB34A9AE1"));
  EXPECT_EQ(keys.authentication, hex_array<20>("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

TEST(SrtpKeystream, agrees_with_rfc_3711_appendix_b_2) {
  crypto::AesCtr ctr(hex_array<16>("2B7E151628AED2A6ABF7158809CF4F3C"));
  Packet out(48);
  ctr.apply(hex_array<16>("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), out, out.data());
  EXPECT_EQ(out,
            hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"));
}

class GcmVectors : public testing::TestWithParam<crypto::GcmEngine> {
 protected:
  static SrtpSessionKeys keys() {
    SrtpSessionKeys out;
    out.encryption = hex_array<16>("000102030405060708090a0b0c0d0e0f");
    out.salt = hex_array<14>("517569642070726f2071756f");
    return out;
  }
};

TEST_P(GcmVectors, agree_with_rfc_7714_section_16_1_1) {
  const auto cipher = make_srtp_cipher(SrtpProfile::aead_aes_128_gcm, keys(), keys(), GetParam());
  const auto header = hex("8040f17b 8041f8d3 5501a0b2");
  const auto plain = hex("47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573");
  const auto sealed = hex(
      "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833"
      "899d7f27 beb16a91 52cf765e e4390cce");
  Packet out(header);
  out.resize(header.size() + plain.size() + 16);
  cipher->seal_rtp(out.data(), header.size(), plain, 0xf17b);
  EXPECT_EQ(out, sealed);
  ASSERT_TRUE(cipher->open_rtp(out, header.size(), 0xf17b, out.data() + header.size()));
  EXPECT_EQ(Packet(out.begin() + 12, out.end() - 16), plain);
}

TEST_P(GcmVectors, agree_with_rfc_7714_section_17_1) {
  const auto cipher = make_srtp_cipher(SrtpProfile::aead_aes_128_gcm, keys(), keys(), GetParam());
  const auto plain =
      hex("81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef "
          "deadbeef");
  const auto sealed =
      hex("81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded "
          "0bb9275b"
          "c84aa458 96cf4d2f c5abf872 45d9eade 800005d4");
  Packet out(plain.size() + cipher->rtcp_overhead());
  cipher->seal_rtcp(plain, 0x5d4, out.data());
  EXPECT_EQ(out, sealed);
  ASSERT_TRUE(cipher->open_rtcp(out));
  out.resize(plain.size());
  EXPECT_EQ(out, plain);
}

INSTANTIATE_TEST_SUITE_P(Engines, GcmVectors, testing::Values(crypto::GcmEngine::automatic, crypto::GcmEngine::evp),
                         [](const auto& i) { return i.param == crypto::GcmEngine::automatic ? "automatic" : "evp"; });

// -- against libsrtp2
// ---------------------------------------------------------------------------------------------------

SrtpMaster some_master(unsigned seed) {
  std::mt19937 random(seed);
  SrtpMaster out;
  for (auto& b : out.key) b = static_cast<std::uint8_t>(random());
  for (auto& b : out.salt) b = static_cast<std::uint8_t>(random());
  return out;
}

class Reference {
 public:
  Reference(SrtpProfile profile, const SrtpMaster& master, bool outbound) {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    EXPECT_TRUE(ready);
    srtp_policy_t policy{};
    if (profile == SrtpProfile::aead_aes_128_gcm) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    }
    Packet key(master.key.begin(), master.key.end());
    key.insert(key.end(), master.salt.begin(),
               master.salt.begin() + static_cast<std::ptrdiff_t>(srtp_salt_size(profile)));
    policy.key = key.data();
    policy.ssrc.type = outbound ? ssrc_any_outbound : ssrc_any_inbound;
    policy.window_size = 1024;
    EXPECT_EQ(srtp_create(&srtp_, &policy), srtp_err_status_ok);
  }
  ~Reference() { srtp_dealloc(srtp_); }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  Packet protect(Packet packet, bool rtcp) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN);
    EXPECT_EQ(rtcp ? srtp_protect_rtcp(srtp_, packet.data(), &size) : srtp_protect(srtp_, packet.data(), &size),
              srtp_err_status_ok);
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }
  std::optional<Packet> unprotect(Packet packet, bool rtcp) {
    int size = static_cast<int>(packet.size());
    const auto status =
        rtcp ? srtp_unprotect_rtcp(srtp_, packet.data(), &size) : srtp_unprotect(srtp_, packet.data(), &size);
    if (status != srtp_err_status_ok) return std::nullopt;
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }

 private:
  srtp_t srtp_ = nullptr;
};

struct Rtp {
  Packet header, payload;
  [[nodiscard]] Packet whole() const {
    Packet out(header);
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
  }
};

// Headers of each shape in turn: plain, with an extension, with two CSRCs.
Rtp make_rtp(std::uint16_t sequence, std::uint32_t ssrc, std::size_t payload, unsigned shape) {
  Rtp out;
  out.header = {0x80, 96, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  base::store_u16(out.header.data() + 2, sequence);
  base::store_u32(out.header.data() + 8, ssrc);
  if (shape % 3 == 2) {
    out.header[0] |= 2;
    out.header.insert(out.header.end(), {1, 2, 3, 4, 5, 6, 7, 8});
  }
  if (shape % 3 == 1) {
    out.header[0] |= 0x10;
    out.header.insert(out.header.end(), {0xBE, 0xDE, 0, 1, 0x32, 1, 2, 3});
  }
  for (std::size_t i = 0; i < payload; ++i) out.payload.push_back(static_cast<std::uint8_t>(i * 7 + sequence));
  return out;
}
Packet make_rtcp(std::uint32_t ssrc, std::size_t extra_words) {
  Packet out = {0x80, 201, 0, static_cast<std::uint8_t>(1 + extra_words), 0, 0, 0, 0};
  base::store_u32(out.data() + 4, ssrc);
  for (std::size_t i = 0; i < extra_words * 4; ++i) out.push_back(static_cast<std::uint8_t>(i));
  return out;
}
Packet seal(SrtpSender& sender, const Rtp& rtp) {
  Packet out(rtp.header.size() + rtp.payload.size() + kSrtpOverhead);
  out.resize(sender.protect_rtp(rtp.header, rtp.payload, out.data()));
  return out;
}
Packet seal_rtcp(SrtpSender& sender, const Packet& rtcp) {
  Packet out(rtcp.size() + kSrtpOverhead);
  out.resize(sender.protect_rtcp(rtcp, out.data()));
  return out;
}
std::optional<Packet> open(SrtpReceiver& receiver, Packet packet) {
  const auto clear = receiver.unprotect_rtp(packet);
  if (!clear) return std::nullopt;
  return Packet(clear->begin(), clear->end());
}
SrtpError error_of(SrtpReceiver& receiver, Packet packet) {
  const auto clear = receiver.unprotect_rtp(packet);
  return clear ? SrtpError{255} : clear.error();
}

struct Variant {
  SrtpProfile profile;
  crypto::GcmEngine engine;
  const char* name;
};
class SrtpOf : public testing::TestWithParam<Variant> {
 protected:
  SrtpMaster master_ = some_master(7);
  SrtpSender sender_{GetParam().profile, master_, GetParam().engine};
  SrtpReceiver receiver_{GetParam().profile, master_, GetParam().engine};
};
constexpr std::uint32_t kSsrc = 0x1020'3040;

TEST_P(SrtpOf, libsrtp_opens_what_we_seal_across_two_wraps) {
  Reference reference(GetParam().profile, master_, false);
  std::uint32_t sequence = 30'000;
  for (unsigned i = 0; i < 900; ++i, sequence += 179) {
    const auto rtp = make_rtp(static_cast<std::uint16_t>(sequence), kSsrc, i % 1'200, i);
    EXPECT_EQ(reference.unprotect(seal(sender_, rtp), false), rtp.whole()) << i;
  }
  EXPECT_GT(sequence, 131'072U);
}

TEST_P(SrtpOf, we_open_what_libsrtp_seals_across_two_wraps_and_out_of_order) {
  Reference reference(GetParam().profile, master_, true);
  std::mt19937 random(3);
  std::vector<std::pair<Packet, Packet>> sent;
  for (std::uint32_t sequence = 65'000; sequence < 65'000 + 140'000; sequence += 140) {
    const auto rtp = make_rtp(static_cast<std::uint16_t>(sequence), kSsrc, 60, sequence / 140);
    sent.emplace_back(rtp.whole(), reference.protect(rtp.whole(), false));
  }
  for (std::size_t i = 1; i + 6 < sent.size(); i += 6)  // the first one leads, then each six in any order
    std::shuffle(sent.begin() + static_cast<std::ptrdiff_t>(i), sent.begin() + static_cast<std::ptrdiff_t>(i + 6),
                 random);
  for (const auto& [clear, sealed] : sent) EXPECT_EQ(open(receiver_, sealed), clear);
  for (std::size_t i = sent.size() - 5; i < sent.size(); ++i)
    EXPECT_EQ(error_of(receiver_, sent[i].second), SrtpError::replayed);
}

TEST_P(SrtpOf, rtcp_goes_both_ways_with_libsrtp) {
  Reference opens(GetParam().profile, master_, false);
  Reference seals(GetParam().profile, master_, true);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto rtcp = make_rtcp(kSsrc + static_cast<std::uint32_t>(i % 3), i);
    EXPECT_EQ(opens.unprotect(seal_rtcp(sender_, rtcp), true), rtcp);
    auto sealed = seals.protect(rtcp, true);
    const auto copy = sealed;
    const auto clear = receiver_.unprotect_rtcp(sealed);
    ASSERT_TRUE(clear.has_value()) << i;
    EXPECT_EQ(Packet(clear->begin(), clear->end()), rtcp);
    auto again = copy;
    EXPECT_EQ(receiver_.unprotect_rtcp(again).error(), SrtpError::replayed);
  }
}

TEST_P(SrtpOf, a_source_whose_first_packets_around_the_wrap_were_lost_or_late_is_understood) {
  std::vector<Packet> sealed;
  std::vector<Packet> clear;
  for (std::uint32_t sequence = 65'533; sequence < 65'540; ++sequence) {
    const auto rtp = make_rtp(static_cast<std::uint16_t>(sequence), kSsrc, 20, 0);
    clear.push_back(rtp.whole());
    sealed.push_back(seal(sender_, rtp));
  }
  EXPECT_EQ(open(receiver_, sealed[4]), clear[4]);  // number 1, roll-over 1, is the first one heard
  EXPECT_EQ(open(receiver_, sealed[1]), clear[1]);  // late, from before the wrap
  EXPECT_EQ(open(receiver_, sealed[6]), clear[6]);
  EXPECT_EQ(error_of(receiver_, sealed[1]), SrtpError::replayed);
}

TEST_P(SrtpOf, a_packet_is_taken_once_within_the_window_and_never_below_it) {
  std::vector<Packet> sealed;
  for (std::uint16_t sequence = 0; sequence < 1'500; ++sequence)
    sealed.push_back(seal(sender_, make_rtp(sequence, kSsrc, 4, 0)));
  EXPECT_TRUE(open(receiver_, sealed[1'400]));
  EXPECT_TRUE(open(receiver_, sealed[1'400 - 1'023]));
  EXPECT_EQ(error_of(receiver_, sealed[1'400 - 1'023]), SrtpError::replayed);
  EXPECT_EQ(error_of(receiver_, sealed[1'400 - 1'024]), SrtpError::replayed);
  EXPECT_TRUE(open(receiver_, sealed[1'499]));
  EXPECT_TRUE(open(receiver_, sealed[1'399]));
  EXPECT_EQ(error_of(receiver_, sealed[1'400]), SrtpError::replayed);
}

TEST_P(SrtpOf, a_changed_packet_is_refused_and_changes_nothing) {
  const auto sealed = seal(sender_, make_rtp(100, kSsrc, 40, 1));
  for (std::size_t at = 1; at < sealed.size(); ++at) {
    if (at == 14 || at == 15) continue;  // the length of the extension: malformed rather than unauthenticated
    auto changed = sealed;
    changed[at] ^= 0x04;
    EXPECT_EQ(error_of(receiver_, changed), SrtpError::unauthenticated) << at;
  }
  EXPECT_TRUE(open(receiver_, sealed));
  auto rtcp = seal_rtcp(sender_, make_rtcp(kSsrc, 4));
  for (std::size_t at = 0; at < rtcp.size(); ++at) {
    auto changed = rtcp;
    changed[at] ^= 0x04;
    EXPECT_FALSE(receiver_.unprotect_rtcp(changed)) << at;
  }
  EXPECT_TRUE(receiver_.unprotect_rtcp(rtcp));
}

TEST_P(SrtpOf, the_same_index_is_never_sealed_twice) {
  EXPECT_FALSE(seal(sender_, make_rtp(500, kSsrc, 10, 0)).empty());
  EXPECT_FALSE(seal(sender_, make_rtp(499, kSsrc, 10, 0)).empty());
  EXPECT_TRUE(seal(sender_, make_rtp(500, kSsrc, 11, 1)).empty());
  EXPECT_TRUE(seal(sender_, make_rtp(499, kSsrc, 10, 0)).empty());
  EXPECT_FALSE(seal(sender_, make_rtp(500, kSsrc + 1, 10, 0)).empty());
}

TEST_P(SrtpOf, malformed_packets_and_too_many_sources_are_refused) {
  for (std::size_t size = 0; size < 22; ++size) {
    Packet packet(size, 0x80);
    EXPECT_EQ(error_of(receiver_, packet), SrtpError::malformed);
    EXPECT_FALSE(receiver_.unprotect_rtcp(base::MutableBytes(packet).first(std::min<std::size_t>(size, 20))));
  }
  Packet long_extension = make_rtp(1, kSsrc, 60, 1).whole();
  long_extension[14] = 0xff;
  EXPECT_EQ(error_of(receiver_, long_extension), SrtpError::malformed);
  EXPECT_EQ(error_of(receiver_, Packet(kMaxDatagram + 1, 0x80)), SrtpError::malformed);
  std::vector<Packet> sealed;
  for (std::uint32_t i = 0; i < kMaxSources; ++i) {
    sealed.push_back(seal(sender_, make_rtp(1, i, 4, 0)));
    ASSERT_TRUE(open(receiver_, sealed.back()));
  }
  EXPECT_TRUE(seal(sender_, make_rtp(1, kMaxSources, 4, 0)).empty());
  SrtpSender other(GetParam().profile, master_, GetParam().engine);
  EXPECT_EQ(error_of(receiver_, seal(other, make_rtp(1, kMaxSources, 4, 0))), SrtpError::too_many_sources);
  EXPECT_TRUE(open(receiver_, seal(sender_, make_rtp(2, 5, 4, 0))));
}

INSTANTIATE_TEST_SUITE_P(Profiles, SrtpOf,
                         testing::Values(Variant{SrtpProfile::aead_aes_128_gcm, crypto::GcmEngine::automatic, "gcm"},
                                         Variant{SrtpProfile::aead_aes_128_gcm, crypto::GcmEngine::evp, "gcm_by_evp"},
                                         Variant{SrtpProfile::aes128_cm_hmac_sha1_80, crypto::GcmEngine::automatic,
                                                 "counter_mode_sha1"}),
                         [](const auto& i) { return i.param.name; });

}  // namespace
}  // namespace transport
