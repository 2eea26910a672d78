// SPDX-License-Identifier: Apache-2.0
// STUN against the vectors of RFC 5769 and against bytes that lie. HMAC-SHA1 is OpenSSL's, in this test only.
#include "wire/stun.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "wire/sdp_candidate.h"
#include "wire/test_bytes.h"

namespace wire {
namespace {

std::array<std::uint8_t, 20> hmac_sha1(base::Bytes key, base::Bytes data) {
  std::array<std::uint8_t, 20> out{};
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &size);
  return out;
}

const base::Bytes kPassword = base::as_bytes("VOkJxbRl1RmTxUk/WvJxBt");

// RFC 5769 sections 2.1, 2.2 and 2.3.
constexpr std::string_view kRequest =
    "0001 0058 2112a442 b7e7a701bc34d686fa87dfae 8022 0010 5354554e207465737420636c69656e74 0024 0004 6e0001ff"
    "8029 0008 932ff9b151263b36 0006 0009 6576746a3a68367659 202020 0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "8028 0004 e57a3bcf";
constexpr std::string_view kAnswerV4 =
    "0101 003c 2112a442 b7e7a701bc34d686fa87dfae 8022 000b 7465737420766563746f72 20 0020 0008 0001a147e112a643"
    "0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 8028 0004 c07d4c96";
constexpr std::string_view kAnswerV6 =
    "0101 0048 2112a442 b7e7a701bc34d686fa87dfae 8022 000b 7465737420766563746f72 20 0020 0014 "
    "0002a1470113a9faa5d3f179bc25f4b5bed2b9d9 0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41 8028 0004 c8fb0b4c";

StunMessage sample_request() {
  StunMessage m;
  m.transaction = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  m.username = "evtj:h6vY";
  m.priority = 0x6e0001ff;
  m.ice_controlling = 0x932ff9b151263b36;
  m.use_candidate = true;
  return m;
}

Buffer write(const StunMessage& m, base::Bytes key) {
  Buffer out(kMaxStunSize);
  out.resize(write_stun(m, key, hmac_sha1, out));
  return out;
}

}  // namespace

TEST(Stun, reads_the_request_of_rfc_5769) {
  const Buffer bytes = from_hex(kRequest);
  const auto m = parse_stun(bytes);
  ASSERT_TRUE(m);
  EXPECT_EQ(m->kind, StunClass::request);
  EXPECT_EQ(m->method, kStunBinding);
  EXPECT_EQ(m->software, "STUN test client");
  EXPECT_EQ(m->username, "evtj:h6vY");
  EXPECT_EQ(m->priority, 0x6e0001ffU);
  EXPECT_EQ(m->ice_controlled, 0x932ff9b151263b36U);
  EXPECT_FALSE(m->ice_controlling);
  EXPECT_FALSE(m->use_candidate);
  EXPECT_TRUE(m->has_fingerprint);
  EXPECT_TRUE(m->not_understood.empty());
  EXPECT_TRUE(stun_integrity_holds(*m, kPassword, hmac_sha1));
  EXPECT_FALSE(stun_integrity_holds(*m, base::as_bytes("VOkJxbRl1RmTxUk/WvJxBu"), hmac_sha1));
}

TEST(Stun, reads_the_answers_of_rfc_5769) {
  const struct {
    std::string_view bytes, ip;
  } cases[] = {{kAnswerV4, "192.0.2.1"}, {kAnswerV6, "2001:db8:1234:5678:11:2233:4455:6677"}};
  for (const auto& c : cases) {
    const Buffer bytes = from_hex(c.bytes);
    const auto m = parse_stun(bytes);
    ASSERT_TRUE(m) << c.ip;
    EXPECT_EQ(m->kind, StunClass::success);
    EXPECT_EQ(m->software, "test vector");
    ASSERT_TRUE(m->xor_mapped_address);
    EXPECT_EQ(sdp::ip_text(*m->xor_mapped_address), c.ip);
    EXPECT_EQ(m->xor_mapped_address->port, 32853);
    EXPECT_TRUE(stun_integrity_holds(*m, kPassword, hmac_sha1));
  }
}

TEST(Stun, crc_of_the_check_string_is_the_published_one) { EXPECT_EQ(crc32(base::as_bytes("123456789")), 0xCBF43926U); }

TEST(Stun, writes_what_it_reads) {
  const Buffer bytes = write(sample_request(), kPassword);
  const auto m = parse_stun(bytes);
  ASSERT_TRUE(m);
  EXPECT_EQ(m->username, "evtj:h6vY");
  EXPECT_TRUE(m->use_candidate);
  EXPECT_EQ(m->ice_controlling, 0x932ff9b151263b36U);
  EXPECT_TRUE(m->has_fingerprint);
  EXPECT_TRUE(stun_integrity_holds(*m, kPassword, hmac_sha1));
  EXPECT_EQ(write(*m, kPassword), bytes);
}

