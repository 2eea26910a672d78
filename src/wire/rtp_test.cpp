// SPDX-License-Identifier: Apache-2.0
#include "wire/rtp.h"

#include <gtest/gtest.h>

#include "wire/rtx.h"
#include "wire/test_bytes.h"

namespace wire {
namespace {

const RtpFields kFields{true, {96}, 0x1234, 0xdeadbeef, {0xcafe0001}};

std::string text_of(base::Bytes b) { return std::string{base::as_text(b)}; }

}  // namespace

TEST(Rtp, reads_every_part_of_a_header) {
  const Buffer bytes =
      from_hex("b2 e0 1234 deadbeef cafe0001 00000007 00000008 bede 0002 10 6d 32 aabbcc 00 00 0102030405 000003");
  const auto v = parse_rtp(bytes);
  ASSERT_TRUE(v);
  EXPECT_EQ(static_cast<const RtpFields&>(*v), kFields);
  ASSERT_EQ(v->csrc_count, 2);
  EXPECT_EQ(v->csrc(1), base::Ssrc{8});
  EXPECT_EQ(to_hex(v->extension(1).value()), "6d");
  EXPECT_EQ(to_hex(v->extension(3).value()), "aabbcc");
  EXPECT_FALSE(v->extension(2));
  EXPECT_EQ(to_hex(v->payload), "0102030405");
  EXPECT_EQ(v->padding, 3);
  EXPECT_EQ(v->header.size(), 32U);
}

TEST(Rtp, reads_two_byte_extensions_with_padding_between) {
  const Buffer bytes = from_hex("90 60 0001 00000002 00000003 1000 0003 00 01 00 0f 03 aabbcc 08 01 ff 00 99");
  const auto v = parse_rtp(bytes);
  ASSERT_TRUE(v);
  EXPECT_TRUE(v->extension(1).value().empty());
  EXPECT_EQ(to_hex(v->extension(15).value()), "aabbcc");
  EXPECT_EQ(to_hex(v->extension(8).value()), "ff");
  EXPECT_EQ(to_hex(v->payload), "99");
}

TEST(Rtp, an_element_over_the_block_ends_the_walk_and_not_the_packet) {
  const Buffer bytes = from_hex("90 60 0001 00000002 00000003 bede 0001 10 6d 3f aa 99");
  const auto v = parse_rtp(bytes);
  ASSERT_TRUE(v);
  EXPECT_TRUE(v->extension(1));
  EXPECT_FALSE(v->extension(3));
}

TEST(Rtp, id_15_and_id_0_with_a_length_end_a_one_byte_block) {
  for (const std::string_view end : {"f0", "01"}) {
    const Buffer bytes =
        from_hex("90 60 0001 00000002 00000003 bede 0002 10 6d " + std::string{end} + " 00 20 aa 00 00 99");
    const auto v = parse_rtp(bytes);
    ASSERT_TRUE(v);
    EXPECT_TRUE(v->extension(1));
    EXPECT_FALSE(v->extension(2)) << end;
  }
}

TEST(Rtp, hostile_headers_are_refused) {
  const struct {
    std::string_view why, bytes;
    base::ParseError error;
  } cases[] = {
      {"empty", "", base::ParseError::truncated},
      {"11 bytes", "80 60 0001 00000002 000000", base::ParseError::truncated},
      {"version 1", "40 60 0001 00000002 00000003", base::ParseError::unsupported},
      {"CSRCs over the end", "8f 60 0001 00000002 00000003 00000004", base::ParseError::truncated},
      {"no room for the extension", "90 60 0001 00000002 00000003 be", base::ParseError::truncated},
      {"extension over the end", "90 60 0001 00000002 00000003 bede 0002 00000000", base::ParseError::truncated},
      {"padding of zero", "a0 60 0001 00000002 00000003 0100", base::ParseError::malformed},
      {"padding over the payload", "a0 60 0001 00000002 00000003 0103", base::ParseError::malformed},
      {"padding and nothing", "a0 60 0001 00000002 00000003", base::ParseError::truncated},
  };
  for (const auto& c : cases) {
    const Buffer bytes = from_hex(c.bytes);
    const auto v = parse_rtp(bytes);
    ASSERT_FALSE(v) << c.why;
    EXPECT_EQ(v.error(), c.error) << c.why;
  }
}

TEST(Rtp, rtcp_is_told_from_rtp_by_the_second_byte) {
  Buffer packet = from_hex("80 00 0001 00000002 00000003");
  for (unsigned second = 0; second < 256; ++second) {
    packet[1] = static_cast<std::uint8_t>(second);
    EXPECT_EQ(classify_rtp(packet), second >= 192 && second <= 223 ? RtpKind::rtcp : RtpKind::rtp) << second;
  }
  EXPECT_EQ(classify_rtp(from_hex("80 c9 0001 00000001")), RtpKind::rtcp);
  EXPECT_EQ(classify_rtp(from_hex("80 60 0001 00000001")), RtpKind::neither);
  EXPECT_EQ(classify_rtp(from_hex("16 c9 0001 00000001 00000003")), RtpKind::neither);
}

TEST(RtpHeaderWriter, a_plain_header_has_these_bytes) {
  Buffer out(kMaxRtpHeader);
  RtpHeaderWriter w{out, kFields};
  EXPECT_EQ(w.finish(), kRtpHeaderSize);
  EXPECT_EQ(to_hex(base::Bytes{out}.first(kRtpHeaderSize)), "80e01234deadbeefcafe0001");
}

TEST(RtpHeaderWriter, one_byte_extensions_have_these_bytes) {
  Buffer out(kMaxRtpHeader);
  RtpHeaderWriter w{out, kFields};
  ASSERT_TRUE(w.extension(1, base::as_bytes("m")));
  std::uint8_t* sequence = w.reserve(6, 2);
  ASSERT_NE(sequence, nullptr);
  base::store_u16(sequence, 0xbeef);
  const std::size_t size = w.finish();
  EXPECT_EQ(to_hex(base::Bytes{out}.first(size)), "90e01234deadbeefcafe0001bede0002106d61beef000000");
}

TEST(RtpHeaderWriter, goes_over_to_two_bytes_where_an_element_needs_it) {
  const Buffer seventeen(17, 0xdd);
  const struct {
    std::string_view why;
    std::uint8_t id;
    base::Bytes data;
  } cases[] = {{"long", 8, seventeen}, {"empty", 8, {}}, {"high id", 15, base::Bytes{seventeen}.first(1)}};
  for (const auto& c : cases) {
    Buffer out(kMaxRtpHeader);
    RtpHeaderWriter w{out, kFields};
    ASSERT_TRUE(w.extension(1, base::as_bytes("m")));
    ASSERT_TRUE(w.extension(3, base::as_bytes("rid")));
    ASSERT_TRUE(w.extension(c.id, c.data)) << c.why;
    ASSERT_TRUE(w.extension(4, base::as_bytes("z")));
    const auto v = parse_rtp(base::Bytes{out}.first(w.finish()));
    ASSERT_TRUE(v) << c.why;
    EXPECT_EQ(v->extension_profile, kTwoByteProfile);
    EXPECT_EQ(text_of(v->extension(1).value()), "m");
    EXPECT_EQ(text_of(v->extension(3).value()), "rid");
    EXPECT_EQ(to_hex(v->extension(c.id).value()), to_hex(c.data));
    EXPECT_EQ(text_of(v->extension(4).value()), "z");
    EXPECT_TRUE(v->payload.empty());
  }
}

TEST(RtpHeaderWriter, says_so_where_something_does_not_fit_at_any_size) {
  const Buffer data(20, 1);
  Buffer whole(kMaxRtpHeader);
  const auto fill = [&](base::MutableBytes out) {
    RtpHeaderWriter w{out, kFields};
    (void)w.extension(1, base::Bytes{data}.first(3));
    (void)w.extension(2, base::Bytes{data}.first(1));
    (void)w.extension(3, data);
    return w.finish();
  };
  const std::size_t needed = fill(whole);
  ASSERT_GT(needed, 0U);
  for (std::size_t size = 0; size < needed; ++size) {
    Buffer exact(size);
    EXPECT_EQ(fill(exact), 0U) << size;
  }
}

TEST(RtpHeaderWriter, refuses_an_id_of_zero) {
  Buffer out(kMaxRtpHeader);
  RtpHeaderWriter w{out, kFields};
  EXPECT_FALSE(w.extension(0, base::as_bytes("m")));
  EXPECT_EQ(w.finish(), 0U);
}

TEST(Rtp, fields_are_changed_in_place_and_nothing_else) {
  Buffer bytes = from_hex("91 60 0001 00000002 00000003 00000009 bede 0001 10 6d 00 00 99");
  store_rtp_fields(bytes, kFields);
  EXPECT_EQ(to_hex(bytes), "91e01234deadbeefcafe000100000009bede0001106d000099");
}

TEST(Rtx, the_original_sequence_number_stands_before_the_payload) {
  Buffer out(6);
  base::Writer w{out};
  write_rtx(0x1234, base::as_bytes("opus"), w);
  ASSERT_TRUE(w.ok());
  EXPECT_EQ(to_hex(out), "12346f707573");
  const auto rtx = parse_rtx(out);
  ASSERT_TRUE(rtx);
  EXPECT_EQ(rtx->original_sequence, 0x1234);
  EXPECT_EQ(text_of(rtx->payload), "opus");
  EXPECT_FALSE(parse_rtx(base::Bytes{out}.first(1)));
}

}  // namespace wire
