// SPDX-License-Identifier: Apache-2.0
// People on poor lines, in virtual time, each from several seeds: what the room makes of a line that loses, narrows,
// waits. Sound on them is in line_sound_test.cpp, lines upwards in line_upwards_test.cpp; a line that goes away in exchange_test.cpp.
#include <gtest/gtest.h>

#include "media/line_scenario_for_tests.h"

namespace media {

void rehearsal::draw(const std::vector<sim::Panel>& panels) {
  std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ranges::replace(name, '/', '_');
  sim::write_plot(std::string(QUIETROOM_SOURCE_DIR) + "/build/line", name, name, panels);
}

namespace {

using namespace media::rehearsal;
using base::Duration;

INSTANTIATE_TEST_SUITE_P(Seeds, Line, ::testing::Values(1, 2, 3));

// d.
TEST_P(Line, of_2_Mbps_that_falls_to_300_kbps_is_followed_within_2_s_and_back_within_15_s) {
  set_up(2);
  show(1'280, 720);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  const sim::Link wide{.latency = Duration::millis(30), .bits_per_second = 2'000'000};
  auto narrow = wide;
  narrow.bits_per_second = 300'000;
  down(wide);
  down_at(30, narrow);
  down_at(60, wide);
  run(30);
  EXPECT_EQ(room->forwarder.layer_sent(0, 1), 2);
  EXPECT_EQ(room->forwarder.pictures_of(0), Pictures::full);
  EXPECT_GT(estimate(), 1'300'000U);
  EXPECT_LT(estimate(), 2'600'000U);
  run(32);
  EXPECT_LT(estimate(), 330'000U);
  const auto lost_before = network.dropped();
  double longest_ms = 0;
  std::uint32_t least = UINT32_MAX;
  run(60, [&] {
    longest_ms = std::max(longest_ms, static_cast<double>(queueing().us) / 1e3);
    least = std::min(least, estimate());
  });
  EXPECT_LT(longest_ms, 200);
  EXPECT_GT(least, 120'000U);
  EXPECT_LT(network.dropped() - lost_before, 30U);
  EXPECT_EQ(room->forwarder.pictures_of(0), Pictures::reduced);
  std::optional<double> back;
  run(80, [&] {
    if (!back && room->forwarder.layer_sent(0, 1) == 2) back = seconds() - 60;
  });
  ASSERT_TRUE(back);
  EXPECT_LT(*back, 15);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 400) << "sound goes on throughout";
  EXPECT_GE(viewer().heard[2].packets, 3'960U) << "of 4,000: less than a hundredth is missing";
}

// a. What the sound of one and the smallest pictures of nine need stays there, whatever is lost at random.
TEST_P(Line, that_loses_a_tenth_both_ways_keeps_what_sound_and_the_smallest_pictures_need) {
  set_up(10, 2'000'000);
  show(320, 180);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  const sim::Link lossy{.latency = Duration::millis(40), .loss = 0.1, .bits_per_second = 4'000'000};
  down(lossy);
  up(lossy);
  run(8);
  const auto slot = static_cast<std::size_t>(std::ranges::find(viewer().sound_from, 2) - viewer().sound_from.begin());
  const auto before = viewer().sound_of(slot);
  std::uint32_t least = UINT32_MAX;
  int reduced = 0;
  run(60, [&] {
    least = std::min(least, estimate());
    reduced += room->forwarder.pictures_of(0) == Pictures::full ? 0 : 1;
  });
  const std::uint32_t needed = 70'000 + 9 * 160'000;
  EXPECT_GT(least, needed);
  EXPECT_LT(reduced, 26) << "tenths of a second";
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200);
  EXPECT_LT(persons[1]->told_loss, 10) << "what is repaired here takes none of the speaker’s bits";
  EXPECT_GT(viewer().repeats, 500U) << "pictures are repaired";
  const auto after = viewer().sound_of(slot);
  const double missing = 1 - static_cast<double>(after.came - before.came) / (after.sent - before.sent);
  EXPECT_LT(missing, 0.02) << "sound goes out twice";
  EXPECT_GT(viewer().twice, 1'000U);
  const auto again = room->ends[0]->again;
  room->forwarder.set_present(1, false, network.now());
  run(62);
  EXPECT_EQ(room->ends[0]->again, again) << "who was sent out is not heard once more";
}

// b. Bursts: nothing comes for 400 ms of every five seconds.
TEST_P(Line, that_is_gone_for_400_ms_now_and_then_is_not_taken_for_a_narrow_one) {
  set_up(4, 2'000'000);
  show(640, 360);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  const sim::Link gaps{.latency = Duration::millis(40),
                       .bits_per_second = 4'000'000,
                       .gaps = {.length = Duration::millis(400), .every = Duration::seconds(5)}};
  down(gaps);
  run(10);
  const auto held = hold(60);
  EXPECT_GT(held.least, 600'000U);
  EXPECT_GT(held.full, held.looks / 2);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 600) << "the gap, and no more";
}

TEST_P(Line, that_loses_in_clusters_keeps_its_rate) {
  set_up(4, 2'000'000);
  show(640, 360);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  down({.latency = Duration::millis(40),
        .bits_per_second = 4'000'000,
        .bursts = {.begin = 0.005, .end = 0.2, .loss = 0.9}});
  run(10);
  std::uint32_t least = UINT32_MAX;
  run(60, [&] { least = std::min(least, estimate()); });
  EXPECT_GT(least, 500'000U);
}

// e. 300 ms, and 60 more or less.
TEST_P(Line, that_takes_300_ms_and_60_more_or_less_is_not_taken_for_a_full_one) {
  set_up(4, 2'000'000);
  show(640, 360);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  const sim::Link slow{.latency = Duration::millis(240), .jitter = Duration::millis(120), .bits_per_second = 5'000'000};
  down(slow);
  up(slow);
  run(12);
  const auto held = hold(60);
  EXPECT_GT(held.least, 700'000U);
  EXPECT_GT(held.full, held.looks * 2 / 3);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200);
  EXPECT_EQ(room->ends[0]->again, 0U) << "what only comes late is not lost";
}

// What was known of the line was another way; for five seconds at most.
TEST_P(Line, that_takes_300_ms_from_one_moment_to_the_next_is_not_taken_for_a_full_one_for_long) {
  set_up(10, 2'000'000);
  show(320, 180);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  run(20);
  EXPECT_EQ(room->forwarder.pictures_of(0), Pictures::full);
  const sim::Link slow{.latency = Duration::millis(240), .jitter = Duration::millis(120)};
  down(slow);
  up(slow);
  run(25);
  EXPECT_EQ(room->forwarder.pictures_of(0), Pictures::full);
  viewer().heard.clear();
  const auto held = hold(50);
  EXPECT_GT(held.least, 1'500'000U);
  EXPECT_GT(held.full, held.looks * 9 / 10);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200);
}

// Its connection closes, or its keys refuse: a burst that cannot go on must end.
TEST_P(Line, that_takes_nothing_of_a_probe_is_left_alone_until_the_next) {
  set_up(2, 300'000);
  show(1'280, 720);
  down({.latency = Duration::millis(30), .bits_per_second = 400'000});
  run(15);
  room->ends[0]->refuses = true;
  run(60);
  EXPECT_GE(room->ends[0]->refused, 3U) << "bursts were tried";
  EXPECT_LE(room->ends[0]->refused, 100U);
}

// h., from the room's side: the line is gone for twenty seconds (the transport says so after a while) and comes back
// narrower.
TEST_P(Line, that_was_gone_for_20_s_begins_afresh) {
  set_up(3, 2'000'000);
  show(640, 360);
  persons[1]->talks = {{began, began + Duration::seconds(100)}};
  const sim::Link line{.latency = Duration::millis(40), .bits_per_second = 3'000'000};
  auto gone = line, narrow = line;
  gone.loss = 1;
  narrow.bits_per_second = 500'000;
  down(line);
  run(10);
  down(gone);
  up(gone);
  run(18);
  room->forwarder.set_connected(0, false, network.now());
  run(30);
  down(narrow);
  up(narrow);
  room->forwarder.set_connected(0, true, network.now());
  viewer().heard.clear();
  run(31);
  EXPECT_GT(viewer().heard[2].packets, 40U) << "sound is back within moments";
  run(33);
  EXPECT_LT(estimate(), 650'000U);
  viewer().heard.clear();
  run(60);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200);
  EXPECT_GT(estimate(), 250'000U);
}

// Others' traffic in the same queue, and a longer way from one moment to the next.
TEST_P(Line, that_is_shared_or_becomes_longer_is_followed_without_a_standing_queue) {
  set_up(3, 2'000'000);
  show(1'280, 720);
  persons[1]->talks = {{began, began + Duration::seconds(100)}};
  const sim::Link line{.latency = Duration::millis(30), .bits_per_second = 3'000'000, .queue = Duration::millis(400)};
  auto shared = line, longer = line;
  shared.cross_bits_per_second = 2'000'000;
  longer.latency = Duration::millis(180);
  down(line);
  down_at(20, shared);
  down_at(40, longer);
  run(22);
  double sum = 0, worst = 0;
  int looks = 0;
  run(40, [&] {
    sum += static_cast<double>(queueing().us) / 1e3;
    ++looks;
  });
  EXPECT_LT(sum / looks, 100);
  EXPECT_LT(estimate(), 2'200'000U);
  run(60, [&] { worst = std::max(worst, static_cast<double>(queueing().us) / 1e3); });
  EXPECT_GT(estimate(), 1'000'000U) << "a longer way is no narrower one";
  EXPECT_LT(worst, 250);
}

TEST_P(Line, of_who_saves_data_takes_about_half_and_still_shows_everybody) {
  set_up(6, 20'000'000);
  show(640, 360);
  const auto bytes_until = [&](double until) {
    const auto before = room->ends[0]->bytes;
    run(until);
    return static_cast<double>(room->ends[0]->bytes - before);
  };
  run(10);
  const auto whole = bytes_until(20);
  show(640, 360, true);
  run(25);
  const auto half = bytes_until(35);
  EXPECT_LT(half, 0.65 * whole);
  EXPECT_GT(half, 0.3 * whole);
  EXPECT_NE(room->forwarder.pictures_of(0), Pictures::none);
  for (std::size_t slot = 1; slot < 6; ++slot) EXPECT_NE(room->forwarder.layer_sent(0, slot), kNoLayer) << slot;
  show(640, 360);
  run(50);
  EXPECT_GT(bytes_until(60), 0.9 * whole);
}

// By reports alone, as where a receiver does not negotiate transport-wide feedback.
TEST_P(Line, without_transport_feedback_is_followed_by_reports) {
  set_up(3, 1'500'000, false);
  show(1'280, 720);
  persons[1]->talks = {{began, began + Duration::seconds(100)}};
  const sim::Link wide{.latency = Duration::millis(30), .bits_per_second = 6'000'000};
  auto narrow = wide;
  narrow.bits_per_second = 500'000;
  down(wide);
  down_at(20, narrow);
  run(30);
  double worst = 0;
  run(60, [&] { worst = std::max(worst, estimate() / 1e3); });
  EXPECT_LT(worst, 900);
  EXPECT_GT(estimate(), 150'000U);
  EXPECT_EQ(viewer().padding, 0U) << "nothing tells what came of a probe";
}

}  // namespace
}  // namespace media
