// SPDX-License-Identifier: Apache-2.0
// The small parts of a synthetic person: counting what came, cutting and joining frames, the file of links, the messages.
#include <gtest/gtest.h>

#include "load/bench_load.h"
#include "load/in_stream.h"
#include "load/links.h"
#include "load/signalling.h"
#include "load/subscriber.h"
#include "load/vp8_packets.h"

namespace load {
namespace {

constexpr base::Instant at(std::int64_t ms) { return {1'000'000 + ms * 1'000}; }

TEST(BenchLoad, in_a_gallery_one_talks_one_does_every_other_second_and_nobody_else) {
  int talked[4] = {};
  for (unsigned place = 0; place < 4; ++place) {
    const auto load = BenchLoad::gallery(place, true);
    for (std::uint64_t packet = 0; packet < 200; ++packet) talked[place] += load.talks_at(packet) ? 1 : 0;
  }
  EXPECT_EQ(talked[0], 200);
  EXPECT_EQ(talked[1], 100);
  EXPECT_EQ(talked[2] + talked[3], 0);
}

TEST(Latencies, quantiles_are_within_a_step_of_what_was_added_at_any_size) {
  for (const std::int64_t us : {0, 15, 430, 9'990, 10'000, 54'300, 99'999, 100'000, 765'000, 1'999'999}) {
    Latencies some, all;
    for (int i = 0; i < 99; ++i) some.add(base::Duration::micros(us));
    some.add(base::Duration::seconds(9));
    all.add(some);
    EXPECT_EQ(all.count(), 100U);
    EXPECT_NEAR(all.quantile_ms(0.5) * 1'000, static_cast<double>(us), us < 10'000 ? 20 : us < 100'000 ? 200 : 5'000);
    EXPECT_GT(all.quantile_ms(1), 1'990);
  }
}

TEST(BenchLoad, layers_of_a_gallery_have_the_bit_rates_that_the_client_asks_for) {
  const auto kilobits = [](const BenchLoad& load, std::size_t layer) {
    const BenchLayer& shape = load.layers[layer];
    std::size_t frames = 0, packets = 0;
    for (std::uint64_t i = 0; i < load.frames_per_second; ++i)
      if (load.has_frame(shape, i)) packets += shape.packets_of(frames++);
    return packets * load.layers[layer].octets * 8 / 1'000;
  };
  EXPECT_EQ(kilobits(BenchLoad::gallery(0, true), 0), 80U);
  EXPECT_EQ(kilobits(BenchLoad::gallery(0, false), 0), 99U);
  EXPECT_NEAR(static_cast<double>(kilobits(BenchLoad::gallery(0, true), 1)), 650, 1);
}

TEST(InStream, counts_over_the_wrap_what_came_what_is_missing_and_what_came_twice) {
  InStream s(base::Ssrc{7}, 48'000, true);
  for (const auto sequence : std::initializer_list<std::uint16_t>{65'533, 65'534, 1, 0}) EXPECT_TRUE(s.take(at(0), sequence, 0, false)) << sequence;
  EXPECT_FALSE(s.take(at(0), 0, 0, false)) << "twice";
  EXPECT_FALSE(s.take(at(0), 65'000, 0, false)) << "from before the first";
  EXPECT_EQ(s.expected(), 5U);
  EXPECT_EQ(s.received(), 4U);
  EXPECT_EQ(s.lost(), 1U);
  EXPECT_EQ(s.duplicates(), 2U);
  const auto block = s.report(at(10));
  EXPECT_EQ(block.ssrc, base::Ssrc{7});
  EXPECT_EQ(block.highest_sequence, 65'537U);
  EXPECT_EQ(block.cumulative_lost, 1);
  EXPECT_EQ(block.fraction_lost, 256 / 5);
  EXPECT_EQ(s.report(at(20)).fraction_lost, 0) << "each loss is told once";
}

TEST(InStream, asks_after_ten_milliseconds_at_most_four_times_and_not_for_what_came_late) {
  InStream s(base::Ssrc{7}, 90'000, true);
  (void)s.take(at(0), 10, 0, false);
  (void)s.take(at(0), 13, 0, false);
  EXPECT_FALSE(s.nack(at(9)));
  auto nack = s.nack(at(10));
  ASSERT_TRUE(nack);
  std::vector<std::uint16_t> asked;
  nack->for_each([&](std::uint16_t n) { asked.push_back(n); });
  EXPECT_EQ(asked, (std::vector<std::uint16_t>{11, 12}));
  EXPECT_TRUE(s.take(at(20), 11, 0, true));
  EXPECT_EQ(s.repaired(), 1U);
  int times = 1;
  for (int ms = 20; ms < 1'000; ms += 10)
    if (const auto again = s.nack(at(ms))) {
      ++times;
      again->for_each([](std::uint16_t n) { EXPECT_EQ(n, 12); });
    }
  EXPECT_EQ(times, 4);
}

TEST(InStream, a_stream_without_repairs_asks_for_nothing) {
  InStream s(base::Ssrc{7}, 48'000, false);
  (void)s.take(at(0), 10, 0, false);
  (void)s.take(at(0), 20, 0, false);
  EXPECT_FALSE(s.nack(at(1'000)));
  EXPECT_EQ(s.lost(), 9U);
}

// A frame of this size whose first byte says whether it is a key frame (RFC 6386 section 9.1: bit 0 is zero).
std::vector<std::uint8_t> frame(std::size_t size, bool key, std::uint8_t fill) {
  std::vector<std::uint8_t> out(size, fill);
  out[0] = key ? 0x10 : 0x11;
  return out;
}

struct Cut {
  std::vector<std::uint8_t> payload;
  bool last;
};
std::vector<Cut> cut(const std::vector<std::uint8_t>& whole, Vp8Position position) {
  std::vector<Cut> out;
  for_each_vp8_payload(whole, position, [&](base::Bytes p, bool last) { out.push_back({{p.begin(), p.end()}, last}); });
  return out;
}

TEST(Vp8Packets, a_frame_cut_in_pieces_is_joined_again_in_any_order) {
  Vp8Joiner joiner;
  const auto key = frame(5'000, true, 3), delta = frame(900, false, 4);
  Vp8Position position{0x7fff, 255};
  const auto first = cut(key, position);
  position.next_frame();
  EXPECT_EQ(position.picture_id, 0);
  EXPECT_EQ(position.tl0, 0);
  const auto second = cut(delta, position);
  ASSERT_EQ(first.size(), 5U);
  for (const auto& piece : first) EXPECT_LE(piece.payload.size(), kPicturePayload);
  std::int64_t sequence = 70'000;
  joiner.add(sequence + 5, second[0].last, second[0].payload);
  for (std::size_t i = first.size(); i-- > 0;) {
    if (i < 4) EXPECT_FALSE(joiner.next(at(0))) << "a whole frame or none";
    joiner.add(sequence + static_cast<std::int64_t>(i), first[i].last, first[i].payload);
  }
  EXPECT_EQ(joiner.next(at(0)), key);
  EXPECT_EQ(joiner.next(at(0)), delta);
  EXPECT_FALSE(joiner.next(at(0)));
}

TEST(Vp8Packets, nothing_is_given_before_a_key_frame) {
  Vp8Joiner joiner;
  const auto delta = frame(100, false, 1), key = frame(100, true, 2);
  joiner.add(10, true, cut(delta, {}).front().payload);
  EXPECT_FALSE(joiner.next(at(0)));
  EXPECT_TRUE(joiner.waits_for_key());
  joiner.add(11, true, cut(key, {}).front().payload);
  EXPECT_EQ(joiner.next(at(1)), key);
  EXPECT_FALSE(joiner.waits_for_key());
}

TEST(Links, addresses_and_bare_secrets_are_read_and_what_is_neither_is_named) {
  const auto rooms = read_links(R"([{"room":1,"links":[{"seat":3,"role":"member","link":"http://localhost:8080/join#abc"},
                                     {"seat":4,"role":"facilitator","link":"def","index":9}]}])");
  ASSERT_EQ(rooms.size(), 1U);
  ASSERT_EQ(rooms[0].links.size(), 2U);
  EXPECT_EQ(rooms[0].links[0].secret, "abc");
  EXPECT_EQ(rooms[0].links[0].seat, 3U);
  EXPECT_FALSE(rooms[0].links[0].index);
  EXPECT_EQ(rooms[0].links[1].secret, "def");
  EXPECT_EQ(rooms[0].links[1].index, 9U);
  for (const auto* wrong : {"", "{}", "[1]", R"([{"links":[{"seat":3}]}])", R"([{"links":[{"link":"http://x/#"}]}])",
                            R"([{"links":[{"link":"a","seat":-1}]}])", R"([{"links":[{"link":5}]}])"})
    EXPECT_THROW((void)read_links(wrong), std::invalid_argument) << wrong;
}

TEST(Signalling, what_breaks_the_protocol_is_said_to_and_what_is_unknown_is_let_by) {
  for (const auto* wrong : {"", "[]", "{}", R"({"type":5})", R"({"type":"slots"})", R"({"type":"slots","carries":["a"]})",
                            R"({"type":"offer","offer":1})", R"({"type":"state"})"})
    EXPECT_TRUE(std::holds_alternative<Unreadable>(read_message(wrong))) << wrong;
  EXPECT_TRUE(std::holds_alternative<OtherMessage>(read_message(R"({"type":"tomorrow","new":1})")));
  const auto slots = read_message(R"({"type":"slots","carries":[3,null,7],"newer":true})");
  ASSERT_TRUE(std::holds_alternative<SlotsMessage>(slots));
  EXPECT_EQ(std::get<SlotsMessage>(slots).carries, (std::vector<std::optional<std::uint32_t>>{3, {}, 7}));
}

}  // namespace
}  // namespace load
