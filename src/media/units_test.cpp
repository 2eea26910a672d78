// SPDX-License-Identifier: Apache-2.0
// The small units that count and decide: sequence numbers, repairs, clocks, feedback, layers, speaker, line.
#include <gtest/gtest.h>

#include "media/allowance.h"
#include "media/arrival_record.h"
#include "media/bandwidth_estimator.h"
#include "media/delivery.h"
#include "media/key_frame_wish.h"
#include "media/layer_allocation.h"
#include "media/longer_way.h"
#include "media/nack_list.h"
#include "media/packet.h"
#include "media/person_clock.h"
#include "media/sequence_ring.h"
#include "media/sequence_tracker.h"
#include "media/silence.h"
#include "media/sound_guide.h"
#include "media/speaker_detection.h"
#include "media/stun_gate.h"
#include "media/timer_heap.h"

namespace media {
namespace {

using base::Duration;
using base::Instant;

constexpr Instant at(std::int64_t ms) { return {1'000'000'000 + ms * 1'000}; }

TEST(SoundGuide, asks_for_long_packets_once_a_line_stays_narrow_and_for_longer_where_they_are_needed_again) {
  SoundGuide guide;
  const auto for_seconds = [&](std::int64_t from, std::int64_t to, bool narrow) {
    std::optional<std::int64_t> changed;
    for (std::int64_t s = from; s < to; ++s)
      if (guide.look(narrow, at(s * 1'000))) changed = s;
    return changed;
  };
  EXPECT_EQ(guide.wish(), kUsualSound);
  EXPECT_FALSE(for_seconds(0, 2, true));
  EXPECT_FALSE(for_seconds(2, 3, false));
  EXPECT_FALSE(for_seconds(3, 5, true)) << "narrow for a moment, twice";
  EXPECT_EQ(for_seconds(5, 20, true), 6);
  EXPECT_EQ(guide.wish(), kNarrowSound);
  EXPECT_EQ(for_seconds(20, 60, false), 49) << "half a minute after it was last narrow";
  EXPECT_EQ(guide.wish(), kUsualSound);
  EXPECT_EQ(for_seconds(60, 70, true), 63);
  EXPECT_EQ(for_seconds(70, 200, false), 129) << "needed again at once: a minute";
  EXPECT_EQ(for_seconds(300, 310, true), 303);
  EXPECT_EQ(for_seconds(310, 400, false), 339) << "not at once: half a minute again";
}

TEST(SequenceTracker, numbers_go_on_over_the_wrap_and_losses_are_reported_once) {
  SequenceTracker t(48'000);
  EXPECT_EQ(t.note(65'534)->extended, 65'536U + 65'534U);
  EXPECT_EQ(t.note(65'535)->skipped, 0U);
  const auto over = t.note(1);
  EXPECT_TRUE(over->newest);
  EXPECT_EQ(over->extended, 2 * 65'536U + 1U);
  EXPECT_EQ(over->skipped, 1U);
  auto r = t.report();
  EXPECT_EQ(r.lost, 1);
  EXPECT_EQ(r.fraction_lost, 256 / 4);
  EXPECT_EQ(r.highest, 65'536U + 1U);
  const auto late = t.note(0);
  EXPECT_FALSE(late->newest);
  EXPECT_EQ(late->extended, over->extended - 1);
  r = t.report();
  EXPECT_EQ(r.lost, 0);
  EXPECT_EQ(r.fraction_lost, 0);
}

TEST(SequenceTracker, one_wild_number_is_refused_and_a_restarted_sender_is_followed) {
  SequenceTracker t(90'000);
  ASSERT_TRUE(t.note(100));
  EXPECT_FALSE(t.note(30'000));
  EXPECT_TRUE(t.note(101)->newest);
  EXPECT_FALSE(t.note(40'000));
  const auto restarted = t.note(40'001);
  ASSERT_TRUE(restarted);
  EXPECT_TRUE(restarted->newest);
  EXPECT_TRUE(t.note(40'002)->newest);
}

TEST(SequenceTracker, what_comes_a_second_time_is_known_also_long_after_a_repair) {
  SequenceTracker t(90'000);
  for (const auto s : {100, 101, 104}) EXPECT_FALSE(t.note(static_cast<std::uint16_t>(s))->again);
  EXPECT_FALSE(t.note(102)->again) << "late, and missed until now";
  EXPECT_TRUE(t.note(102)->again);
  EXPECT_TRUE(t.note(104)->again);
  for (std::uint16_t s = 105; s < 900; ++s) ASSERT_FALSE(t.note(s)->again) << s;
  EXPECT_TRUE(t.note(103)->again) << "too old to know";
  EXPECT_FALSE(t.note(30'000));
  EXPECT_FALSE(t.note(30'001)->again) << "a sender that begins anew";
  EXPECT_FALSE(t.note(30'003)->again);
}

TEST(PacketCache, keeps_what_is_young_in_few_places_and_lets_go_of_the_rest) {
  PacketPool pool;
  PacketCache cache;
  const auto find = [&](std::uint32_t sequence, Instant now) { return cache.find(static_cast<std::uint16_t>(sequence), now); };
  const auto put = [&](std::uint32_t sequence, std::int64_t ms) {
    auto packet = pool.take();
    packet->sequence = sequence;
    packet->arrived = at(ms);
    cache.put(std::move(packet), Duration::millis(400));
  };
  EXPECT_FALSE(find(1, at(3'001)));
  // 10 ms apart: forty within the time they are kept.
  for (std::uint32_t s = 0; s < 300; ++s) put(70'000 + s, s * 10);
  EXPECT_EQ(pool.in_use(), 40U);
  EXPECT_TRUE(find(70'299, at(3'001)));
  EXPECT_TRUE(find(70'260, at(3'001)));
  EXPECT_FALSE(find(70'259, at(3'001))) << "too old";
  EXPECT_FALSE(find(70'300, at(3'001))) << "not there yet";
  // A key frame: a hundred and fifty at once; none of those before is lost for it.
  for (std::uint32_t s = 300; s < 450; ++s) put(70'000 + s, 3'000);
  EXPECT_TRUE(find(70'299, at(3'001)));
  EXPECT_TRUE(find(70'449, at(3'001)));
  // A late one, behind them all.
  put(70'262, 3'001);
  EXPECT_EQ(find(70'262, at(3'001))->arrived, at(3'001));
  // After a gap of numbers nothing of the time before is held.
  put(90'000, 4'000);
  put(90'001, 4'001);
  EXPECT_EQ(pool.in_use(), 2U);
  cache.clear();
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(PacketCache, holds_no_more_than_its_bound_however_fast_they_come) {
  PacketPool pool;
  PacketCache cache;
  for (std::uint32_t s = 0; s < 5'000; ++s) {
    auto packet = pool.take();
    packet->sequence = s;
    packet->arrived = at(0);
    cache.put(std::move(packet), Duration::millis(400));
  }
  EXPECT_LE(pool.in_use(), 513U);
  EXPECT_TRUE(cache.find(4'999, at(0)));
}

TEST(SequenceRing, grows_only_for_what_is_wanted) {
  struct Entry {
    std::uint16_t sequence = 0;
    int value = 0;
  };
  SequenceRing<Entry> ring(4, 16);
  EXPECT_EQ(ring.find(3), nullptr);
  const auto take = [&](std::uint16_t s, int least) -> Entry& {
    auto& e = ring.take(s, [least](const Entry& old) { return old.value > 0 && old.value >= least; }, [](const Entry& old) { return old.sequence; });
    e = {s, s};
    return e;
  };
  for (std::uint16_t s = 1; s <= 100; ++s) take(s, s - 2);  // two back are wanted
  EXPECT_EQ(ring.size(), 4U);
  for (std::uint16_t s = 101; s <= 110; ++s) take(s, 101);
  EXPECT_EQ(ring.size(), 16U);
  for (std::uint16_t s = 101; s <= 110; ++s) EXPECT_EQ(ring.find(s)->value, s);
  for (std::uint16_t s = 111; s <= 200; ++s) take(s, 0);
  EXPECT_EQ(ring.size(), 16U) << "at its bound the older gives way";
  EXPECT_EQ(ring.find(200)->value, 200);
}

TEST(NackList, a_gap_is_asked_for_after_ten_milliseconds_again_after_a_round_trip_and_not_for_ever) {
  NackList list;
  NackList::Due due;
  ASSERT_TRUE(list.missing(10, 2, at(0)));
  list.due(at(5), Duration::millis(40), due);
  EXPECT_EQ(due.count, 0U);
  EXPECT_EQ(list.next(), at(10));
  list.due(at(10), Duration::millis(40), due);
  ASSERT_EQ(due.count, 2U);
  EXPECT_EQ(due.sequences[0], 8);
  EXPECT_EQ(due.sequences[1], 9);
  EXPECT_TRUE(list.arrived(8));
  EXPECT_FALSE(list.arrived(8));
  EXPECT_EQ(list.next(), at(60));
  list.due(at(60), Duration::millis(40), due);
  EXPECT_EQ(due.count, 1U);
  list.due(at(1'200), Duration::millis(40), due);
  EXPECT_TRUE(due.gave_up);
  EXPECT_TRUE(list.next().is_never());
  EXPECT_FALSE(list.missing(1'000, 500, at(0))) << "too long a gap";
}

TEST(DownStream, what_was_never_sent_is_no_loss_of_the_line_and_what_is_under_way_is_no_gap) {
  DownStream stream({1}, {2}, "s0", false);
  stream.begin_gaps();
  std::int64_t gaps = 0;
  for (int i = 0; i < 100; ++i) gaps += stream.new_gaps(i % 2 == 0 ? -3 : 3);  // reports come sooner and later
  EXPECT_EQ(gaps, 0);
  EXPECT_EQ(stream.new_gaps(40), 40);
  EXPECT_EQ(stream.new_gaps(-2), 0);
  EXPECT_EQ(stream.new_gaps(2), 0);
  EXPECT_EQ(stream.new_gaps(7), 7);
}

TEST(Allowance, gives_some_at_once_and_then_so_much_a_second) {
  Allowance a{Duration::millis(100), Duration::millis(600)};
  Instant now{5'000'000};
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += a.take(now) ? 1 : 0;
  EXPECT_EQ(taken, 6);
  for (int i = 0; i < 10'000; ++i) taken += a.take(now = now + Duration::millis(1)) ? 1 : 0;
  EXPECT_NEAR(taken, 106, 1);
  now = now + Duration::seconds(60);
  taken = 0;
  for (int i = 0; i < 100; ++i) taken += a.take(now) ? 1 : 0;
  EXPECT_EQ(taken, 6) << "what was not used is not kept";
}

TEST(PersonClock, whoever_reports_two_moments_a_century_apart_harms_nobody) {
  PersonClock clock;
  StreamClock sound, picture;
  sound.rate = 48'000;
  const base::WallTime now{1'700'000'000'000'000};
  clock.report(sound, {-2'000'000'000'000'000}, 1, now);
  clock.report(picture, {2'000'000'000'000'000}, 1, now);
  EXPECT_TRUE(clock.timestamp_at(sound, now).has_value());
  EXPECT_TRUE(clock.wall_of(sound, 77).has_value());
  static_assert(ticks_in(-215'142'250'239'709, 48'000) == -10'326'828'011'506);
  static_assert(ticks_in(1'500'000, 90'000) == 135'000 && ticks_in(-20'000, 48'000) == -960);
}

TEST(PersonClock, sound_and_picture_of_one_person_meet_on_our_clock) {
  PersonClock clock;
  StreamClock sound, camera;
  sound.rate = 48'000;
  const base::WallTime theirs{5'000'000'000}, ours{1'800'000'000'000'000};
  EXPECT_EQ(clock.timestamp_at(sound, ours), std::nullopt);
  clock.report(sound, theirs, 1'000, ours);
  // The picture's report comes 40 ms later.
  clock.report(camera, {theirs.us + 40'000}, 7'000, {ours.us + 40'000});
  EXPECT_EQ(clock.timestamp_at(sound, {ours.us + 1'000'000}), 1'000U + 48'000U);
  EXPECT_EQ(clock.timestamp_at(camera, {ours.us + 40'000 + 1'000'000}), 7'000U + 90'000U);
  EXPECT_EQ(clock.wall_of(sound, 1'000 + 480)->us, ours.us + 10'000);
}

TEST(ArrivalRecord, everything_is_told_once_late_ones_again_and_losses_as_lost) {
  ArrivalRecord record;
  wire::TransportFeedback f;
  EXPECT_FALSE(record.pending());
  record.note(65'534, at(0));
  record.note(65'535, at(1));
  record.note(1, at(3));
  record.take(f);
  EXPECT_FALSE(record.pending());
  EXPECT_EQ(f.base_sequence, 65'534);
  ASSERT_EQ(f.statuses.size(), 4U);
  EXPECT_FALSE(f.statuses[2].received);
  EXPECT_EQ(f.statuses[3].delta, 8) << "2 ms in 250 us";
  std::array<std::uint8_t, 200> buffer;
  base::Writer w{buffer};
  EXPECT_TRUE(f.write(w));
  record.note(0, at(5));  // late after all
  record.note(2, at(6));
  record.take(f);
  EXPECT_EQ(f.base_sequence, 0);
  ASSERT_EQ(f.statuses.size(), 3U);
  EXPECT_TRUE(f.statuses[0].received && f.statuses[1].received && f.statuses[2].received);
  EXPECT_EQ(f.feedback_count, 1);
  record.note(3, at(7));
  record.take(f);
  EXPECT_EQ(f.base_sequence, 3);
  EXPECT_EQ(f.statuses.size(), 1U);
}

TEST(KeyFrameWish, is_asked_at_once_then_seldom_and_not_after_it_came) {
  KeyFrameWish wish;
  EXPECT_TRUE(wish.next().is_never());
  wish.want();
  EXPECT_TRUE(wish.due(at(0)));
  EXPECT_FALSE(wish.due(at(299)));
  EXPECT_TRUE(wish.due(at(300)));
  wish.came();
  EXPECT_FALSE(wish.due(at(900)));
  wish.want();
  EXPECT_TRUE(wish.due(at(950)));
}

TileWish tile(std::uint16_t width, std::uint16_t height, bool pinned = false) {
  TileWish t{.width = width, .height = height, .pinned = pinned, .layers = {}};
  t.layers = {LayerOffer{true, 320, 180, 150'000}, LayerOffer{true, 640, 360, 450'000}, LayerOffer{true, 1280, 720, 1'200'000}};
  return t;
}

TEST(LayerAllocation, takes_what_a_tile_can_show_and_the_line_carries) {
  struct Case {
    const char* name;
    std::vector<TileWish> tiles;
    std::uint32_t bps;
    std::vector<std::int8_t> chosen;
  };
  const std::vector<Case> cases{
      {"enough for all", {tile(320, 180), tile(640, 360), tile(1'280, 720)}, 5'000'000, {0, 1, 2}},
      {"hidden", {tile(0, 0), tile(640, 360)}, 5'000'000, {kNoLayer, 1}},
      {"everyone small before anyone large", {tile(1'280, 720), tile(320, 180), tile(320, 180)}, 500'000, {0, 0, 0}},
      {"the largest is raised first", {tile(640, 360), tile(1'280, 720)}, 700'000, {0, 1}},
      {"pinned first", {tile(1'280, 720), tile(640, 360, true)}, 700'000, {0, 1}},
      {"nothing left", {tile(640, 360)}, 100'000, {kNoLayer}},
      {"not even all small", {tile(320, 180), tile(640, 360)}, 200'000, {kNoLayer, 0}},
  };
  for (auto c : cases) {
    allocate_layers(c.tiles, c.bps);
    for (std::size_t i = 0; i < c.tiles.size(); ++i) EXPECT_EQ(c.tiles[i].chosen, c.chosen[i]) << c.name << " " << i;
  }
}

// Three temporal layers of the smallest picture: 60, 90 and 150 kbps.
TileWish slow_tile(std::uint16_t width, std::uint16_t height) {
  auto t = tile(width, height);
  t.layers[0].slower = {60'000, 90'000};
  t.layers[1].slower = {200'000, 300'000};
  return t;
}

TEST(LayerAllocation, a_poor_line_slows_pictures_down_before_it_takes_one_away) {
  struct Case {
    std::uint32_t bps;
    std::vector<std::pair<std::int8_t, std::uint8_t>> chosen;
  };
  constexpr auto kAll = kAllTemporal;
  const std::vector<Case> cases{
      {960'000, {{1, kAll}, {1, kAll}}},
      {660'000, {{1, kAll}, {0, kAll}}},
      {300'000, {{0, kAll}, {0, kAll}}},
      {299'000, {{0, kAll}, {0, 1}}},
      {200'000, {{0, 1}, {0, 1}}},
      {150'000, {{0, 1}, {0, 0}}},
      {120'000, {{0, 0}, {0, 0}}},
      {119'000, {{0, 1}, {kNoLayer, kAll}}},
      {59'000, {{kNoLayer, kAll}, {kNoLayer, kAll}}},
  };
  for (const auto& c : cases) {
    std::vector<TileWish> tiles{slow_tile(640, 360), slow_tile(640, 360)};
    allocate_layers(tiles, c.bps);
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_EQ(std::pair(tiles[i].chosen, tiles[i].chosen_temporal), c.chosen[i]) << c.bps << " " << i;
  }
  // Back up only with a fifth to spare.
  std::vector<TileWish> slow{slow_tile(320, 180)};
  slow[0].now = 0;
  slow[0].now_temporal = 0;
  allocate_layers(slow, 95'000);
  EXPECT_EQ(slow[0].chosen_temporal, 0);
  allocate_layers(slow, 96'000);
  EXPECT_EQ(slow[0].chosen_temporal, 1);
}

TEST(LayerAllocation, stills_are_left_to_the_last_for_all_before_any_moves_the_largest_first) {
  const auto with_stills = [](std::uint16_t width, std::uint16_t height) {
    auto t = slow_tile(width, height);
    t.layers[0].still = t.layers[1].still = 12'000;
    return t;
  };
  struct Case {
    std::uint32_t bps;
    std::vector<std::pair<std::int8_t, std::uint8_t>> chosen;
  };
  const std::vector<Case> cases{
      {150'000, {{0, 0}, {0, 1}}},
      {72'000, {{0, kStills}, {0, 0}}},
      {24'000, {{0, kStills}, {0, kStills}}},
      {23'000, {{kNoLayer, kAllTemporal}, {0, kStills}}},
      {11'000, {{kNoLayer, kAllTemporal}, {kNoLayer, kAllTemporal}}},
  };
  for (const auto& c : cases) {
    std::vector<TileWish> tiles{with_stills(320, 180), with_stills(640, 360)};
    allocate_layers(tiles, c.bps);
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_EQ(std::pair(tiles[i].chosen, tiles[i].chosen_temporal), c.chosen[i]) << c.bps << " " << i;
  }
}

TEST(LayerAllocation, down_at_once_and_up_only_out_of_what_the_line_has_carried_for_a_while) {
  std::vector<TileWish> one{tile(640, 360)};
  one[0].now = 0;
  allocate_layers(one, {.bps = 1'000'000, .proved = 300'000});
  EXPECT_EQ(one[0].chosen, 0) << "not proved yet";
  allocate_layers(one, {.bps = 1'000'000, .proved = 1'000'000});
  EXPECT_EQ(one[0].chosen, 1);
  one[0].now = 1;
  allocate_layers(one, {.bps = 450'000, .proved = 100'000});
  EXPECT_EQ(one[0].chosen, 1) << "what was there is kept";
  allocate_layers(one, {.bps = 449'000, .proved = 449'000});
  EXPECT_EQ(one[0].chosen, 0);
}

TEST(LayerAllocation, a_layer_that_sleeps_is_not_wanted) {
  auto sleeping = tile(1'280, 720);
  sleeping.layers[2].active = false;
  EXPECT_EQ(wanted_layer(sleeping), 1);
  sleeping.layers[0].active = sleeping.layers[1].active = false;
  EXPECT_EQ(wanted_layer(sleeping), kNoLayer);
}

TEST(SpeakerDetection, a_cough_does_not_take_the_word_a_louder_voice_does_and_silence_gives_it_back) {
  SpeakerDetection s;
  s.add(0);
  s.add(1);
  int changes = 0;
  const auto talk = [&](int from, int to, std::uint8_t a, std::uint8_t b) {
    for (int ms = from; ms < to; ms += 20) {
      s.level(0, a, at(ms));
      s.level(1, b, at(ms));
      changes += s.update(at(ms)) ? 1 : 0;
    }
  };
  talk(0, 1'000, 40, 127);
  EXPECT_EQ(s.speaker(), 0U);
  EXPECT_EQ(changes, 1);
  talk(1'000, 1'060, 40, 25);  // a cough
  talk(1'060, 2'000, 40, 127);
  EXPECT_EQ(s.speaker(), 0U);
  talk(2'000, 3'000, 127, 40);
  EXPECT_EQ(s.speaker(), 1U);
  EXPECT_EQ(changes, 2);
  EXPECT_FALSE(s.next().is_never());
  EXPECT_TRUE(s.update(at(3'000 + 1'500 + 300)));
  EXPECT_EQ(s.speaker(), std::nullopt);
  EXPECT_TRUE(s.next().is_never());
}

TEST(SpeakerDetection, changes_at_most_four_times_a_second_whatever_comes) {
  SpeakerDetection s;
  for (std::size_t i = 0; i < 4; ++i) s.add(i);
  int changes = 0;
  for (int ms = 0; ms < 5'000; ms += 20) {
    for (std::size_t i = 0; i < 4; ++i) s.level(i, (ms / 60) % 4 == static_cast<int>(i) ? 10 : 60, at(ms));
    changes += s.update(at(ms)) ? 1 : 0;
  }
  EXPECT_LE(changes, 20);
  EXPECT_GE(changes, 1);
}

TEST(Silence, is_what_comes_quietly_after_a_pause_and_the_end_of_it_and_whatever_may_be_a_voice_is_none) {
  using Says = Silence::Says;
  Silence silence;
  Packet p;
  p.sequence = 100;
  std::int64_t ms = 0;
  // The next packet: so long after the one before, so loud, so large.
  const auto next = [&](std::uint32_t after_ms, std::optional<std::uint8_t> level, std::uint16_t size, bool newest = true) {
    ++p.sequence;
    p.timestamp += after_ms * 48;
    p.level = level;
    p.payload_size = size;
    return silence.read(p, newest, at(ms += after_ms));
  };
  EXPECT_EQ(next(20, 127, 120), Says::sound) << "it may say so of whatever it sends";
  EXPECT_EQ(next(20, 0x80 | 30, 120), Says::sound);
  EXPECT_EQ(next(20, 59, 26), Says::sound);
  EXPECT_EQ(next(400, 55, 106), Says::silence);
  EXPECT_EQ(next(20, 55, 26), Says::silence_on);
  EXPECT_EQ(next(400, 55, 106), Says::silence);
  EXPECT_EQ(next(60, 55, 31), Says::silence_on) << "of longer packets, too";
  EXPECT_TRUE(silence.lasts(Duration::millis(880), at(ms)));
  EXPECT_FALSE(silence.lasts(Duration::millis(881), at(ms)));
  EXPECT_EQ(next(400, 49, 106), Says::sound) << "a voice begins";
  EXPECT_EQ(next(20, 55, 26), Says::sound) << "only after what was silence";
  EXPECT_EQ(next(400, 55, 106), Says::silence);
  EXPECT_EQ(next(20, 59, 90), Says::sound) << "a voice that begins quietly";
  EXPECT_EQ(next(20, 59, 90), Says::sound);
  EXPECT_EQ(next(20, 60, 90), Says::silence) << "nobody can hear it";
  EXPECT_EQ(next(20, 127, 26), Says::silence_on);
  EXPECT_TRUE(silence.lasts(Duration::millis(40), at(ms)));
  EXPECT_EQ(next(400, std::nullopt, 106), Says::sound) << "nothing is known of it";
  p.sequence += 1;
  EXPECT_EQ(next(420, 55, 106), Says::sound) << "something is missing before it";
  EXPECT_EQ(next(400, 55, 106), Says::silence);
  p.sequence += 1;
  EXPECT_EQ(next(20, 55, 26), Says::sound) << "likewise";
  EXPECT_EQ(next(400, 55, 106, false), Says::sound) << "a late one";
  EXPECT_EQ(next(60'000, 59, 106), Says::sound) << "switched on again";
}

TEST(TimerHeap, gives_the_earliest_and_forgets_what_is_never) {
  TimerHeap heap;
  EXPECT_TRUE(heap.next().is_never());
  for (std::size_t i = 0; i < 100; ++i) heap.set(i, at(static_cast<std::int64_t>((i * 37) % 100)));
  EXPECT_EQ(heap.next(), at(0));
  heap.set(0, Instant::never());
  EXPECT_EQ(heap.next(), at(1));
  std::vector<std::size_t> due;
  heap.take_due(at(50), due);
  EXPECT_EQ(due.size(), 50U);
  EXPECT_EQ(heap.next(), at(51));
  heap.set(due.front(), at(2));
  EXPECT_EQ(heap.next(), at(2));
}

// Late by so much, in each message of the next three seconds; a message every 50 ms.
template <class Late>
std::optional<LongerWay::Found> look_at_lateness(bool loses, std::uint32_t bps, Late&& late_ms) {
  LongerWay way;
  way.fell(1'000'000, at(0));
  base::Instant rests = base::Instant::never();
  for (int ms = 50; ms < 3'000; ms += 50) {
    const auto found = way.came_late(late_ms(ms, rests) * 1e3, bps, loses, Duration::millis(100), at(ms));
    if (found) return found;
    if (way.begins_to_rest(at(ms))) rests = at(ms);
  }
  return std::nullopt;
}

TEST(LongerWay, is_what_stays_late_though_little_is_sent_and_no_queue_that_drains) {
  const auto stays = [](int, base::Instant) { return 220.0; };
  const auto drains = [](int ms, base::Instant rests) { return rests.is_never() ? 220.0 : 220.0 - 0.3 * static_cast<double>((at(ms) - rests).millis()); };
  const auto found = look_at_lateness(false, 400'000, stays);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->longer_us, 220'000);
  EXPECT_EQ(found->from_bps, 1'000'000U);
  EXPECT_FALSE(look_at_lateness(false, 400'000, drains));
  EXPECT_FALSE(look_at_lateness(true, 400'000, stays)) << "a queue that is full to its end";
  EXPECT_FALSE(look_at_lateness(false, 800'000, stays)) << "not worth a rest";
  EXPECT_FALSE(look_at_lateness(false, 400'000, [](int ms, base::Instant) { return ms < 400 ? 220.0 : 20.0; }));
}

TEST(StunGate, lets_a_burst_in_then_ten_a_second) {
  StunGate gate;
  const base::Path path{base::Carrier::udp, 0, base::Address::v4(1, 2, 3, 4, 5)};
  int in = 0;
  for (int i = 0; i < 1'000; ++i) in += gate.let_in(path, at(0)) ? 1 : 0;
  EXPECT_EQ(in, StunGate::kBurst);
  for (int ms = 0; ms < 1'000; ++ms) in += gate.let_in(path, at(ms)) ? 1 : 0;
  EXPECT_LE(in, StunGate::kBurst + StunGate::kPerSecond);
}

}  // namespace
}  // namespace media
