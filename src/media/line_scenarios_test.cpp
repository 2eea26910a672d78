// SPDX-License-Identifier: Apache-2.0
// People on poor lines, in virtual time, each from several seeds: what the room makes of a line that loses, narrows,
// waits. Every run writes a picture to build/line. Without transports (line_for_tests.h); a line that goes away is in
// exchange_test.cpp.
#include <gtest/gtest.h>

#include "media/line_for_tests.h"
#include "sim/plot.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;
using base::Instant;

class Line : public ::testing::TestWithParam<int> {
 protected:
  // One person's line, and what the others do.
  void set_up(std::uint8_t people, std::uint32_t first_bps = 2'000'000, bool feedback = true) {
    room = std::make_unique<LineRoom>(network, first_bps);
    for (std::uint8_t n = 1; n <= people; ++n)
      persons.push_back(std::make_unique<LinePerson>(network, *room, n, feedback, seed));
    for (std::uint8_t n = 0; n < people; ++n) room->forwarder.set_present(n, true, network.now());
    began = network.now().instant;
    network.set_default({.latency = Duration::millis(20)});
  }
  // The viewer shows the other persons as large as this.
  void show(std::uint16_t width, std::uint16_t height, bool saver = false) {
    View v;
    v.saver = saver;
    for (std::uint32_t n = 2; n <= persons.size(); ++n)
      v.tiles.push_back({.of = {n}, .width = width, .height = height});
    room->forwarder.set_view(0, v, network.now());
    // What the others see is not looked at.
    for (std::size_t n = 1; n < persons.size(); ++n)
      room->forwarder.set_view(n, {.tiles = {}, .sound_only = true}, network.now());
    viewer().camera = viewer().follows_up;
    for (auto& p : persons) p->layer_on = {true, width > 320, width > 640};
  }
  LinePerson& viewer() { return *persons[0]; }
  void down(const sim::Link& link) { network.set(room->address, viewer().address, link); }
  void up(const sim::Link& link) { network.set(viewer().address, room->address, link); }
  void down_at(double seconds, const sim::Link& link) {
    network.plan(room->address, viewer().address, began + Duration::millis(static_cast<std::int64_t>(seconds * 1e3)),
                 link);
  }
  Duration queueing() { return network.queueing(room->address, viewer().address); }
  std::uint32_t estimate() {
    LineFigures f;
    room->forwarder.fill(0, f);
    return f.estimated_bps;
  }
  double seconds() const { return static_cast<double>((network.now().instant - began).us) / 1e6; }
  // Runs, and notes what is to be drawn every 100 ms; `look` is called then.
  template <class F>
  void run(double until, F&& look) {
    while (seconds() < until) {
      network.run_for(Duration::millis(100));
      const auto t = seconds();
      rates[0].points.push_back({t, static_cast<double>(room->ends[0]->bytes - sent_before) * 8 / 0.1 / 1e3});
      sent_before = room->ends[0]->bytes;
      rates[1].points.push_back({t, estimate() / 1e3});
      const auto carries = network.link(room->address, viewer().address).bits_per_second;
      if (carries > 0) rates[2].points.push_back({t, static_cast<double>(carries) / 1e3});
      queue.points.push_back({t, static_cast<double>(queueing().us) / 1e3});
      layer.points.push_back({t, room->forwarder.layer_sent(0, 1) + 1.0});
      state.points.push_back({t, 4.0 - static_cast<double>(room->forwarder.pictures_of(0))});
      look();
    }
  }
  void run(double until) {
    run(until, [] {});
  }
  // The least that was thought of the line until then, and how often every picture was whole.
  struct Held {
    std::uint32_t least = UINT32_MAX;
    int full = 0, looks = 0;
  };
  Held hold(double until) {
    Held held;
    run(until, [&] {
      held.least = std::min(held.least, estimate());
      held.full += room->forwarder.pictures_of(0) == Pictures::full ? 1 : 0;
      ++held.looks;
    });
    return held;
  }
  void TearDown() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = info->name();
    std::ranges::replace(name, '/', '_');
    sim::write_plot(std::string(QUIETROOM_SOURCE_DIR) + "/build/line", name, name,
                    {{"rate, kbit/s", {rates[0], rates[1], rates[2]}},
                     {"waiting at the bottleneck, ms", {queue}},
                     {"picture of one other person: layer (1 to 3), and state (4 full to 1 none)", {layer, state}}});
  }

  std::uint64_t seed = static_cast<std::uint64_t>(GetParam());
  sim::Network network{seed};
  std::unique_ptr<LineRoom> room;
  std::vector<std::unique_ptr<LinePerson>> persons;
  Instant began;
  std::uint64_t sent_before = 0;
  std::array<sim::Series, 3> rates{sim::Series{"sent", "#c33", {}}, {"estimate", "#36c", {}}, {"line", "#999", {}}};
  sim::Series queue{"queue", "#963", {}}, layer{"layer", "#393", {}}, state{"state", "#939", {}};
};

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

