// SPDX-License-Identifier: Apache-2.0
// The list as a whole, and each extension's bytes. Every entry of the list must have cases here: a new one without
// fails.
#include "wire/header_extensions.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "wire/rtp.h"
#include "wire/test_bytes.h"

namespace wire {
namespace {

struct Cases {
  std::vector<std::string_view> good;  // read, written again to the same bytes
  std::vector<std::string_view> bad;
};
const std::map<std::string_view, Cases> kCases = {
    {MidExtension::kName, {{"6d", "733132"}, {"", "2061", "0a", "61616161616161616161616161616161 61"}}},
    {RidExtension::kName, {{"71"}, {"", "00", "ff"}}},
    {RepairedRidExtension::kName, {{"66"}, {"", "7f"}}},
    {AudioLevelExtension::kName, {{"00", "7f", "80", "ff"}, {"", "000000"}}},
    {AbsSendTimeExtension::kName, {{"000000", "ffffff", "123456"}, {"", "1234", "12345678"}}},
    {TransportSequenceExtension::kName, {{"0000", "beef"}, {"", "01", "010203"}}},
    {PlayoutDelayExtension::kName, {{"000000", "000190", "ffffff"}, {"", "0001", "001000"}}},
    {DependencyDescriptorExtension::kName,
     {{"c00001", "3f ffff", "c00001800214eaa860414d1410208427027f0167"},
      {"", "c000", "c0000180", "c00001400214", "c0000180021400", "c00001 20", "c00001 08"}}},
    {VideoLayersExtension::kName,
     {{"00", "01 00 05", "21 00 0a 14 1e", "51 50 0a 14 1e 28", "60 11 50 00 0a 14 1e 28",
       "21 00 0a 14 1e 009f 0059 1e 013f 00b3 1e 027f 0167 1e", "01 00 ac02"},
      {"", "c1 00 05", "30 00 00 00", "01", "01 00", "01 00 80", "01 00 ffffffff7f", "01 00 05 0001",
       "01 00 05 ffff 0001 1e"}}},
};

}  // namespace

TEST(HeaderExtensions, ids_are_different_and_within_what_firefox_takes) {
  std::set<unsigned> ids;
  std::set<std::string_view> uris;
  for_each_header_extension([&]<class Entry>(Entry) {
    EXPECT_GE(Entry::kId, 1);
    EXPECT_LE(Entry::kId, 14);
    EXPECT_TRUE(ids.insert(Entry::kId).second) << Entry::Type::kName;
    EXPECT_TRUE(uris.insert(Entry::Type::kUri).second) << Entry::Type::kName;
  });
  EXPECT_EQ(offered_id<MidExtension>(), 1);
}

TEST(HeaderExtensions, each_reads_and_writes_the_same_bytes) {
  for_each_header_extension([]<class Entry>(Entry) {
    using T = Entry::Type;
    ASSERT_TRUE(kCases.contains(T::kName)) << T::kName;
    for (const std::string_view hex : kCases.at(T::kName).good) {
      const Buffer bytes = from_hex(hex);
      const auto value = T::parse(bytes);
      ASSERT_TRUE(value) << T::kName << ' ' << hex;
      EXPECT_EQ(to_hex(written(*value)), to_hex(bytes)) << T::kName;
    }
  });
}

TEST(HeaderExtensions, each_refuses_hostile_bytes) {
  for_each_header_extension([]<class Entry>(Entry) {
    using T = Entry::Type;
    ASSERT_FALSE(kCases.at(T::kName).bad.empty());
    for (const std::string_view hex : kCases.at(T::kName).bad)
      EXPECT_FALSE(T::parse(from_hex(hex))) << T::kName << ' ' << hex;
  });
}

TEST(HeaderExtensions, all_of_them_pass_through_one_rtp_header) {
  Buffer out(kMaxRtpHeader);
  RtpHeaderWriter writer{out, {}};
  for_each_header_extension([&]<class Entry>(Entry) {
    ASSERT_TRUE(writer.extension(Entry::kId, from_hex(kCases.at(Entry::Type::kName).good.back())));
  });
  const auto view = parse_rtp(base::Bytes{out}.first(writer.finish()));
  ASSERT_TRUE(view);
  for_each_header_extension([&]<class Entry>(Entry) {
    const auto data = view->extension(Entry::kId);
    ASSERT_TRUE(data) << Entry::Type::kName;
    EXPECT_TRUE(Entry::Type::parse(*data)) << Entry::Type::kName;
  });
}

TEST(AudioLevel, voice_and_level_are_apart) {
  EXPECT_EQ(AudioLevelExtension::parse(from_hex("a3")), (AudioLevelExtension{true, 35}));
  EXPECT_EQ(AudioLevelExtension::parse(from_hex("2300")), (AudioLevelExtension{false, 35}));  // RFC 6464 section 3
  EXPECT_TRUE(written(AudioLevelExtension{false, 128}).empty());
}

TEST(AbsSendTime, counts_seconds_in_2_to_the_18_and_wraps_at_64) {
  EXPECT_EQ(AbsSendTimeExtension::at(base::Instant{1'000'000}).value, 1U << 18);
  EXPECT_EQ(AbsSendTimeExtension::at(base::Instant{65'000'000}).value, 1U << 18);
  const auto late = AbsSendTimeExtension::at(base::Instant{63'990'000});
  const auto early = AbsSendTimeExtension::at(base::Instant{64'010'000});
  EXPECT_NEAR(static_cast<double>(early.since(late).us), 20'000, 8);
  EXPECT_NEAR(static_cast<double>(late.since(early).us), -20'000, 8);
}

TEST(VideoLayers, three_simulcast_streams_with_sizes_are_understood) {
  // Stream 1 of 3, one spatial layer each, two temporal layers each.
  const auto v =
      VideoLayersExtension::parse(from_hex("61 54 0a 14 1e 28 ac02 f403 009f 0059 0f 013f 00b3 1e 027f 0167 1e"));
  ASSERT_TRUE(v);
  EXPECT_EQ(v->stream, 1);
  ASSERT_EQ(v->streams, 3);
  ASSERT_EQ(v->layers.size(), 3U);
  EXPECT_EQ(v->layers[2].stream, 2);
  EXPECT_EQ(v->layers[2].temporal_kbps, (FixedList<std::uint32_t, 4>{300, 500}));
  EXPECT_EQ(v->layers[2].width, 640);
  EXPECT_EQ(v->layers[2].height, 360);
  EXPECT_EQ(v->layers[0].frame_rate, 15);
}

TEST(VideoLayers, layers_out_of_order_are_not_written) {
  VideoLayersExtension v;
  v.streams = 2;
  v.layers = {{1, 0, {5}, 0, 0, 0}, {0, 0, {5}, 0, 0, 0}};
  EXPECT_TRUE(written(v).empty());
}

}  // namespace wire
