// SPDX-License-Identifier: Apache-2.0
#include "wire/vp8.h"

#include <gtest/gtest.h>

#include "wire/opus.h"
#include "wire/test_bytes.h"

namespace wire {

TEST(Vp8, each_form_of_the_descriptor_is_read_and_written_the_same) {
  const struct {
    std::string_view why, bytes;
    Vp8Descriptor descriptor;
  } cases[] = {
      {"one byte", "10", {.start_of_partition = true}},
      {"not a reference, partition 3", "23", {.non_reference = true, .partition = 3}},
      {"7 bits", "908045", {.start_of_partition = true, .picture_id = 0x45}},
      {"15 bits, all fields",
       "90f092344567",
       {.start_of_partition = true,
        .picture_id = 0x1234,
        .long_picture_id = true,
        .tl0_picture_index = 0x45,
        .temporal_layer = 1,
        .layer_sync = true,
        .key_index = 7}},
      {"as Chromium sends it",
       "90e092344540",
       {.start_of_partition = true,
        .picture_id = 0x1234,
        .long_picture_id = true,
        .tl0_picture_index = 0x45,
        .temporal_layer = 1}},
      {"key index alone", "8010 1f", {.key_index = 31}},
  };
  for (const auto& c : cases) {
    Buffer bytes = from_hex(c.bytes);
    EXPECT_EQ(c.descriptor.size(), bytes.size()) << c.why;
    Buffer out(8);
    base::Writer w{out};
    ASSERT_TRUE(write_vp8(c.descriptor, w)) << c.why;
    EXPECT_EQ(to_hex(w.written()), to_hex(bytes)) << c.why;
    bytes.push_back(0);
    const auto d = parse_vp8(bytes);
    ASSERT_TRUE(d) << c.why;
    EXPECT_EQ(*d, c.descriptor) << c.why;
  }
}

TEST(Vp8, truncations_and_a_missing_payload_are_refused) {
  const Buffer whole = from_hex("90f092344567 00");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_vp8(base::Bytes{whole}.first(size))) << size;
  EXPECT_TRUE(parse_vp8(whole));
}

TEST(Vp8, rewriting_keeps_sizes_and_touches_nothing_else) {
  const struct {
    std::string_view before, after;
  } cases[] = {
      {"90e092344540 aabb", "90e0ffff7740 aabb"},  // 15 bits
      {"90c0344510 aa", "90c07f7710 aa"},          // 7 bits, cut to them
      {"90f092344567 aa", "90f0ffff7764 aa"},      // with KEYIDX, TID and Y kept
      {"10 aa", "10 aa"},                          // nothing to rewrite
      {"8020 c0 aa", "8020 c0 aa"},
  };
  for (const auto& c : cases) {
    Buffer bytes = from_hex(c.before);
    rewrite_vp8(bytes, 0x7fff, 0x77, 4);
    EXPECT_EQ(to_hex(bytes), to_hex(from_hex(c.after)));
  }
}

TEST(Vp8, a_key_frame_is_known_by_one_clear_bit_at_the_start_of_the_first_partition) {
  const struct {
    std::string_view bytes;
    bool key;
  } cases[] = {{"10 d0", true}, {"10 d1", false}, {"00 d0", false}, {"11 d0", false}, {"90e092344540 02", true}};
  for (const auto& c : cases) {
    const Buffer bytes = from_hex(c.bytes);
    EXPECT_EQ(vp8_starts_key_frame(parse_vp8(bytes).value(), bytes), c.key) << c.bytes;
  }
}

TEST(Vp8, a_clear_key_frame_tells_its_size_without_the_scale) {
  EXPECT_EQ(vp8_key_frame_size(from_hex("d00200 9d012a 8042 68c1")), (PictureSize{640, 360}));
  EXPECT_FALSE(vp8_key_frame_size(from_hex("d10200 9d012a 8002 6801")));
  EXPECT_FALSE(vp8_key_frame_size(from_hex("d00200 9d012b 8002 6801")));
  EXPECT_FALSE(vp8_key_frame_size(from_hex("d00200 9d012a 8002 68")));
}

TEST(Opus, durations_follow_the_configuration_and_the_count) {
  const struct {
    std::string_view bytes;
    std::optional<std::uint32_t> samples;
  } cases[] = {
      {"", {}},        {"00", 480},     {"08", 960},  {"18", 2880},                  // SILK 10, 20, 60 ms
      {"60", 480},     {"68", 960},                                                  // hybrid
      {"80", 120},     {"f8", 960},     {"f9", 1920}, {"fa", 1920},                  // CELT 2.5, 20, two of 20
      {"fb 03", 2880}, {"fb 06", 5760}, {"fb", {}},   {"fb 00", {}}, {"fb 07", {}},  // code 3: at most 120 ms
  };
  for (const auto& c : cases) EXPECT_EQ(opus_duration(from_hex(c.bytes)), c.samples) << c.bytes;
}

TEST(Opus, a_pause_is_known_by_its_size_sealed_or_not) {
  EXPECT_TRUE(opus_is_pause(from_hex("f8"), 0));
  EXPECT_FALSE(opus_is_pause(from_hex("f8ff01"), 0));
  EXPECT_TRUE(opus_is_pause(Buffer(20), 18));
  EXPECT_FALSE(opus_is_pause(Buffer(21), 18));
}

}  // namespace wire
