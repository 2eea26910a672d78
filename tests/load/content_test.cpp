// SPDX-License-Identifier: Apache-2.0
// The code and the tone, through the real codecs and back: what a person sends is what a decoder reads, at every size,
// at low bit rates and across the seam of a loop; what is mixed, torn, silent or noise reads as nobody.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "load/content.h"
#include "load/opus_codec.h"
#include "load/picture.h"
#include "load/publisher.h"
#include "load/vp8_codec.h"

namespace load {
namespace {

TEST(ColourCode, every_person_is_read_back_from_a_drawn_picture) {
  for (unsigned index = 0; index < kPeople; ++index) {
    Picture picture(160, 90);
    draw_code(picture, index, index * 7);
    EXPECT_EQ(read_colour_code(picture.view()), index);
  }
}

TEST(ColourCode, grain_makes_pictures_larger_and_the_code_is_read_through_it) {
  const auto plain = Content::make(21, 2, false), lively = Content::make(21, 2, false, true);
  const auto octets = [](const Content& content) {
    std::size_t sum = 0;
    for (const auto& frame : content.layers[1]) sum += frame.size();
    return sum;
  };
  EXPECT_GT(octets(*lively), 2 * octets(*plain));
  PictureDecoder decoder;
  for (const auto& frame : lively->layers[0]) {
    const auto picture = decoder.decode(frame);
    ASSERT_TRUE(picture);
    EXPECT_EQ(read_colour_code(*picture), 21U);
  }
}

TEST(ColourCode, a_picture_of_two_people_reads_as_nobody) {
  Picture top(320, 180), bottom(320, 180);
  draw_code(top, 5, 0);
  draw_code(bottom, 6, 0);
  const auto half = static_cast<std::ptrdiff_t>(top.y.size() / 2);
  std::copy(bottom.y.begin() + half, bottom.y.end(), top.y.begin() + half);
  EXPECT_EQ(read_colour_code(top.view()), std::nullopt);
}

TEST(ColourCode, black_grey_and_noise_read_as_nobody) {
  Picture picture(160, 90);
  std::fill(picture.u.begin(), picture.u.end(), std::uint8_t{128});
  std::fill(picture.v.begin(), picture.v.end(), std::uint8_t{128});
  for (const unsigned luma : {16U, 128U, 235U}) {
    std::fill(picture.y.begin(), picture.y.end(), static_cast<std::uint8_t>(luma));
    EXPECT_EQ(read_colour_code(picture.view()), std::nullopt) << luma;
  }
  std::mt19937 random(7);
  for (auto* plane : {&picture.y, &picture.u, &picture.v})
    for (auto& sample : *plane) sample = static_cast<std::uint8_t>(random());
  EXPECT_EQ(read_colour_code(picture.view()), std::nullopt);
}

struct Shape {
  unsigned width, height, bits_per_second;
};
class ThroughVp8 : public testing::TestWithParam<Shape> {};
TEST_P(ThroughVp8, the_code_survives) {
  const auto [width, height, bits] = GetParam();
  for (const unsigned index : {0U, 1U, 21U, 42U, 63U}) {
    PictureEncoder encoder(width, height, bits, kFramesPerSecond);
    PictureDecoder decoder;
    Picture picture(width, height);
    for (unsigned i = 0; i < 24; ++i) {
      draw_code(picture, index, i);
      const auto frame = encoder.encode(picture, i == 0);
      ASSERT_FALSE(frame.bytes.empty());
      EXPECT_EQ(frame.key, i == 0);
      const auto decoded = decoder.decode(frame.bytes);
      ASSERT_TRUE(decoded.has_value());
      EXPECT_EQ(read_colour_code(*decoded), index) << width << "x" << height << " frame " << i;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(SizesAndRates, ThroughVp8,
                         testing::Values(Shape{64, 36, 20'000}, Shape{80, 46, 20'000}, Shape{160, 90, 30'000},
                                         Shape{160, 90, 80'000}, Shape{320, 180, 50'000}, Shape{640, 360, 100'000}));

TEST(Tone, every_person_is_heard_through_opus) {
  for (unsigned index = 0; index < kPeople; ++index) {
    ToneSource source(index);
    SoundEncoder encoder(16'000);
    SoundDecoder decoder;
    std::array<std::int16_t, kFrameSamples> pcm;
    std::vector<std::int16_t> heard;
    for (int i = 0; i < 15; ++i) {
      source.next(pcm);
      ASSERT_TRUE(decoder.decode(encoder.encode(pcm), heard));
    }
    const auto tone = dominant_tone(std::span(heard).last(kFrameSamples * 10));
    ASSERT_TRUE(tone.has_value()) << index;
    EXPECT_EQ(tone->index, index);
    EXPECT_GT(tone->share, 0.8);
  }
}

TEST(Tone, silence_noise_and_a_mix_of_two_are_nobody) {
  std::vector<std::int16_t> pcm(kSampleRate / 5);
  EXPECT_FALSE(dominant_tone(pcm).has_value());
  std::mt19937 random(3);
  for (auto& sample : pcm) sample = static_cast<std::int16_t>(static_cast<int>(random() % 8'000) - 4'000);
  EXPECT_FALSE(dominant_tone(pcm).has_value());
  std::vector<std::int16_t> a(pcm.size()), b(pcm.size());
  ToneSource(3).next(a);
  ToneSource(9).next(b);
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(a[i] + b[i]);
  EXPECT_FALSE(dominant_tone(pcm).has_value());
}

TEST(Content, a_loop_decodes_across_its_seam_and_from_any_restart) {
  const auto content = Content::make(37, 2, false);
  ASSERT_EQ(content->sound.size(), 50U);
  EXPECT_TRUE(content->layers[2].empty());
  SoundDecoder ear;
  std::vector<std::int16_t> heard;
  for (std::size_t i = 40; i < 60; ++i) ASSERT_TRUE(ear.decode(content->sound[i % 50], heard));
  const auto tone = dominant_tone(std::span(heard).last(kFrameSamples * 12));
  ASSERT_TRUE(tone.has_value());
  EXPECT_EQ(tone->index, 37U);

  PictureDecoder eye;
  for (const std::size_t restart : {std::size_t{0}, std::size_t{5}, kLoopFrames + std::size_t{3}})
    for (std::size_t i = 0; i < restart + 3; ++i) {
      const auto decoded = eye.decode(content->layers[1][i % kLoopFrames]);
      ASSERT_TRUE(decoded.has_value());
      EXPECT_EQ(read_colour_code(*decoded), 37U);
    }
}

TEST(Content, a_stamp_in_the_padding_changes_nothing_that_is_heard) {
  const auto plain = Content::make(12, 0, false), stamped = Content::make(12, 0, true);
  SoundDecoder first, second;
  std::vector<std::int16_t> without, with;
  for (std::size_t i = 0; i < plain->sound.size(); ++i) {
    auto packet = stamped->sound[i];
    ASSERT_GE(packet.size(), plain->sound[i].size() + kStampSize);
    std::fill(packet.end() - kStampSize, packet.end(), std::uint8_t{0xa5});
    ASSERT_TRUE(first.decode(plain->sound[i], without));
    ASSERT_TRUE(second.decode(packet, with));
  }
  EXPECT_EQ(without, with);
}

TEST(Content, encoding_is_small_enough_for_one_packet_mostly) {
  const auto content = Content::make(9, 3, false);
  for (std::size_t layer = 0; layer < kLayers; ++layer)
    EXPECT_LT(content->layers[layer][0].size(), 12'000U) << kLayerRids[layer];
}

}  // namespace
}  // namespace load