// c. Ten people, one talks, two for two seconds, on 100 kbit/s down; everybody has a camera.
TEST_P(Line, of_100_kbps_in_a_room_of_ten_never_interrupts_sound) {
  set_up(10, 2'000'000);
  show(320, 180);
  const auto at = [&](double s) { return began + Duration::millis(static_cast<std::int64_t>(s * 1e3)); };
  persons[1]->talks = {{at(0), at(100)}};
  persons[2]->talks = {{at(40), at(42)}, {at(60), at(62)}};
  const sim::Link narrow{.latency = Duration::millis(40), .bits_per_second = 100'000, .queue = Duration::millis(500)};
  down(narrow);
  run(10);  // it is found out
  viewer().heard.clear();
  run(70);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200);
  EXPECT_LT(viewer().heard[3].longest_gap.millis(), 200);
  EXPECT_GT(viewer().heard[2].packets, 2'850U) << "of 3,000";
  EXPECT_GT(viewer().heard[3].packets, 180U) << "of 200 and a few";
  EXPECT_LT(viewer().heard[2].longest_delay.millis(), 600);
  EXPECT_LT(estimate(), 130'000U);
}

// c., without any line that is poor: nine of ten listen, with their microphones on, and nobody shows themselves.
TEST_P(Line, of_who_listens_carries_no_silence_beside_a_voice_and_enough_of_it_where_there_is_none) {
  set_up(10, 2'000'000);
  for (std::size_t n = 0; n < persons.size(); ++n) room->forwarder.set_view(n, {.tiles = {}, .sound_only = true}, network.now());
  const auto at = [&](double s) { return began + Duration::millis(static_cast<std::int64_t>(s * 1e3)); };
  persons[1]->talks = {{at(0), at(30)}};
  persons[2]->talks = {{at(10), at(12)}, {at(50), at(60)}};
  const auto came = [&](std::uint8_t who) { return viewer().heard[who].packets; };
  const auto of_the_silent = [&] {
    std::uint64_t sum = 0;
    for (std::uint8_t who = 4; who <= 10; ++who) sum += came(who);
    return sum;
  };
  run(2);
  EXPECT_GE(of_the_silent(), 7U) << "each is known to be silent";
  viewer().heard.clear();
  run(9);
  EXPECT_EQ(came(2), 350U);
  EXPECT_EQ(of_the_silent() + came(3), 0U);
  run(14.9);
  // A hundred of talk, what is sent on after it, and the words of its first second of silence.
  EXPECT_GE(came(3), 112U);
  EXPECT_LE(came(3), 116U);
  EXPECT_EQ(of_the_silent(), 0U);
  run(32);
  // Nobody talks: what tells the browser that its line carries is there, and no more of it than that takes.
  viewer().heard.clear();
  const auto others = persons[5]->bytes_in;
  auto last = network.now().instant;
  auto longest = Duration{};
  for (auto bytes = viewer().bytes_in; seconds() < 49;) {
    network.run_for(Duration::millis(10));
    if (std::exchange(bytes, viewer().bytes_in) != viewer().bytes_in) last = network.now().instant;
    longest = std::max(longest, network.now().instant - last);
  }
  EXPECT_LT(longest.millis(), 600) << "web/src/call/flow.ts";
  std::uint64_t all = 0;
  for (std::uint8_t who = 2; who <= 10; ++who) all += came(who);
  EXPECT_LT(all, 17U * 12) << "in seventeen seconds; each of nine says it five times a second";
  EXPECT_GT(persons[5]->bytes_in, others) << "to each of them";
  // A voice is heard from its first packet on.
  viewer().heard.clear();
  run(59);
  EXPECT_GE(came(3), 448U) << "but for what is under way";
  EXPECT_LT(viewer().heard[3].longest_gap.millis(), 40);
}

// c. and d., in the moment of the fall: its queue is full before anybody can know. What comes out of it tells, and from then on no
// sound is lost at its end; nothing comes meanwhile for as long as the queue is, and as a message takes.
TEST_P(Line, that_falls_to_100_kbps_in_an_instant_loses_sound_only_until_the_first_word_of_it) {
  set_up(10, 2'000'000);
  show(320, 180);
  persons[1]->talks = {{began, began + Duration::seconds(200)}};
  down({.latency = Duration::millis(20)});
  run(20);
  EXPECT_EQ(room->forwarder.pictures_of(0), Pictures::full);
  const auto slot = static_cast<std::size_t>(std::ranges::find(viewer().sound_from, 2) - viewer().sound_from.begin());
  const auto before = viewer().sound_of(slot);
  viewer().heard.clear();
  down({.latency = Duration::millis(40), .bits_per_second = 100'000, .queue = Duration::millis(500)});
  run(20.5);
  EXPECT_LT(estimate(), 500'000U);
  run(25);
  const auto after = viewer().sound_of(slot);
  EXPECT_LT((after.sent - before.sent) - (after.came - before.came), 25U) << "of 20 ms each";
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 700);
  EXPECT_LT(queueing().millis(), 100) << "it has drained";
}

TEST_P(Line, that_carries_no_more_than_two_voices_thins_the_quietest_and_says_whose) {
  set_up(8, 2'000'000);
  room->forwarder.set_view(0, {.tiles = {}, .sound_only = true}, network.now());
  for (std::size_t n = 1; n < 8; ++n) {
    persons[n]->talks = {{began, began + Duration::seconds(100)}};
    persons[n]->loudness = static_cast<std::uint8_t>(20 + 2 * n);
  }
  down({.latency = Duration::millis(40), .bits_per_second = 160'000, .queue = Duration::millis(500)});
  run(10);
  viewer().heard.clear();
  run(40);
  EXPECT_LT(viewer().heard[2].longest_gap.millis(), 200) << "the loudest";
  EXPECT_LT(viewer().heard[3].longest_gap.millis(), 200) << "and the next";
  EXPECT_LT(viewer().heard[8].packets, viewer().heard[2].packets / 4) << "the quietest";
  LineFigures f;
  room->forwarder.fill(0, f);
  EXPECT_TRUE(std::ranges::find(f.thinned, base::ArrivalId{8}) != f.thinned.end());
  EXPECT_TRUE(std::ranges::find(f.thinned, base::ArrivalId{2}) == f.thinned.end());
  // Whoever becomes loud is heard at once.
  persons[7]->loudness = 5;
  const auto before = viewer().heard[8].packets;
  run(43);
  EXPECT_GT(viewer().heard[8].packets - before, 100U);
}

TEST_P(Line, that_does_not_carry_seven_voices_carries_more_of_them_once_they_come_in_longer_packets) {
  set_up(8, 2'000'000);
  room->forwarder.set_view(0, {.tiles = {}, .sound_only = true}, network.now());
  for (std::size_t n = 1; n < 8; ++n) {
    persons[n]->talks = {{began, began + Duration::seconds(100)}};
    persons[n]->loudness = static_cast<std::uint8_t>(20 + 2 * n);
  }
  down({.latency = Duration::millis(40), .bits_per_second = 200'000, .queue = Duration::millis(500)});
  const auto whole = [&] {  // voices of which nearly all came in ten seconds
    viewer().heard.clear();
    run(seconds() + 10);
    int count = 0;
    for (std::size_t n = 1; n < 8; ++n)
      if (viewer().heard[static_cast<std::uint8_t>(n + 1)].packets * persons[n]->packet_ms > 9'000) ++count;
    return count;
  };
  run(10);
  const int before = whole();
  for (std::size_t n = 0; n < 8; ++n) {
    const auto told = std::ranges::find_if(room->events, [&](const Event& e) { return e.key.arrival.value == n + 1 && std::holds_alternative<Event::Sound>(e.what); });
    ASSERT_NE(told, room->events.end());
    EXPECT_EQ(std::get<Event::Sound>(told->what), kNarrowSound);
    persons[n]->packet_ms = 60;
  }
  run(seconds() + 10);
  EXPECT_GT(whole(), before);
  for (const int loudest : {2, 3}) EXPECT_LT(viewer().heard[static_cast<std::uint8_t>(loudest)].longest_gap.millis(), 250);
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
  const auto told = std::ranges::find_if(room->events, [](const Event& e) { return e.key.arrival.value == 1 && std::holds_alternative<Event::Layers>(e.what); });
  ASSERT_NE(told, room->events.end());
  EXPECT_EQ(std::get<Event::Layers>(told->what), (Event::Layers{1, 100'000}));
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
