// SPDX-License-Identifier: Apache-2.0
// What is gathered of one visit, in virtual time.
#include "call/visit_figures.h"

#include <gtest/gtest.h>

namespace call {
namespace {

constexpr base::Duration kEvery = base::Duration::seconds(2);
base::Instant at(std::int64_t ms) { return {ms * 1'000}; }
media::LineFigures line(std::uint64_t packets_in, std::uint64_t lost_in, std::int64_t round_trip_ms) {
  media::LineFigures f;
  f.packets_in = packets_in;
  f.lost_in = lost_in;
  f.round_trip = base::Duration::millis(round_trip_ms);
  return f;
}

TEST(VisitFigures, a_visit_without_media_says_so) {
  VisitWatch w(at(1'000));
  auto far = line(0, 0, 0);
  far.round_trip.reset();
  for (const auto reached : {media::Reached::offered, media::Reached::checked, media::Reached::answered}) {  // tried again
    far.reached = reached;
    w.read(far, false, kEvery);
  }
  w.heard(false, false, at(31'000));  // the handshake timed out
  const auto f = w.ended(at(41'000));
  EXPECT_EQ(f.reached, media::Reached::checked) << "the farthest";
  EXPECT_EQ(f.seconds, 40U);
  EXPECT_FALSE(f.joined_ms);
  EXPECT_EQ(f.interruptions, 0U) << "what never stood is not interrupted";
}

TEST(VisitFigures, time_before_admission_counts_for_nothing_but_the_line) {
  VisitWatch w(at(0));
  w.heard(true, false, at(240));
  auto first = line(90, 10, 50);
  first.reached = media::Reached::secured;
  w.read(first, false, kEvery);
  w.heard(false, false, at(5'000));
  w.heard(true, false, at(6'000));
  auto later = line(180, 20, 150);
  later.pictures = media::Pictures::none;
  w.read(later, true, kEvery);
  const auto f = w.ended(at(10'000));
  EXPECT_EQ(f.joined_ms, 240U);
  EXPECT_FALSE(f.reached) << "told where media never stood";
  EXPECT_EQ(f.present_seconds, 2U);
  EXPECT_EQ(f.interruptions, 0U);
  EXPECT_EQ(f.lost_in_ppm, 100'000U);
  EXPECT_EQ(f.round_trip_ms, 100U);
  EXPECT_EQ(f.worst_round_trip_ms, 150U);
  EXPECT_EQ(f.pictures_seconds, (std::array<std::uint32_t, 4>{0, 0, 0, 2}));
}

TEST(VisitFigures, interruptions_are_counted_and_timed_the_one_that_lasts_too) {
  VisitWatch w(at(0));
  w.heard(true, true, at(100));
  w.heard(false, true, at(10'000));
  w.heard(false, true, at(11'000));  // said again
  w.heard(true, true, at(14'000));
  w.heard(false, true, at(20'000));
  const auto f = w.ended(at(80'000));
  EXPECT_EQ(f.interruptions, 2U);
  EXPECT_EQ(f.interrupted_seconds, 64U);
}

TEST(VisitFigures, a_new_connection_is_known_by_any_of_what_only_grows) {
  VisitWatch w(at(0));
  auto f1 = line(10, 0, 20);
  f1.packets_out = 500;
  w.read(f1, true, kEvery);
  auto f2 = line(90, 0, 20);
  f2.packets_out = 100;
  f2.loss_out = 0.5;
  w.read(f2, true, kEvery);
  EXPECT_NEAR(w.ended(at(4'000)).lost_out_ppm, 83'333, 1);  // 50 of 600
}

TEST(VisitFigures, what_was_repaired_after_all_is_lost_no_more) {
  VisitWatch w(at(0));
  for (const auto& [in, lost] : {std::pair<std::uint64_t, std::uint64_t>{1'000, 100}, {2'000, 99}, {3'000, 99}, {3'900, 100}}) w.read(line(in, lost, 20), true, kEvery);
  EXPECT_EQ(w.ended(at(8'000)).lost_in_ppm, 25'000U);  // 100 of 4,000
}

TEST(VisitFigures, counters_that_begin_again_after_a_reload_are_added) {
  VisitWatch w(at(0));
  auto f1 = line(1'000, 0, 20);
  f1.packets_out = 100;
  f1.bytes_in = 10'000;
  f1.bytes_out = 70'000;
  f1.loss_out = 0.1;
  w.read(f1, true, kEvery);
  auto f2 = line(100, 100, 20);
  f2.packets_out = 300;
  f2.bytes_in = 1'000;
  f2.bytes_out = 7'000;
  f2.thinned = {base::ArrivalId{5}};
  w.read(f2, true, kEvery);
  const auto f = w.ended(at(4'000));
  EXPECT_EQ(f.bytes_in, 11'000U);
  EXPECT_EQ(f.bytes_out, 77'000U);
  EXPECT_EQ(f.lost_in_ppm, 83'333U);  // 100 of 1,200
  EXPECT_NEAR(f.lost_out_ppm, 25'000, 1);  // 10 of the first 100, none of the 300 after
  EXPECT_EQ(f.thinned_seconds, 2U);
}

}  // namespace
}  // namespace call
