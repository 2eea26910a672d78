// SPDX-License-Identifier: Apache-2.0
// How late the way makes what says when it left: stamps that go round, pauses, clocks that drift and leap, and what is hostile.
#include <gtest/gtest.h>

#include <random>

#include "media/transit.h"

namespace media {
namespace {

using base::Duration;
using base::Instant;

// What says when it left, by a clock of its own.
class WayRule : public ::testing::Test {
 protected:
  std::int64_t late_ms() {
    const auto late = way.late(now);
    return late ? late->millis() : -1;
  }
  // One packet in each `every_ms`, each so late.
  void run(double seconds, std::int64_t late, std::int64_t every_ms = 50) {
    for (const auto end = now + Duration::micros(static_cast<std::int64_t>(seconds * 1e6)); now < end;) {
      now = now + Duration::millis(every_ms);
      theirs = theirs + Duration::micros(every_ms * 1'000 + drift_us);
      way.note(wire::AbsSendTimeExtension::at(theirs - Duration::millis(late)), now);
    }
  }
  WayTransit way;
  Instant now{5'000'000'000}, theirs{77'123'456'789};
  std::int64_t drift_us = 0;
};

TEST_F(WayRule, says_nothing_before_anything_came_and_nothing_where_nothing_came_lately) {
  EXPECT_EQ(late_ms(), -1);
  run(5, 0);
  EXPECT_EQ(late_ms(), 0);
  now = now + Duration::millis(700);
  EXPECT_EQ(late_ms(), -1);
}

TEST_F(WayRule, is_late_at_once_and_in_time_again_within_600_ms_also_where_stamps_go_round) {
  run(60, 0);  // and from here over the 64 seconds of a stamp
  for (int i = 0; i < 30; ++i) {
    run(0.1, 200);
    EXPECT_GE(late_ms(), 199);
    EXPECT_LE(late_ms(), 201);
    run(0.6, 0);
    EXPECT_LE(late_ms(), 1);
  }
}

TEST_F(WayRule, knows_what_is_usual_after_minutes_without_anything) {
  run(5, 0);
  for (const std::int64_t pause_s : {20, 31, 33, 64, 97, 128, 300}) {
    now = now + Duration::seconds(pause_s);
    theirs = theirs + Duration::seconds(pause_s);
    run(0.2, 300);
    EXPECT_GE(late_ms(), 299) << pause_s;
    run(1, 0);
    EXPECT_LE(late_ms(), 1) << pause_s;
  }
}

TEST_F(WayRule, a_clock_that_drifts_or_leaps_is_not_late) {
  for (drift_us = -10; drift_us <= 10; drift_us += 20) {  // of 50 ms: 200 in a million
    for (int i = 0; i < 100; ++i) {
      run(3, 0);
      EXPECT_LE(late_ms(), 6);
    }
  }
  drift_us = 0;
  theirs = theirs + Duration::seconds(20);
  run(0.2, 0);
  EXPECT_EQ(late_ms(), 0);
}

TEST_F(WayRule, whatever_is_said_ends_and_is_at_least_nothing) {
  std::mt19937 random(11);
  for (int i = 0; i < 100'000; ++i) {
    now = now + Duration::micros(static_cast<std::int64_t>(random() % (i % 100 == 0 ? 200'000'000 : 40'000)));
    way.note({static_cast<std::uint32_t>(random() & 0xffffffU)}, now);
    ASSERT_GE(late_ms(), 0);
    ASSERT_LE(late_ms(), 64'000);
  }
}

}  // namespace
}  // namespace media
