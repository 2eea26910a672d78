// SPDX-License-Identifier: Apache-2.0
#include "wire/rtcp.h"

#include <gtest/gtest.h>

#include <functional>

#include "wire/test_bytes.h"

namespace wire {
namespace {

const ReportBlock kBlock{{2}, 64, -1, 0x0001ffff, 3, 0xe3e4a1a2, 0x10000};

// The one message of a packet as T.
template <class T>
std::optional<T> only(base::Bytes bytes) {
  std::optional<T> out;
  const auto tally = read_rtcp(bytes, [&]<class U>(const U& message) {
    if constexpr (std::is_same_v<T, U>) out = message;
  });
  EXPECT_TRUE(tally);
  return out;
}

template <class T>
void holds_both_ways(const T& value, std::string_view hex) {
  EXPECT_EQ(to_hex(written(value)), to_hex(from_hex(hex))) << T::kName;
  const Buffer bytes = from_hex(hex);
  EXPECT_EQ(only<T>(bytes), value) << T::kName;
}

TransportFeedback feedback(std::initializer_list<PacketStatus> statuses) {
  TransportFeedback f;
  f.sender = {1};
  f.media = {2};
  f.base_sequence = 10;
  f.reference_time = 5;
  f.feedback_count = 1;
  for (const PacketStatus& s : statuses) (void)f.statuses.push_back(s);
  return f;
}

}  // namespace

TEST(Rtcp, each_message_has_these_bytes_both_ways) {
  SenderReport sr;
  sr.sender = {1};
  sr.ntp = {0xe1e2e3e4a1a2a3a4};
  sr.rtp_timestamp = 100;
  sr.packets = 10;
  sr.octets = 1000;
  sr.blocks = {kBlock};
  holds_both_ways(sr,
                  "81c8000c 00000001 e1e2e3e4a1a2a3a4 00000064 0000000a 000003e8"
                  "00000002 40ffffff 0001ffff 00000003 e3e4a1a2 00010000");
  ReceiverReport rr;
  rr.sender = {1};
  rr.blocks = {kBlock};
  holds_both_ways(rr, "81c90007 00000001 00000002 40ffffff 0001ffff 00000003 e3e4a1a2 00010000");
  holds_both_ways(ReceiverReport{{1}, {}}, "80c90001 00000001");
  holds_both_ways(SourceDescription{{SdesChunk{{1}, "cname"}, SdesChunk{{2}, "ab"}}},
                  "82ca0006 00000001 01 05 636e616d65 00 00000002 01 02 6162 00000000");
  holds_both_ways(Bye{{base::Ssrc{1}, base::Ssrc{2}}}, "82cb0002 00000001 00000002");
  holds_both_ways(Nack{{1}, {2}, {NackItem{10, 0x8001}, NackItem{0xfffe, 3}}},
                  "81cd0004 00000001 00000002 000a8001 fffe0003");
  holds_both_ways(Pli{{1}, {2}}, "81ce0002 00000001 00000002");
  holds_both_ways(Fir{{1}, {FirEntry{{2}, 7}}}, "84ce0004 00000001 00000000 00000002 07000000");
  holds_both_ways(Remb{{1}, 500'000, {base::Ssrc{5}, base::Ssrc{6}}},
                  "8fce0006 00000001 00000000 52454d42 0207d090"  // 0x1e848 << 2, see the next test
                  "00000005 00000006");
}

TEST(Rtcp, the_sdes_end_fills_a_word_even_where_the_text_ends_on_one) {
  // 4 + 2 + 2 bytes: a whole word of zeros follows.
  EXPECT_EQ(written(SourceDescription{{SdesChunk{{2}, "ab"}}}).size(), 16U);
}

TEST(Rtcp, remb_keeps_the_highest_18_bits) {
  for (const std::uint64_t bps :
       {0ULL, 1ULL, 262'143ULL, 262'144ULL, 2'500'000ULL, 1'000'000'007ULL, 0xffffffffffffffffULL}) {
    Remb r;
    r.bitrate_bps = bps;
    const auto again = only<Remb>(written(r));
    ASSERT_TRUE(again);
    EXPECT_LE(again->bitrate_bps, bps);
    EXPECT_LE(bps - again->bitrate_bps, bps >> 17);
  }
}

TEST(Rtcp, a_remb_exponent_that_overflows_is_malformed) {
  const auto tally = read_rtcp(from_hex("8fce0004 00000001 00000000 52454d42 00ffffff"), [](const auto&) {});
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->malformed, 1U);
}

TEST(Rtcp, a_compound_is_read_in_order_and_unknown_packets_are_skipped) {
  const Buffer bytes = from_hex(
      "80c90001 00000001"                    // RR
      "80cf0001 00000001"                    // XR: not ours
      "8fce0003 00000001 00000002 41424344"  // another application message: not REMB
      "83cd0002 00000001 00000002"           // a transport feedback format that is not ours
      "81cd0001 00000001"                    // a NACK that is too short
      "81ce0002 00000001 00000002");         // PLI
  std::vector<std::string_view> seen;
  const auto tally = read_rtcp(bytes, [&]<class T>(const T&) { seen.emplace_back(T::kName); });
  ASSERT_TRUE(tally);
  EXPECT_EQ(seen, (std::vector<std::string_view>{"receiver_report", "pli"}));
  EXPECT_EQ(tally->read, 2U);
  EXPECT_EQ(tally->skipped, 3U);
  EXPECT_EQ(tally->malformed, 1U);
}

TEST(Rtcp, what_came_before_a_broken_header_was_given) {
  for (const std::string_view rest :
       {"81ce0003 00000001 00000002", "41ce0000", "81ce", "a1ce0001 00000000", "a1ce0001 00000009"}) {
    int seen = 0;
    EXPECT_FALSE(read_rtcp(from_hex("80c90001 00000001" + std::string{rest}), [&](const auto&) { ++seen; })) << rest;
    EXPECT_EQ(seen, 1) << rest;
  }
}

TEST(Rtcp, every_truncation_of_a_message_is_refused_or_counted) {
  const Buffer whole = from_hex("81c90007 00000001 00000002 40ffffff 0001ffff 00000003 e3e4a1a2 00010000");
  for (std::size_t words = 0; words < 7; ++words) {
    Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(4 + 4 * words));
    base::store_u16(cut.data() + 2, static_cast<std::uint16_t>(words));
    const auto tally = read_rtcp(cut, [](const auto&) {});
    ASSERT_TRUE(tally);
    EXPECT_EQ(tally->malformed, 1U) << words;
  }
}

TEST(Rtcp, a_write_that_does_not_fit_says_so_at_any_size) {
  const SourceDescription sdes{{SdesChunk{{1}, "cname"}}};
  const std::size_t needed = written(sdes).size();
  for (std::size_t size = 0; size < needed; ++size) {
    Buffer out(size);
    base::Writer w{out};
    EXPECT_FALSE(sdes.write(w)) << size;
  }
}

TEST(Rtcp, ntp_and_wall_time_turn_into_each_other) {
  EXPECT_EQ(to_ntp(base::WallTime{0}).value, 2'208'988'800ULL << 32);
  EXPECT_EQ(to_ntp(base::WallTime{500'000}).value & 0xffffffff, 0x80000000U);
  for (const std::int64_t us : {0LL, 1LL, 999'999LL, 1'764'000'000'123'456LL})
    EXPECT_EQ(to_wall(to_ntp(base::WallTime{us})).us, us);
  EXPECT_EQ(NtpTime{0x1122334455667788}.middle(), 0x33445566U);
}

TEST(Nack, packets_within_sixteen_share_an_item_across_the_wrap) {
  Nack n;
  for (const std::uint16_t s : std::initializer_list<std::uint16_t>{65530, 65531, 10, 11, 40}) EXPECT_TRUE(n.add(s));
  EXPECT_EQ(n.items, (FixedList<NackItem, Nack::kMaxItems>{NackItem{65530, 0x8001}, NackItem{11, 0}, NackItem{40, 0}}));
  std::vector<std::uint16_t> lost;
  n.for_each([&](std::uint16_t s) { lost.push_back(s); });
  EXPECT_EQ(lost, (std::vector<std::uint16_t>{65530, 65531, 10, 11, 40}));
}

TEST(Nack, a_full_message_refuses_more) {
  Nack n;
  for (std::size_t i = 0; i < Nack::kMaxItems; ++i) EXPECT_TRUE(n.add(static_cast<std::uint16_t>(i * 20)));
  EXPECT_FALSE(n.add(60'000));
  EXPECT_LE(written(n).size(), 1024U);
}

TEST(TransportFeedback, a_run_of_small_deltas_has_these_bytes) {
  holds_both_ways(feedback({{true, 1}, {true, 2}, {true, 3}}),
                  "afcd0006 00000001 00000002 000a0003 00000501 2003 010203 000003");
}

TEST(TransportFeedback, one_bit_and_two_bit_vectors_have_these_bytes) {
  // Lost packets between: a vector of 14 (1 0 1); a large delta: a vector of 7 (01 00 10).
  holds_both_ways(feedback({{true, 4}, {false, 0}, {true, 5}}),
                  "8fcd0005 00000001 00000002 000a0003 00000501 a800 0405");
  holds_both_ways(feedback({{true, 4}, {false, 0}, {true, -2}}),
                  "afcd0006 00000001 00000002 000a0003 00000501 d200 04fffe 000003");
}

TEST(TransportFeedback, long_runs_take_one_chunk) {
  TransportFeedback f = feedback({{true, 1}});
  for (int i = 0; i < 1000; ++i) (void)f.statuses.push_back({false, 0});
  for (int i = 0; i < 20; ++i) (void)f.statuses.push_back({true, 300});
  const Buffer bytes = written(f);
  // Header and fixed part 20; a vector, then two runs: 6; deltas 1 + 40; padding 1.
  EXPECT_EQ(bytes.size(), 68U);
  EXPECT_EQ(only<TransportFeedback>(bytes), f);
}

TEST(TransportFeedback, any_pattern_survives) {
  std::uint32_t state = 1;  // a small generator of its own: the pattern is the same at every run
  const auto next = [&] { return (state = state * 1664525 + 1013904223) >> 16; };
  for (int round = 0; round < 300; ++round) {
    TransportFeedback f = feedback({});
    f.reference_time = -7;
    f.base_sequence = 0xfff0;
    const std::size_t count = 1 + next() % 400;
    const unsigned lossy = next() % 8, large = next() % 8;
    while (f.statuses.size() < count) {
      PacketStatus s{next() % 8 >= lossy, 0};
      if (s.received)
        s.delta = static_cast<std::int16_t>(next() % 8 < large ? static_cast<int>(next()) - 32768 : next() % 256);
      (void)f.statuses.push_back(s);
    }
    EXPECT_EQ(only<TransportFeedback>(written(f)), f) << round;
  }
}

TEST(TransportFeedback, arrivals_add_up_from_the_reference_time) {
  const TransportFeedback f = feedback({{true, 4}, {false, 0}, {true, -2}});
  std::vector<std::int64_t> at;
  f.for_each([&](std::uint16_t sequence, bool received, base::Duration arrival) {
    EXPECT_EQ(sequence, 10 + at.size());
    at.push_back(received ? arrival.us : -1);
  });
  EXPECT_EQ(at, (std::vector<std::int64_t>{321'000, -1, 320'500}));
}

TEST(TransportFeedback, hostile_counts_and_chunks_are_malformed) {
  const struct {
    std::string_view why, bytes;
  } cases[] = {
      {"no status", "8fcd0004 00000001 00000002 000a0000 00000501"},
      {"65,535 statuses in one run", "8fcd0005 00000001 00000002 000affff 00000501 1fff0000"},
      {"deltas missing", "8fcd0005 00000001 00000002 000a0010 00000501 20100000"},
      {"chunks missing", "8fcd0004 00000001 00000002 000a0003 00000501"},
      {"empty runs for ever", "8fcd0005 00000001 00000002 000a0003 00000501 00000000"},
      {"reserved symbol in a run", "8fcd0005 00000001 00000002 000a0001 00000501 60010000"},
      {"reserved symbol in a vector", "8fcd0005 00000001 00000002 000a0001 00000501 f0000000"},
  };
  for (const auto& c : cases) {
    const auto tally = read_rtcp(from_hex(c.bytes), [](const auto&) {});
    ASSERT_TRUE(tally) << c.why;
    EXPECT_EQ(tally->malformed, 1U) << c.why;
  }
}

}  // namespace wire