TEST(Stun, an_answer_has_these_bytes) {
  StunMessage m;
  m.kind = StunClass::success;
  m.transaction = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};
  m.xor_mapped_address = base::Address::v4(192, 0, 2, 1, 32853);
  const Buffer bytes = write(m, {});
  ASSERT_EQ(bytes.size(), 40U);
  EXPECT_EQ(to_hex(base::Bytes{bytes}.first(32)), "010100142112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643");
}

TEST(Stun, role_conflict_and_unknown_attributes_survive) {
  StunMessage m;
  m.kind = StunClass::error;
  m.error = StunError{487, "Role Conflict"};
  m.unknown_attributes = {0x0019, 0x7fff};
  const Buffer bytes = write(m, kPassword);
  const auto again = parse_stun(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kind, StunClass::error);
  EXPECT_EQ(again->error, (StunError{487, "Role Conflict"}));
  EXPECT_EQ(again->unknown_attributes, m.unknown_attributes);
}

TEST(Stun, a_required_attribute_that_is_not_known_is_named) {
  const Buffer bytes = from_hex("0001 0010 2112a442 000000000000000000000000 0019 0004 00000000 c057 0004 00000001");
  const auto m = parse_stun(bytes);
  ASSERT_TRUE(m);
  EXPECT_EQ(m->not_understood, (FixedList<std::uint16_t, 16>{0x0019}));
}

TEST(Stun, what_follows_the_integrity_is_not_believed) {
  StunMessage m = sample_request();
  m.use_candidate = false;
  Buffer bytes = write(m, kPassword);
  bytes.resize(bytes.size() - 8);  // the fingerprint
  const Buffer use_candidate = from_hex("0025 0000");
  bytes.insert(bytes.end(), use_candidate.begin(), use_candidate.end());
  base::store_u16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - kStunHeaderSize));
  const auto again = parse_stun(bytes);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->use_candidate);
  EXPECT_TRUE(stun_integrity_holds(*again, kPassword, hmac_sha1));
}

TEST(Stun, any_flipped_bit_is_seen) {
  const Buffer good = write(sample_request(), kPassword);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Buffer bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    const auto m = parse_stun(bad);
    // An unknown type in place of FINGERPRINT or its XOR is left to the integrity value, which the caller asks for.
    EXPECT_TRUE(!m || !m->has_fingerprint || !stun_integrity_holds(*m, kPassword, hmac_sha1)) << "bit " << bit;
  }
}

TEST(Stun, every_truncation_is_refused) {
  const Buffer good = write(sample_request(), kPassword);
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_stun(base::Bytes{good}.first(size))) << size;
}

TEST(Stun, hostile_bytes_are_refused) {
  const struct {
    std::string_view why, bytes;
    base::ParseError error;
  } cases[] = {
      {"no cookie", "0001 0000 2112a443 000000000000000000000000", base::ParseError::malformed},
      {"length over the datagram", "0001 0004 2112a442 000000000000000000000000", base::ParseError::truncated},
      {"attribute over the message", "0001 0004 2112a442 000000000000000000000000 0006 0001",
       base::ParseError::truncated},
      {"short integrity", "0001 0008 2112a442 000000000000000000000000 0008 0004 00000000",
       base::ParseError::malformed},
      {"wrong fingerprint", "0001 0008 2112a442 000000000000000000000000 8028 0004 00000000",
       base::ParseError::bad_check},
      {"address family 3", "0101 000c 2112a442 000000000000000000000000 0020 0008 0003000000000000",
       base::ParseError::malformed},
      {"error code 299", "0111 0008 2112a442 000000000000000000000000 0009 0004 00000263", base::ParseError::malformed},
      {"priority of 2 bytes", "0001 0008 2112a442 000000000000000000000000 0024 0002 00000000",
       base::ParseError::malformed},
  };
  for (const auto& c : cases) {
    const auto m = parse_stun(from_hex(c.bytes));
    ASSERT_FALSE(m) << c.why;
    EXPECT_EQ(m.error(), c.error) << c.why;
  }
  EXPECT_EQ(parse_stun(Buffer(kMaxStunSize + 4)).error(), base::ParseError::too_large);
}

TEST(Stun, nothing_is_written_where_it_does_not_fit) {
  Buffer small(60);
  EXPECT_EQ(write_stun(sample_request(), kPassword, hmac_sha1, small), 0U);
  const std::string long_name(2000, 'a');
  StunMessage m;
  m.username = long_name;
  Buffer large(4000);
  EXPECT_EQ(write_stun(m, kPassword, hmac_sha1, large), 0U);
}

}  // namespace wire
