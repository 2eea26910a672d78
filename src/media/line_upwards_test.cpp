// SPDX-License-Identifier: Apache-2.0
// Lines that are poor upwards, in virtual time: what the room sees of them, and what it asks of their person's browser.
#include <gtest/gtest.h>

#include "media/line_scenario_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

// What leaves a person's device follows the tiles of those who see them.
TEST_P(Line, of_who_is_seen_small_is_not_asked_for_what_no_tile_can_show) {
  set_up(3, 3'000'000);
  const auto told = [&](std::uint64_t arrival) {
    std::vector<int> counts;
    for (const auto& e : room->events)
      if (const auto* layers = std::get_if<Event::Layers>(&e.what); layers != nullptr && e.key.arrival.value == arrival) counts.push_back(layers->count);
    return counts;
  };
  const auto look = [&](std::size_t viewer_index, std::uint16_t width, std::uint16_t height) {
    room->forwarder.set_view(viewer_index, {.tiles = {{.of = {2}, .width = width, .height = height}}, .sound_only = false}, network.now());
  };
  look(0, 320, 180);
  look(2, 160, 90);
  run(8);
  EXPECT_TRUE(told(2).empty()) << "not at once";
  run(13);
  EXPECT_EQ(told(2), std::vector{1});
  look(2, 640, 360);
  run(13.2);
  EXPECT_EQ(told(2), (std::vector{1, 2})) << "more at once";
  look(2, 1'280, 720);
  run(14);
  look(2, 160, 90);
  run(20);
  look(2, 1'280, 720);
  run(40);
  EXPECT_EQ(told(2), (std::vector{1, 2, 3})) << "small for a moment is not said";
  look(0, 0, 0);
  look(2, 0, 0);
  run(60);
  EXPECT_EQ(told(2), (std::vector{1, 2, 3, 1})) << "seen by nobody: the smallest, so that a picture is there at once";
}

// f. Somebody talks with their camera on, and does what the room says a tenth of a second later. A browser sends a picture at some
// least rate whatever it thinks of its line.
TEST_P(Line, of_80_kbps_up_gives_the_camera_up_for_the_sound_and_takes_it_back_by_steps_once_it_carries_it) {
  set_up(3, 2'000'000);
  show(320, 180);
  auto& who = viewer();
  who.camera = true;
  who.talks = {{began, began + Duration::seconds(300)}};
  who.layer_bps[0] = 150'000;
  const sim::Link wide{.latency = Duration::millis(40), .bits_per_second = 2'000'000, .queue = Duration::millis(500)};
  auto narrow = wide;
  narrow.bits_per_second = 80'000;
  std::size_t obeyed = 0;
  std::vector<Uplink> steps;
  const auto obey = [&] {
    for (; obeyed < room->events.size(); ++obeyed) {
      const auto& e = room->events[obeyed];
      if (e.key.arrival.value != 1) continue;
      if (const auto* sound = std::get_if<Event::Sound>(&e.what)) who.packet_ms = sound->packet_ms;
      if (const auto* layers = std::get_if<Event::Layers>(&e.what)) {
        who.camera = layers->count > 0;
        who.layer_bps[0] = layers->bps > 0 ? layers->bps : 150'000;
      }
    }
    const auto step = room->forwarder.uplink_of(0);
    if (steps.empty() || steps.back() != step) steps.push_back(step);
  };
  up(wide);
  run(15, obey);
  EXPECT_EQ(steps, std::vector{Uplink::whole});
  persons[1]->heard.clear();
  up(narrow);
  run(16, obey);
  EXPECT_EQ(steps.back(), Uplink::paused) << "within a second";
  EXPECT_FALSE(who.camera);
  EXPECT_EQ(who.packet_ms, 60);
  EXPECT_LT(persons[1]->heard[1].longest_gap.millis(), 350);
  run(18, obey);
  persons[1]->heard.clear();
  run(78, obey);
  EXPECT_GE(std::ranges::count(steps, Uplink::least), 2) << "tried again";
  EXPECT_LE(std::ranges::count(steps, Uplink::least), 4) << "and later each time";
  EXPECT_LT(persons[1]->heard[1].longest_gap.millis(), 260) << "of packets of 60 ms";
  EXPECT_LT(persons[1]->heard[1].longest_delay.millis(), 600);
  EXPECT_GT(persons[1]->heard[1].packets, 950U) << "of 1,000";
  up(wide);
  run(78 + 120 + 30, obey);
  EXPECT_EQ(steps.back(), Uplink::whole);
  EXPECT_EQ(steps[steps.size() - 2], Uplink::small);
  EXPECT_EQ(steps[steps.size() - 3], Uplink::least);
  EXPECT_EQ(who.packet_ms, 20);
  EXPECT_TRUE(who.camera);
}

// Nor does a camera that takes little make it look so.
TEST_P(Line, upwards_that_loses_a_tenth_waits_or_is_gone_now_and_then_is_not_taken_for_a_narrow_one) {
  set_up(3, 2'000'000);
  show(320, 180);
  viewer().camera = true;
  viewer().layer_bps[0] = 50'000;
  viewer().talks = {{began, began + Duration::seconds(100)}, {began + Duration::seconds(110), began + Duration::seconds(200)}};
  int held = 0;
  const auto look = [&] { held += room->forwarder.uplink_of(0) == Uplink::whole ? 0 : 1; };
  up({.latency = Duration::millis(40), .loss = 0.1});
  run(50, look);
  EXPECT_EQ(held, 0) << "lost";
  up({.latency = Duration::millis(240), .jitter = Duration::millis(120)});
  run(60, look);
  EXPECT_LE(held, 25) << "a way that becomes longer from one moment to the next: tenths of a second";
  held = 0;
  run(120, look);
  EXPECT_EQ(held, 0) << "late";
  up({.latency = Duration::millis(40), .gaps = {.length = Duration::millis(400), .every = Duration::seconds(5)}});
  run(170, look);
  EXPECT_EQ(held, 0) << "gone now and then";
}

// Whose machine, or ours, is busy: of two people sound comes late from the same moment on.
TEST_P(Line, of_two_who_are_late_together_for_a_moment_none_gives_the_camera_up) {
  set_up(4, 2'000'000);
  show(320, 180);
  for (const std::size_t i : {0U, 1U}) {
    persons[i]->camera = true;
    persons[i]->layer_bps[0] = 50'000;
    persons[i]->talks = {{began, began + Duration::seconds(100)}};
  }
  const auto both = [&](Duration latency) {
    for (const std::size_t i : {0U, 1U}) network.set(persons[i]->address, room->address, {.latency = latency});
  };
  both(Duration::millis(40));
  run(10);
  int held = 0;
  for (double until = 12; until < 40; until += 3) {
    const auto look = [&] { held += room->forwarder.uplink_of(0) == Uplink::whole && room->forwarder.uplink_of(1) == Uplink::whole ? 0 : 1; };
    both(Duration::millis(340));
    run(until, look);
    both(Duration::millis(40));
    run(until + 1, look);
  }
  EXPECT_EQ(held, 0);
}

// A telephone that is busy with something else captures, encrypts and sends its sound late; what it sends is on its way as quickly as ever.
TEST_P(Line, of_a_device_that_is_late_itself_keeps_its_picture_and_a_narrow_one_of_it_is_found_all_the_same) {
  set_up(3, 2'000'000);
  show(320, 180);
  auto& who = viewer();
  who.camera = true;
  who.layer_bps[0] = 150'000;
  who.talks = {{began, began + Duration::seconds(100)}};
  const sim::Link wide{.latency = Duration::millis(40), .bits_per_second = 2'000'000, .queue = Duration::millis(500)};
  auto narrow = wide;
  narrow.bits_per_second = 80'000;
  up(wide);
  run(10);
  int held = 0;
  const auto look = [&] { held += room->forwarder.uplink_of(0) == Uplink::whole ? 0 : 1; };
  for (double until = 12; until < 40; until += 4) {
    who.holds_sound = Duration::millis(450);
    run(until, look);
    who.holds_sound = {};
    run(until + 2, look);
  }
  EXPECT_EQ(held, 0);
  run(55);
  who.holds_sound = Duration::millis(200);
  up(narrow);
  run(57);
  EXPECT_EQ(room->forwarder.uplink_of(0), Uplink::paused);
}

TEST_P(Line, of_200_kbps_up_keeps_a_small_picture) {
  set_up(3, 2'000'000);
  show(320, 180);
  viewer().camera = true;
  viewer().layer_bps[0] = 230'000;
  viewer().talks = {{began, began + Duration::seconds(100)}};
  up({.latency = Duration::millis(40), .bits_per_second = 200'000, .queue = Duration::millis(500)});
  run(2);
  EXPECT_EQ(room->forwarder.uplink_of(0), Uplink::small);
  const auto told =
      std::ranges::find_if(room->events, [](const Event& e) { return e.key.arrival.value == 1 && std::holds_alternative<Event::Layers>(e.what); });
  ASSERT_NE(told, room->events.end());
  EXPECT_EQ(std::get<Event::Layers>(told->what), (Event::Layers{1, 100'000}));
}

// Upwards alone: who is there hears the others all the while, and cannot know.
TEST_P(Line, that_closes_upwards_alone_is_noticed_by_the_room_and_said_again_while_it_lasts) {
  set_up(3, 2'000'000);
  show(320, 180);
  persons[1]->talks = {{began, began + Duration::seconds(100)}};
  const auto told = [&] {
    return std::ranges::count_if(room->events, [](const Event& e) { return e.key.arrival.value == 1 && std::holds_alternative<Event::Unheard>(e.what); });
  };
  run(10);
  EXPECT_EQ(told(), 0);
  const sim::Link closed{.latency = Duration::millis(20), .loss = 1};
  up(closed);
  run(11.9);
  EXPECT_EQ(told(), 0);
  run(13);
  EXPECT_EQ(told(), 1);
  run(16.5);
  EXPECT_EQ(told(), 1) << "what was begun has its time";
  run(19);
  EXPECT_EQ(told(), 2);
  up({.latency = Duration::millis(20)});
  run(40);
  EXPECT_EQ(told(), 2);
}

}  // namespace
}  // namespace media
