// SPDX-License-Identifier: Apache-2.0
// Sound on lines that carry little else, and silence, in virtual time.
#include <gtest/gtest.h>

#include "media/line_scenario_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

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
  hear_seven();
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
  hear_seven();
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
    const auto told =
        std::ranges::find_if(room->events, [&](const Event& e) { return e.key.arrival.value == n + 1 && std::holds_alternative<Event::Sound>(e.what); });
    ASSERT_NE(told, room->events.end());
    EXPECT_EQ(std::get<Event::Sound>(told->what), kNarrowSound);
    persons[n]->packet_ms = 60;
  }
  run(seconds() + 10);
  EXPECT_GT(whole(), before);
  for (const int loudest : {2, 3}) EXPECT_LT(viewer().heard[static_cast<std::uint8_t>(loudest)].longest_gap.millis(), 250);
}

}  // namespace
}  // namespace media
