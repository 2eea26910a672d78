// SPDX-License-Identifier: Apache-2.0
// Published vectors through both engines of AES-GCM, AES-CTR and HMAC-SHA1, and the certificate's fingerprint as text.
// Vectors: the GCM specification (McGrew and Viega) test cases 1 to 4, NIST SP 800-38A F.5.1, RFC 2202 section 3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crypto/aes.h"
#include "crypto/base64url.h"
#include "crypto/certificate.h"
#include "crypto/certificate_keys.h"
#include "crypto/hmac.h"

namespace crypto {
namespace {

std::vector<std::uint8_t> hex(std::string_view text) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return out;
}
template <std::size_t N>
std::array<std::uint8_t, N> hex_array(std::string_view text) {
  std::array<std::uint8_t, N> out{};
  const auto bytes = hex(text);
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

struct GcmCase {
  const char *key, *nonce, *aad, *plain, *sealed;
};
constexpr GcmCase kGcmCases[] = {
    {"00000000000000000000000000000000", "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a"},
    {"00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
     "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"},
    {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a637b39"
     "1aafd255",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973"
     "d58e091"
     "473f59854d5c2af327cd64a62cf35abd2ba6fab4"},
    {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973"
     "d58e091"
     "5bc94fbc3221a5db94fae95ae7121a47"},
};

class GcmOfEngine : public testing::TestWithParam<GcmEngine> {};

TEST_P(GcmOfEngine, agrees_with_the_published_vectors) {
  for (const auto& c : kGcmCases) {
    const auto gcm = make_aes_gcm(hex_array<16>(c.key), GetParam());
    const auto plain = hex(c.plain);
    const auto aad = hex(c.aad);
    const auto nonce = hex_array<12>(c.nonce);
    std::vector<std::uint8_t> sealed(plain.size() + kGcmTagSize);
    gcm->seal(nonce, aad, plain, sealed.data());
    EXPECT_EQ(sealed, hex(c.sealed));
    ASSERT_TRUE(gcm->open(nonce, aad, sealed, sealed.data()));
    sealed.resize(plain.size());
    EXPECT_EQ(sealed, plain);
  }
}

TEST_P(GcmOfEngine, refuses_any_changed_bit_and_still_opens_the_next) {
  const auto& c = kGcmCases[3];
  const auto gcm = make_aes_gcm(hex_array<16>(c.key), GetParam());
  const auto nonce = hex_array<12>(c.nonce);
  const auto aad = hex(c.aad);
  const auto sealed = hex(c.sealed);
  std::vector<std::uint8_t> out(sealed.size());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_FALSE(gcm->open(nonce, aad, changed, out.data())) << bit;
  }
  auto other_aad = aad;
  other_aad[0] ^= 1;
  EXPECT_FALSE(gcm->open(nonce, other_aad, sealed, out.data()));
  EXPECT_FALSE(gcm->open(nonce, aad, base::Bytes(sealed).first(15), out.data()));
  EXPECT_TRUE(gcm->open(nonce, aad, sealed, out.data()));
}

INSTANTIATE_TEST_SUITE_P(Engines, GcmOfEngine, testing::Values(GcmEngine::automatic, GcmEngine::evp),
                         [](const auto& i) { return i.param == GcmEngine::automatic ? "automatic" : "evp"; });

TEST(AesCtr, agrees_with_sp_800_38a) {
  AesCtr ctr(hex_array<16>("2b7e151628aed2a6abf7158809cf4f3c"));
  auto text =
      hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f"
          "9b17ad2b417be6"
          "6c3710");
  const auto counter = hex_array<16>("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  ctr.apply(counter, text, text.data());
  EXPECT_EQ(
      text,
      hex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda"
          "2fbe03d1792170a0f3009cee"));
}

TEST(HmacSha1, agrees_with_rfc_2202_and_may_be_used_again) {
  const auto key = hex("0102030405060708090a0b0c0d0e0f10111213141516171819");
  const std::vector<std::uint8_t> message(50, 0xcd);
  const auto expected = hex_array<20>("4c9007f4026250c6bc8414f9bf50c86c2d7235da");
  EXPECT_EQ(hmac_sha1(key, message), expected);
  EXPECT_EQ(hmac_sha1(base::as_bytes("Jefe"), base::as_bytes("what do ya want for nothing?")),
            hex_array<20>("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
  EXPECT_EQ(hmac_sha1(std::vector<std::uint8_t>(80, 0xaa), base::as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")),
            hex_array<20>("aa4ae5e15272d00e95705637ce8a3b55ed402112"));
  HmacSha1 kept(key);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(kept.over(base::Bytes(message).first(7), base::Bytes(message).subspan(7)), expected);
}

TEST(Base64, agrees_with_rfc_4648_section_10) {
  EXPECT_EQ(to_base64(base::as_bytes("fo")), "Zm8=");
  EXPECT_EQ(to_base64(base::as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64(hex("fbff")), "+/8=");
  EXPECT_EQ(to_base64url(hex("fbff")), "-_8");
}

TEST(Fingerprint, is_the_same_after_a_way_through_text) {
  const auto certificate = Certificate::make_self_signed();
  const auto text = to_text(certificate->fingerprint());
  EXPECT_EQ(text.size(), 8 + 32 * 3 - 1U);
  EXPECT_EQ(parse_fingerprint(text), certificate->fingerprint());
  EXPECT_EQ(fingerprint_of(certificate->keys().certificate.get()), certificate->fingerprint());
  EXPECT_NE(Certificate::make_self_signed()->fingerprint(), certificate->fingerprint());
}

TEST(Fingerprint, of_another_hash_or_shape_is_refused) {
  const auto good = to_text(Fingerprint{});
  using base::ParseError;
  const auto error_of = [](std::string_view text) {
    const auto parsed = parse_fingerprint(text);
    return parsed ? ParseError{255} : parsed.error();
  };
  EXPECT_TRUE(parse_fingerprint("SHA-256" + good.substr(7)).has_value());
  EXPECT_EQ(error_of("sha-1" + good.substr(7)), ParseError::unsupported);
  EXPECT_EQ(error_of(""), ParseError::malformed);
  EXPECT_EQ(error_of("sha-256"), ParseError::malformed);
  EXPECT_EQ(error_of(good + ":00"), ParseError::malformed);
  EXPECT_EQ(error_of(good.substr(0, good.size() - 1) + "G"), ParseError::malformed);
  auto spaced = good;
  spaced[10] = ' ';
  EXPECT_EQ(error_of(spaced), ParseError::malformed);
}

}  // namespace
}  // namespace crypto
