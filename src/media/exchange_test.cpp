// SPDX-License-Identifier: Apache-2.0
// Whole people through the whole exchange over the simulated network: ICE, DTLS, SRTP, negotiation, forwarding.
#include "media/exchange.h"

#include <gtest/gtest.h>

#include <functional>

#include "crypto/hmac.h"
#include "media/group_for_tests.h"
#include "wire/stun.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

TEST_F(Group, ten_people_hear_and_see_each_other_within_700_ms_of_entering) {
  come_all(10);
  const auto entered = network.now().instant;
  for (std::uint32_t n = 1; n <= 10; ++n) enter(n);
  run(Duration::millis(1'500));
  for (std::uint32_t v = 1; v <= 10; ++v)
    for (std::uint32_t of = 1; of <= 10; ++of) {
      if (v == of) continue;
      SCOPED_TRACE(::testing::Message() << v << " of " << of);
      ASSERT_TRUE(slot(v, of));
      auto& s = sound(v, of);
      auto& p = picture(v, of);
      ASSERT_TRUE(s.first && p.first);
      EXPECT_LT((*s.first - entered).millis(), 700);
      EXPECT_LT((*p.first - entered).millis(), 700);
      EXPECT_TRUE(p.first_was_key);
      EXPECT_EQ(s.senders, std::set<std::uint8_t>{static_cast<std::uint8_t>(of)});
      EXPECT_EQ(p.senders, std::set<std::uint8_t>{static_cast<std::uint8_t>(of)});
      EXPECT_EQ(s.gaps + p.gaps + s.out_of_order + p.out_of_order + p.picture_jumps, 0U);
    }
  for (const auto& p : people) {
    EXPECT_EQ(p->unknown_ssrc, 0U);
    EXPECT_GT(p->transport_feedbacks, 5U);
    EXPECT_GT(p->reports, 0U);
  }
}

// The whole of it: what a browser's feedback says of a line comes to choose its pictures.
TEST_F(Group, a_narrow_line_is_told_by_transport_feedback_and_slows_pictures_not_sound) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  auto& viewer = *people[0];
  viewer.tell_arrivals(network.now().instant);
  host.exchange.set_view(key(1), {.tiles = {{{2}, Source::camera, 1'280, 720}, {{3}, Source::camera, 1'280, 720}}, .sound_only = false},
                         network.now());
  run(Duration::seconds(5));
  EXPECT_EQ(host.exchange.line(key(1))->pictures, Pictures::full);
  network.set(host.address, viewer.address(), {.latency = Duration::millis(40), .bits_per_second = 150'000, .queue = Duration::millis(400)});
  run(Duration::seconds(5));
  sound(1, 2).longest_silence = {};
  run(Duration::seconds(15));
  const auto line = *host.exchange.line(key(1));
  EXPECT_LT(line.estimated_bps, 200'000U);
  EXPECT_NE(line.pictures, Pictures::full);
  EXPECT_LT(sound(1, 2).longest_silence.millis(), 200);
  network.set(host.address, viewer.address(), {.latency = Duration::millis(40)});
  run(Duration::seconds(20));
  EXPECT_EQ(host.exchange.line(key(1))->pictures, Pictures::full);
}

// Voices in packets of 60 ms take 34 kbit/s of it where those of 20 ms take 60.
TEST_F(Group, a_line_too_narrow_for_voices_and_more_asks_everybody_for_longer_packets_until_it_is_wide_again) {
  come_all(4);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);  // the fourth waits
  auto& viewer = *people[0];
  viewer.tell_arrivals(network.now().instant);
  host.exchange.set_view(key(1), {.tiles = {{{2}, Source::camera, 1'280, 720}, {{3}, Source::camera, 1'280, 720}}, .sound_only = false},
                         network.now());
  run(Duration::seconds(5));
  const auto said = [&](std::uint32_t n) {
    std::vector<Event::Sound> all;
    for (const auto& e : host.events)
      if (const auto* sound = std::get_if<Event::Sound>(&e.what); sound != nullptr && e.key == key(n)) all.push_back(*sound);
    return all;
  };
  for (std::uint32_t n = 1; n <= 4; ++n) EXPECT_TRUE(said(n).empty());
  network.set(host.address, viewer.address(), {.latency = Duration::millis(40), .bits_per_second = 90'000, .queue = Duration::millis(400)});
  run(Duration::seconds(10));
  for (std::uint32_t n = 1; n <= 4; ++n) EXPECT_EQ(said(n), std::vector{kNarrowSound}) << n;
  network.set(host.address, viewer.address(), {.latency = Duration::millis(40)});
  run(Duration::seconds(25));
  EXPECT_EQ(said(2).size(), 1U) << "not at once";
  run(Duration::seconds(25));
  for (std::uint32_t n = 1; n <= 4; ++n) EXPECT_EQ(said(n), (std::vector{kNarrowSound, kUsualSound})) << n;
  EXPECT_EQ(host.count<Event::OfferNeeded>(key(2)), 0U) << "no offer goes over a narrow line for it";
}

// h. Nothing passes either way for twenty seconds.
TEST_F(Group, a_line_that_was_gone_for_20_s_comes_back_by_itself_in_the_same_slots) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  auto& viewer = *people[0];
  viewer.tell_arrivals(network.now().instant);
  run(Duration::seconds(3));
  const auto before = slot(1, 2);
  const auto connected = host.count<Event::Back>(key(1));
  network.set_both(host.address, viewer.address(), {.loss = 1});
  run(Duration::seconds(20));
  ASSERT_EQ(host.count<Event::Silent>(key(1)), 1U);
  EXPECT_LT(host.last<Event::Silent>(key(1))->since, network.now().instant - Duration::seconds(19)) << "since they were heard last, not since that was noticed";
  EXPECT_EQ(host.count<Event::Failed>(key(1)), 0U);
  network.set_both(host.address, viewer.address(), {.latency = Duration::millis(5)});
  const auto packets = sound(1, 2).packets;
  ASSERT_TRUE(network.run_until(network.now().instant + Duration::seconds(4), [&] { return sound(1, 2).packets > packets; }));
  run(Duration::seconds(3));
  EXPECT_EQ(host.count<Event::Back>(key(1)), connected + 1);
  EXPECT_EQ(host.count<Event::Gap>(key(1)), 0U) << "told as Silent";
  EXPECT_EQ(slot(1, 2), before);
  EXPECT_GT(sound(1, 2).packets, packets + 100);
  EXPECT_GT(sound(2, 1).last, network.now().instant - Duration::millis(100));
  EXPECT_GT(picture(1, 2).last, network.now().instant - Duration::millis(200));
}

TEST_F(Group, who_is_not_present_neither_hears_nor_is_heard) {
  come_all(3);
  enter(1);
  enter(2);
  run(Duration::seconds(1));
  EXPECT_TRUE(people[2]->heard.empty());
  EXPECT_EQ(slot(1, 3), std::nullopt);
  EXPECT_GT(sound(1, 2).packets, 20U);
  // Moved back: at once nothing more, in both directions.
  host.exchange.set_present(key(2), false, network.now());
  host.collect();
  run(Duration::millis(20));  // what was under way
  const auto before = people[1]->heard["s0"].packets + people[0]->heard["s0"].packets;
  run(Duration::seconds(1));
  EXPECT_EQ(people[1]->heard["s0"].packets + people[0]->heard["s0"].packets, before);
  EXPECT_EQ(slot(1, 2), std::nullopt);
}

// What a viewer got of somebody's screen, on whichever line.
TEST_F(Group, a_screen_goes_to_who_shows_it_and_only_while_the_room_says_so) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  auto& sharer = *people[0];
  const auto got = [&](std::uint32_t viewer) {
    std::uint64_t packets = 0;
    for (const auto& [mid, heard] : people[viewer - 1]->heard)
      if (heard.senders.contains(Person::kScreen)) packets += heard.packets;
    return packets;
  };
  const auto look = [&](std::uint32_t viewer, Source source) {
    host.exchange.set_view(key(viewer), {.tiles = {{{1}, source, 1'280, 720, true}}, .sound_only = false}, network.now());
  };
  look(2, Source::screen);
  sharer.screen_as = "d";  // hostile: on a line that it was never given
  run(Duration::seconds(1));
  EXPECT_EQ(got(2) + got(3), 0U);
  host.exchange.open_line(key(1), Source::screen);
  host.collect();
  EXPECT_EQ(host.count<Event::OfferNeeded>(key(1)), 1U);
  sharer.negotiate();
  run(Duration::seconds(1));
  EXPECT_EQ(got(2) + got(3), 0U) << "not before the room says so";
  host.exchange.set_silenced(key(1), Source::screen, false, network.now());
  host.collect();
  run(Duration::seconds(1));
  EXPECT_GT(got(2), 5U);
  EXPECT_EQ(got(3), 0U) << "whoever does not show it gets nothing";
  const auto* slots = host.last<Event::Slots>(key(2));
  ASSERT_EQ(slots->extras.size(), 1U);
  EXPECT_EQ(slots->extras[0].of, base::ArrivalId{1});
  EXPECT_EQ(slots->extras[0].source, Source::screen);
  EXPECT_TRUE(people[1]->heard["p" + std::to_string(slots->extras[0].slot)].first_was_key);
  EXPECT_EQ(slots->carries[slots->extras[0].slot], std::nullopt);
  host.exchange.set_silenced(key(1), Source::screen, true, network.now());
  host.collect();
  run(Duration::millis(20));  // what was under way
  const auto before = got(2);
  run(Duration::seconds(1));
  EXPECT_EQ(got(2), before);
  EXPECT_TRUE(host.last<Event::Slots>(key(2))->extras.empty());
}

// Two who lead, one of them in a room within the group, and a member.
TEST_F(Group, backstage_goes_to_who_leads_wherever_they_are_and_in_a_pause_and_to_nobody_else) {
  come_all(3);
  const auto got = [&](std::uint32_t viewer) {
    std::uint64_t packets = 0;
    for (const auto& [mid, heard] : people[viewer - 1]->heard)
      if (heard.senders.contains(Person::kBackstage)) packets += heard.packets;
    return packets;
  };
  for (const std::uint32_t leads : {1U, 2U}) host.exchange.set_backstage(key(leads), true, network.now());
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  people[0]->backstage_as = "b";  // hostile: on a line that it was never given
  run(Duration::millis(500));
  EXPECT_EQ(got(2) + got(3), 0U);
  host.exchange.open_line(key(1), Source::backstage);
  host.collect();
  people[0]->negotiate();
  run(Duration::millis(500));
  EXPECT_EQ(got(2) + got(3), 0U) << "not before the room says so";
  const auto talks = [&](bool on) {
    host.exchange.set_silenced(key(1), Source::backstage, !on, network.now());
    host.exchange.set_silenced(key(1), Source::microphone, on, network.now());
    host.collect();
  };
  talks(true);
  run(Duration::seconds(1));
  EXPECT_GT(got(2), 40U);
  EXPECT_EQ(got(3), 0U);
  const auto* slots = host.last<Event::Slots>(key(2));
  ASSERT_EQ(slots->extras.size(), 1U);
  EXPECT_EQ(slots->extras[0].source, Source::backstage);
  EXPECT_EQ(people[1]->heard["s" + std::to_string(slots->extras[0].slot)].gaps, 0U);
  const auto* theirs = host.last<Event::Slots>(key(3));
  EXPECT_TRUE(theirs == nullptr || theirs->extras.empty());
  // Elsewhere, and while nobody hears anybody.
  for (const auto& change : std::vector<std::function<void()>>{
           [&] { host.exchange.set_place(key(2), 7, network.now()); }, [&] { host.exchange.set_paused(kRoom, true, network.now()); }}) {
    change();
    host.collect();
    run(Duration::millis(50));
    const auto before = got(2);
    run(Duration::seconds(1));
    EXPECT_GT(got(2), before + 40);
    EXPECT_EQ(got(3), 0U);
  }
  talks(false);
  run(Duration::millis(20));  // what was under way
  const auto before = got(2);
  run(Duration::seconds(1));
  EXPECT_EQ(got(2), before);
}

TEST_F(Group, a_line_that_is_opened_later_keeps_its_place_when_slots_are_added) {
  come_all(1);
  host.exchange.open_line(key(1), Source::screen);
  people[0]->negotiate();
  for (std::uint32_t n = 2; n <= 19; ++n) come(n);  // more than have a slot in the first offer
  for (std::uint32_t n = 1; n <= 19; ++n) enter(n);
  people[0]->negotiate();  // throws where the exchange does not know its own lines again
  const auto& offer = people[0]->offer_text;
  ASSERT_NE(offer.find("a=mid:s16\r"), std::string::npos);
  EXPECT_LT(offer.find("a=mid:p15\r"), offer.find("a=mid:d\r"));
  EXPECT_LT(offer.find("a=mid:d\r"), offer.find("a=mid:s16\r"));
}

TEST_F(Group, a_thirteenth_person_costs_the_twelve_one_slot_and_no_gap) {
  come_all(13);
  for (std::uint32_t n = 1; n <= 12; ++n) enter(n);
  run(Duration::seconds(2));
  const auto slots_before = host.count<Event::Slots>(key(1));
  std::vector<std::optional<base::ArrivalId>> carries = host.last<Event::Slots>(key(1))->carries;
  for (auto& p : people)
    for (auto& [mid, h] : p->heard) h.longest_silence = {};
  enter(13);
  run(Duration::seconds(2));
  EXPECT_EQ(host.count<Event::Slots>(key(1)), slots_before + 1);
  const auto& after = host.last<Event::Slots>(key(1))->carries;
  std::size_t changed = 0;
  for (std::size_t k = 0; k < after.size(); ++k) changed += after[k] != carries[k] ? 1 : 0;
  EXPECT_EQ(changed, 1U);
  for (std::uint32_t v = 1; v <= 12; ++v) {
    EXPECT_EQ(host.count<Event::OfferNeeded>(key(v)), 0U);
    for (std::uint32_t of = 1; of <= 12; ++of)
      if (v != of) {
        EXPECT_LE(sound(v, of).longest_silence.millis(), 25);
        EXPECT_LE(picture(v, of).longest_silence.millis(), 80);
        EXPECT_EQ(sound(v, of).gaps + picture(v, of).gaps + picture(v, of).picture_jumps, 0U);
      }
    EXPECT_GT(picture(13, v).packets, 10U);
  }
}

TEST_F(Group, more_people_than_slots_ask_for_a_bigger_offer_that_appends_lines) {
  come_all(19);
  for (std::uint32_t n = 1; n <= 19; ++n) enter(n);
  run(Duration::millis(200));
  ASSERT_EQ(host.count<Event::OfferNeeded>(key(1)), 1U);
  const auto old = wire::sdp::parse(people[0]->offer_text).value();
  people[0]->negotiate();
  const auto grown = wire::sdp::parse(people[0]->offer_text).value();
  ASSERT_EQ(grown.media.size(), old.media.size() + 16);
  for (std::size_t i = 0; i < old.media.size(); ++i) {
    EXPECT_EQ(grown.media[i].mid, old.media[i].mid);
    EXPECT_EQ(grown.media[i].sources, old.media[i].sources);
  }
  run(Duration::seconds(1));
  for (std::uint32_t of = 2; of <= 19; ++of) {
    ASSERT_TRUE(slot(1, of)) << of;
    EXPECT_GT(sound(1, of).packets, 10U);
  }
}

TEST_F(Group, in_a_pause_nobody_receives_and_afterwards_pictures_begin_with_key_frames) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  run(Duration::seconds(1));
  host.exchange.set_paused(kRoom, true, network.now());
  run(Duration::millis(20));
  const auto forwarded = host.exchange.totals().forwarded;
  run(Duration::seconds(1));
  EXPECT_EQ(host.exchange.totals().forwarded, forwarded);
  for (auto& p : people)
    for (auto& [mid, h] : p->heard) h.first.reset();
  host.exchange.set_paused(kRoom, false, network.now());
  run(Duration::seconds(1));
  EXPECT_TRUE(picture(1, 2).first && picture(1, 2).first_was_key);
  EXPECT_EQ(picture(1, 2).gaps + picture(1, 2).picture_jumps + sound(1, 2).gaps, 0U);
}

TEST_F(Group, a_silenced_microphone_is_not_forwarded_and_the_camera_is) {
  come_all(2);
  enter(1);
  enter(2);
  run(Duration::millis(500));
  host.exchange.set_silenced(key(2), Source::microphone, true, network.now());
  run(Duration::millis(20));
  const auto sounds = sound(1, 2).packets;
  const auto pictures = picture(1, 2).packets;
  run(Duration::millis(500));
  EXPECT_EQ(sound(1, 2).packets, sounds);
  EXPECT_GT(picture(1, 2).packets, pictures + 5);
  host.exchange.set_silenced(key(2), Source::microphone, false, network.now());
  run(Duration::millis(500));
  EXPECT_GT(sound(1, 2).packets, sounds + 20);
  EXPECT_EQ(sound(1, 2).gaps, 0U);
}

TEST_F(Group, the_view_chooses_the_layer) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  View view;
  view.tiles = {{.of = {2}, .width = 1280, .height = 720, .pinned = true}};
  host.exchange.set_view(key(1), view, network.now());
  run(Duration::seconds(1));
  EXPECT_TRUE(picture(1, 2).layers.contains(2));
  EXPECT_EQ(people[0]->heard.count("p" + std::to_string(slot(1, 3).value())), 0U) << "a tile that is not shown";
  EXPECT_GT(sound(1, 3).packets, 10U);
  view.tiles[0].width = 160;
  view.tiles[0].height = 90;
  host.exchange.set_view(key(1), view, network.now());
  run(Duration::seconds(1));
  picture(1, 2).layers.clear();
  run(Duration::millis(500));
  EXPECT_EQ(picture(1, 2).layers, std::set<std::uint8_t>{0});
  EXPECT_EQ(picture(1, 2).gaps + picture(1, 2).picture_jumps, 0U);
  view.sound_only = true;
  host.exchange.set_view(key(1), view, network.now());
  run(Duration::millis(50));
  const auto before = picture(1, 2).packets;
  run(Duration::seconds(1));
  EXPECT_EQ(picture(1, 2).packets, before);
}

TEST_F(Group, the_loud_one_is_the_speaker) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  people[1]->level = 30;
  run(Duration::seconds(1));
  const ParticipantKey whole{kRoom, {}};
  ASSERT_NE(host.last<Event::Speaker>(whole), nullptr);
  EXPECT_EQ(host.last<Event::Speaker>(whole)->who, base::ArrivalId{2});
  people[1]->level = 127;
  run(Duration::seconds(4));
  EXPECT_EQ(host.last<Event::Speaker>(whole)->who, std::nullopt);
}

TEST_F(Group, a_lossy_line_up_is_repaired_before_it_is_passed_on) {
  come_all(2);
  enter(1);
  enter(2);
  network.set(base::Address::v4(10, 0, 1, 2, 4000), host.address, {.latency = Duration::millis(5), .loss = 0.05});
  run(Duration::seconds(3));
  EXPECT_GT(people[1]->nacks, 3U) << "asked for";
  EXPECT_GT(host.exchange.line(key(2))->lost_in, 0U);
}

TEST_F(Group, an_ice_restart_goes_on_with_the_same_media) {
  come_all(2);
  enter(1);
  enter(2);
  run(Duration::millis(500));
  host.exchange.restart_ice(key(1), network.now());
  host.collect();
  ASSERT_EQ(host.count<Event::OfferNeeded>(key(1)), 1U);
  const auto before = wire::sdp::parse(people[0]->offer_text)->transport.ice_ufrag;
  people[0]->negotiate();
  EXPECT_NE(wire::sdp::parse(people[0]->offer_text)->transport.ice_ufrag, before);
  const auto packets = sound(1, 2).packets;
  run(Duration::seconds(1));
  EXPECT_GT(sound(1, 2).packets, packets + 40);
}

TEST_F(Group, who_comes_over_another_way_after_a_gap_has_pictures_again_with_the_sound) {
  come_all(3);
  for (std::uint32_t n = 1; n <= 3; ++n) enter(n);
  people[0]->tell_arrivals(network.now().instant);
  run(Duration::seconds(6));
  const base::Address before = people[0]->address(), after = base::Address::v4(10, 9, 9, 9, 4'000);
  for (const auto& [from, to] : {std::pair(before, host.address), std::pair(host.address, before)}) network.set(from, to, {.latency = Duration::millis(5), .loss = 1.0});
  run(Duration::millis(2'400));
  const auto stalled = network.now().instant - Duration::millis(2'000);
  EXPECT_LT(sound(1, 2).last, stalled);
  people[0]->moves_to(after);
  ASSERT_TRUE(network.run_until(network.now().instant + Duration::seconds(8), [&] { return sound(1, 2).last > stalled + Duration::seconds(2); }))
      << "at the next check of consent at the latest";
  run(Duration::millis(600));
  for (std::uint32_t of : {2U, 3U}) EXPECT_GT(picture(1, of).last, network.now().instant - Duration::millis(200)) << of;
  ASSERT_EQ(host.count<Event::Gap>(key(1)), 1U) << "an interruption, though too short to be away";
  EXPECT_LT(host.last<Event::Gap>(key(1))->since, stalled);
  EXPECT_EQ(host.count<Event::Silent>(key(1)), 0U);
  EXPECT_EQ(host.count<Event::Gap>(key(2)) + host.count<Event::Gap>(key(3)), 0U);
}

// STUN by somebody who knows the ufrag (it stands in clear in every check) but not the password.
std::vector<std::uint8_t> stun(wire::StunClass kind, std::uint16_t method, const std::string& username,
                               std::string_view password) {
  wire::StunMessage m;
  m.kind = kind;
  m.method = method;
  m.username = username;
  m.priority = 0x7fff'ffff;
  m.use_candidate = true;
  m.ice_controlling = 7;
  std::vector<std::uint8_t> out(wire::kMaxStunSize);
  out.resize(wire::write_stun(m, base::as_bytes(password), crypto::hmac_sha1, out));
  return out;
}

TEST_F(Group, stun_that_nobody_authenticated_opens_no_path_and_takes_nobody_elses) {
  using enum wire::StunClass;
  come_all(2);
  enter(1);
  enter(2);
  run(Duration::millis(300));
  const std::string username = wire::sdp::parse(people[0]->offer_text)->transport.ice_ufrag + ":theirs";
  std::vector<std::vector<std::uint8_t>> attacks;
  for (const std::string_view password : {"", "wrongpasswordwrongpass"})
    for (const auto kind : {request, indication, success, error})
      for (const std::uint16_t method : {wire::kStunBinding, std::uint16_t{0x003}, std::uint16_t{0x7ff}})
        attacks.push_back(stun(kind, method, username, password));
  std::uint8_t n = 0;
  for (const auto& attack : attacks) {
    const auto stranger = base::Address::v4(203, 0, 113, ++n, 6'666);
    auto datagram = attack;
    host.exchange.on_datagram(network.now(), path_of(stranger), datagram, host.sink);
    // Whatever comes from there afterwards is nobody's; had the path been noted it would be the first person's.
    const auto unknown = host.exchange.totals().dropped_unknown;
    for (const std::uint8_t first : {std::uint8_t{22}, std::uint8_t{0x80}}) {
      std::vector<std::uint8_t> next(60, first);
      host.exchange.on_datagram(network.now(), path_of(stranger), next, host.sink);
    }
    EXPECT_EQ(host.exchange.totals().dropped_unknown - unknown, 2U) << int{n};
    // The same as if from the second person, whose path stays theirs.
    datagram = attack;
    host.exchange.on_datagram(network.now(), path_of(base::Address::v4(10, 0, 1, 2, 4000)), datagram, host.sink);
  }
  const auto packets = sound(1, 2).packets;
  const auto unknown = host.exchange.totals().dropped_unknown;
  run(Duration::seconds(1));
  EXPECT_GT(sound(1, 2).packets, packets + 40);
  EXPECT_EQ(host.exchange.totals().dropped_unknown, unknown);
}

TEST_F(Group, limits_and_strangers_cost_a_counter) {
  EXPECT_FALSE(host.exchange.take_answer(key(9), 1, "v=0", network.now()));
  std::vector<std::uint8_t> noise(60, 0x80);
  host.exchange.on_datagram(network.now(), path_of(base::Address::v4(9, 9, 9, 9, 9)), noise, host.sink);
  EXPECT_EQ(host.exchange.totals().dropped_unknown, 1U);
  std::uint32_t n = 0;
  while (host.exchange.add(key(++n), network.now())) ASSERT_LT(n, 1'000U);
  EXPECT_EQ(n - 1, settings().max_unfinished);
  host.exchange.close_room(kRoom, network.now(), host.sink);
  EXPECT_EQ(host.exchange.totals().participants, 0U);
  EXPECT_EQ(host.exchange.totals().rooms, 0U);
  EXPECT_TRUE(host.exchange.add(key(1), network.now()));
}

}  // namespace
}  // namespace media
