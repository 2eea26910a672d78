// SPDX-License-Identifier: Apache-2.0
// The rule of a line that is narrow upwards, alone and in virtual time: what it takes for waiting, and how it goes down and up.
// With a room and a line in between: line_upwards_test.cpp.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "media/uplink_guide.h"

namespace media {
namespace {

using base::Duration;
using base::Instant;

// Somebody whose sound is late by `late`, and of whom so much comes at all.
class UplinkRule : public ::testing::Test {
 protected:
  struct Comes {
    std::int64_t late_ms = 0;
    std::uint32_t bps = 100'000;
    std::uint32_t lost = 0;  // of ten packets
    bool sound = true;
    std::optional<std::int64_t> way_ms = {};  // so late is what says when it left
  };
  template <class F>
  void run(double seconds, F&& comes) {
    const auto began = now;
    const auto end = now + Duration::micros(static_cast<std::int64_t>(seconds * 1e6));
    for (; now < end; now = now + Duration::millis(20)) {
      const Comes is = comes();
      const auto way = is.way_ms.transform([](std::int64_t ms) { return Duration::millis(ms); });
      bytes += is.bps / 8 / 50;
      timestamp += 960;
      ++packets;
      if (!is.sound) {
      } else if (packets % 10 < is.lost) {
        ++skipped;
      } else {
        arrives.emplace(now + Duration::millis(30 + is.late_ms), Packet{timestamp, std::exchange(skipped, 0)});
      }
      for (; !arrives.empty() && arrives.begin()->first <= now; arrives.erase(arrives.begin())) {
        const auto& [at, packet] = *arrives.begin();
        if (packet.timestamp - newest < 0x80000000U) guide.sound(newest = packet.timestamp, packet.skipped, way, at);
      }
      if (now.us % 100'000 != 0) continue;
      guide.look(bytes, now);
      if (guide.follow(now, others)) {
        steps.push_back(guide.step());
        fell_after_ms = (now - began).millis();
      }
    }
  }
  void run(double seconds, const Comes& comes) {
    run(seconds, [&] { return comes; });
  }
  struct Packet {
    std::uint32_t timestamp, skipped;
  };
  UplinkGuide guide;
  Instant now{1'000'000'000};
  bool others = false;
  std::uint64_t bytes = 0;
  std::uint32_t timestamp = 4'000'000'000, newest = timestamp, skipped = 0, packets = 0;
  std::multimap<Instant, Packet> arrives;
  std::vector<Uplink> steps;
  std::int64_t fell_after_ms = 0;  // the last step, within its run()
};

TEST_F(UplinkRule, a_queue_with_little_coming_through_pauses_the_picture_at_once) {
  run(5, {});
  run(1, {.late_ms = 300});
  EXPECT_EQ(steps, std::vector{Uplink::paused});
  EXPECT_TRUE(guide.narrow());
}

TEST_F(UplinkRule, a_queue_of_a_line_that_carries_a_picture_is_the_browsers_own) {
  run(5, {.bps = 900'000});
  run(20, {.late_ms = 400, .bps = 400'000});
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, in_between_the_picture_becomes_small) {
  run(5, {.bps = 900'000});
  run(1, {.late_ms = 300, .bps = 200'000});
  EXPECT_EQ(steps, std::vector{Uplink::small});
  EXPECT_FALSE(guide.narrow());
  EXPECT_TRUE(guide.little());
}

TEST_F(UplinkRule, what_is_held_up_for_a_moment_and_comes_in_one_burst_is_no_queue) {
  std::int64_t left = 0;
  run(60, [&] {
    // Every two seconds nothing comes for 400 ms, and then all of it.
    left = left <= 0 ? 2'000 : left - 20;
    return Comes{.late_ms = left <= 400 ? left : 0};
  });
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, what_was_held_up_and_then_comes_quickly_one_after_another_is_no_queue) {
  int until_next = 100;
  std::int64_t late = 0;
  run(120, [&] {
    late = until_next-- > 0 ? std::max<std::int64_t>(0, late - 14) : 400;  // every six milliseconds one that was sent in twenty
    if (late == 400) until_next = 100 + static_cast<int>(packets % 7);     // a look falls elsewhere each time
    return Comes{.late_ms = late};
  });
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, a_step_that_failed_is_tried_later_each_time_though_what_waited_takes_long_to_drain) {
  run(5, {});
  std::vector<double> trials;
  auto last = guide.step();
  double queue_ms = 0;
  // The line carries the least picture, with a queue that then drains slowly, and not the small one.
  run(900, [&] {
    if (guide.step() != last && guide.step() == Uplink::small && last == Uplink::least) trials.push_back(static_cast<double>(now.us) / 1e6);
    last = guide.step();
    queue_ms = std::clamp(queue_ms + (guide.step() > Uplink::least ? 8.0 : guide.step() == Uplink::least ? -1.5 : -10.0), 0.0, 600.0);
    return Comes{.late_ms = static_cast<std::int64_t>(queue_ms), .bps = 100'000};
  });
  ASSERT_GE(trials.size(), 3U);
  EXPECT_LE(trials.size(), 14U) << "and not every 25 seconds";
}

TEST_F(UplinkRule, a_queue_that_grows_is_found_before_it_is_200_ms_long) {
  run(5, {});
  std::int64_t late = 0;
  run(1.2, [&] { return Comes{.late_ms = late += 10}; });  // half as much again as the line carries
  ASSERT_EQ(steps, std::vector{Uplink::paused});
  EXPECT_LE(fell_after_ms, 600) << "a third of that is waited for";
}

TEST_F(UplinkRule, what_comes_late_of_several_at_once_is_a_busy_machine_unless_it_lasts) {
  run(5, {});
  others = true;
  for (int i = 0; i < 5; ++i) {
    run(2, {.late_ms = 300});
    EXPECT_TRUE(guide.suspected(now));
    run(20, {});
    EXPECT_FALSE(guide.suspected(now));
  }
  EXPECT_TRUE(steps.empty());
  run(5, {.late_ms = 300});
  EXPECT_EQ(steps, std::vector{Uplink::paused}) << "they share one line";
  EXPECT_LE(fell_after_ms, 4'000);
  run(2, {.late_ms = 300});
  EXPECT_FALSE(guide.suspected(now)) << "it is known";
}

TEST_F(UplinkRule, sound_that_is_late_while_what_left_later_comes_in_time_waits_for_its_device_and_for_no_line) {
  run(5, {.way_ms = 0});
  std::int64_t late = 0;
  run(1, [&] { return Comes{.late_ms = late += 10, .way_ms = 20}; });
  run(20, {.late_ms = 550, .bps = 200'000, .way_ms = 30});
  EXPECT_TRUE(steps.empty());
  run(20, {.way_ms = 0});
  run(2, {.late_ms = 450, .way_ms = 250});
  EXPECT_EQ(steps, std::vector{Uplink::paused}) << "for both";
}

TEST_F(UplinkRule, where_nothing_says_when_it_left_late_sound_waits_for_the_line) {
  run(5, {.way_ms = 0});
  run(1, {.late_ms = 300});
  EXPECT_EQ(steps, std::vector{Uplink::paused});
}

TEST_F(UplinkRule, a_line_that_drops_what_it_cannot_carry_is_told_by_that_alone) {
  run(5, {.way_ms = 0});
  run(6, {.lost = 4, .way_ms = 0});
  EXPECT_EQ(steps, std::vector{Uplink::paused});
}

TEST_F(UplinkRule, jitter_is_no_queue) {
  std::mt19937 random(7);
  run(60, [&] { return Comes{.late_ms = std::uniform_int_distribution<std::int64_t>(0, 120)(random)}; });
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, a_clock_that_drifts_or_stood_still_while_the_microphone_was_off_is_no_queue) {
  run(5, {});
  run(10, {.sound = false});
  timestamp -= 10 * 48'000;  // as Chromium: without a track nothing is counted
  newest = timestamp;
  run(10, {});
  double late = 0;
  run(600, [&] { return Comes{.late_ms = static_cast<std::int64_t>(late += 0.002)}; });  // 100 in a million
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, a_way_that_becomes_longer_at_once_is_found_out_within_two_seconds_and_then_is_usual) {
  run(5, {});
  run(60, {.late_ms = 250});
  EXPECT_EQ(steps, (std::vector{Uplink::paused, Uplink::whole}));
  steps.clear();
  run(2, {.late_ms = 500});
  EXPECT_EQ(steps, std::vector{Uplink::paused});
  run(3, {.late_ms = 250});
  EXPECT_EQ(steps, std::vector{Uplink::paused}) << "what goes away was a queue";
}

TEST_F(UplinkRule, a_busy_device_that_captures_less_than_time_passes_is_no_queue) {
  run(5, {});
  for (int i = 0; i < 20; ++i) {  // a tenth of a second in each five
    guide.report(timestamp, {now.us});
    run(5, {.late_ms = 0});
    timestamp -= 4'800;
  }
  EXPECT_TRUE(steps.empty());
}

TEST_F(UplinkRule, sound_that_is_ever_later_without_loss_though_nothing_else_is_sent_does_not_keep_the_picture_away) {
  run(5, {});
  double late = 0;
  run(60, [&] { return Comes{.late_ms = static_cast<std::int64_t>(late += 3)}; });
  ASSERT_FALSE(steps.empty());
  EXPECT_GE(std::ranges::count(steps, Uplink::least), 2);
}

TEST_F(UplinkRule, what_was_lost_at_the_fall_does_not_keep_the_picture_away_where_later_only_the_device_is_late) {
  run(5, {});
  run(3, {.late_ms = 300, .lost = 3});
  ASSERT_EQ(steps, std::vector{Uplink::paused});
  std::int64_t late = 300;
  int left = 0;
  run(40, [&] {  // by fits and starts, as a busy device is
    if (left-- == 0) late = 250 + static_cast<std::int64_t>(packets * 37 % 300), left = 40;
    return Comes{.late_ms = late};
  });
  EXPECT_GE(std::ranges::count(steps, Uplink::least), 1);
}

TEST_F(UplinkRule, a_tenth_lost_is_a_radio_and_four_tenths_are_a_line_that_drops_what_it_cannot_carry) {
  run(60, {.lost = 1});
  run(60, {.lost = 2});
  EXPECT_TRUE(steps.empty());
  run(6, {.lost = 4});
  EXPECT_EQ(steps, std::vector{Uplink::paused});
  run(1, {.bps = 900'000, .lost = 4});
}

TEST_F(UplinkRule, it_comes_back_by_steps_once_nothing_waits_any_more) {
  run(5, {});
  run(1, {.late_ms = 300});
  ASSERT_EQ(guide.step(), Uplink::paused);
  run(9, {});
  EXPECT_EQ(guide.step(), Uplink::paused) << "not at once";
  run(3, {});
  EXPECT_EQ(guide.step(), Uplink::least);
  EXPECT_TRUE(guide.narrow());
  run(11, {});
  EXPECT_EQ(guide.step(), Uplink::small);
  run(11, {});
  EXPECT_EQ(steps, (std::vector{Uplink::paused, Uplink::least, Uplink::small, Uplink::whole}));
}

TEST_F(UplinkRule, each_trial_that_fails_is_followed_by_a_longer_wait) {
  run(5, {});
  std::vector<double> trials;
  auto last = guide.step();
  // The line carries the sound alone.
  run(600, [&] {
    if (guide.step() != last && guide.step() == Uplink::least) trials.push_back(static_cast<double>(now.us) / 1e6);
    last = guide.step();
    return Comes{.late_ms = guide.step() == Uplink::paused ? 0 : 300, .bps = 80'000};
  });
  ASSERT_GE(trials.size(), 6U);
  EXPECT_LE(trials.size(), 9U);
  double before = 5;
  for (std::size_t i = 1; i < trials.size(); ++i) {
    const double waited = trials[i] - trials[i - 1];
    EXPECT_GE(waited, before * 0.99);
    EXPECT_LE(waited, 125);
    before = std::min(waited, 120.0);
  }
  EXPECT_GT(before, 115);
}

TEST_F(UplinkRule, a_step_that_holds_is_where_it_stays) {
  run(5, {});
  int looks = 0, at_least = 0;
  run(600, [&] {
    ++looks;
    at_least += guide.step() == Uplink::least ? 1 : 0;
    return Comes{.late_ms = guide.step() > Uplink::least ? 300 : 0, .bps = 110'000};
  });
  EXPECT_GT(at_least, looks * 8 / 10);
  EXPECT_EQ(std::ranges::count(steps, Uplink::paused), 1) << "at the fall alone";
}

TEST_F(UplinkRule, another_way_is_tried_soon) {
  run(5, {});
  run(60, [&] { return Comes{.late_ms = guide.step() == Uplink::paused ? 0 : 300, .bps = 80'000}; });
  ASSERT_EQ(guide.step(), Uplink::paused);
  guide.begin_anew(now);
  run(3, {.bps = 80'000});
  EXPECT_EQ(guide.step(), Uplink::least);
}

}  // namespace
}  // namespace media
