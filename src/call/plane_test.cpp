// SPDX-License-Identifier: Apache-2.0
#include "call/plane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/at_most.h"
#include "call/offer_lines.h"
#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Plane, welcomes_first_and_offers_next) {
  Rehearsal r;
  const Tab ada = r.come(facilitator(1));
  const auto heard = r.heard(ada);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(type_of(heard[0]), "welcome");
  const auto& offer = std::get<OfferMade>(heard[1]);
  EXPECT_THAT(offer.upstream, ElementsAre(Upstream{"m", media::Source::microphone}, Upstream{"c", media::Source::camera}));
  EXPECT_THAT(offer.slots, ElementsAre(SlotLines{0, "s0", "p0"}));
  EXPECT_TRUE(r.at_media(ada).silenced.at(media::Source::microphone)) << "off until switched on";
  EXPECT_TRUE(r.at_media(ada).silenced.at(media::Source::camera));
}

TEST(Plane, makes_one_offer_at_a_time) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  r.say(ada, Restart{});
  r.media_says(ada, media::Event::OfferNeeded{});
  r.say(ada, Restart{});
  EXPECT_EQ(r.last<OfferMade>(ada)->offer, 2U);
  r.say(ada, Answer{1, base::Redacted<std::string>("late")});
  EXPECT_FALSE(r.refusal(ada)) << "an overtaken answer is no fault";
  r.say(ada, Answer{2, base::Redacted<std::string>("second")});
  EXPECT_EQ(r.last<OfferMade>(ada)->offer, 3U) << "what was needed meanwhile is offered now";
  EXPECT_EQ(r.at_media(ada).answers.back(), "second");
  r.say(ada, Answer{9, base::Redacted<std::string>("none")});
  EXPECT_EQ(r.refusal(ada), Reason::not_now);
  r.media->refuse_answers = true;
  r.say(ada, Answer{3, base::Redacted<std::string>("bad")});
  EXPECT_EQ(r.last<Refused>(ada)->pointer->get(), "/sdp");
}

TEST(Plane, slots_speak_seats_and_only_to_who_is_present) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab waits = r.enter(member(5));
  const media::Event::Slots slots{{robin.arrival, std::nullopt, waits.arrival, base::ArrivalId{12}}};
  r.media_says(ada, slots);
  r.media_says(waits, slots);
  EXPECT_THAT(r.last<Slots>(ada)->carries,
              ElementsAre(json::Nullable<base::SeatId>{robin.seat}, json::Nullable<base::SeatId>{},
                          json::Nullable<base::SeatId>{}, json::Nullable<base::SeatId>{}));
  EXPECT_FALSE(r.last<Slots>(waits));
  r.drop(ada);
  EXPECT_TRUE(r.last<Slots>(r.come(facilitator(1), ada.token, true))) << "told again where the media was kept";
}

TEST(Plane, who_sends_more_layers_than_anybody_is_shown_is_told_and_told_again_on_return) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.media_says(robin, media::Event::Layers{2});
  EXPECT_EQ(r.last<Layers>(robin), (Layers{media::Source::camera, 2, {}, {}}));
  EXPECT_FALSE(r.last<Layers>(ada));
  r.drop(robin);
  EXPECT_EQ(r.last<Layers>(r.come(member(4), robin.token, true))->count, 2);
}

TEST(Plane, how_to_send_sound_is_told_and_told_again_on_return) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.media_says(robin, media::Event::Layers{2});
  r.media_says(robin, media::Event::Sound{24'000, 60});
  EXPECT_EQ(r.last<Layers>(robin), (Layers{media::Source::microphone, 1, 24'000, 60}));
  EXPECT_FALSE(r.last<Layers>(ada));
  r.drop(robin);
  const Tab again = r.come(member(4), robin.token, true);
  EXPECT_THAT(r.all<Layers>(again), ElementsAre(Layers{media::Source::camera, 2, {}, {}}, Layers{media::Source::microphone, 1, 24'000, 60}));
}

TEST(Plane, whose_line_upwards_is_too_narrow_for_their_camera_is_told_to_send_none_and_everybody_that_it_is_held) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  const auto held = [&](const Tab& to) { return r.last<Changed>(to)->person.camera_held.value_or(false); };
  r.say(robin, Publish{.microphone = true, .camera = true});
  const auto told = r.all<Changed>(sam).size();
  r.media_says(robin, media::Event::Layers{0});
  EXPECT_EQ(r.last<Layers>(robin)->count, 0);
  EXPECT_FALSE(r.last<Layers>(ada));
  for (const Tab& who : {ada, robin, sam}) EXPECT_TRUE(held(who));
  EXPECT_EQ(r.last<Changed>(sam)->person.seat, robin.seat);
  EXPECT_TRUE(r.last<Changed>(sam)->person.camera) << "it is on, and comes back by itself";
  r.media_says(robin, media::Event::Layers{1, 40'000});
  EXPECT_EQ(r.last<Layers>(robin), (Layers{media::Source::camera, 1, 40'000, {}}));
  for (const Tab& who : {ada, robin, sam}) EXPECT_FALSE(held(who));
  r.media_says(robin, media::Event::Layers{3});
  EXPECT_EQ(r.last<Layers>(robin), (Layers{media::Source::camera, 3, {}, {}}));
  EXPECT_EQ(r.all<Changed>(sam).size(), told + 2) << "nothing else is to be said of them";
  r.say(robin, Publish{.microphone = true, .camera = false});
  r.media_says(robin, media::Event::Layers{0});
  EXPECT_FALSE(held(sam)) << "a camera that is off is not held";
}

TEST(Plane, what_was_told_of_a_line_is_not_told_to_a_page_that_was_loaded_anew) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(robin, Publish{.microphone = true, .camera = true});
  r.media_says(robin, media::Event::Layers{0});
  r.media_says(robin, media::Event::Sound{24'000, 60});
  r.drop(robin);
  const Tab again = r.come(member(4), robin.token);
  r.say(again, Publish{.microphone = true, .camera = true});
  EXPECT_TRUE(r.all<Layers>(again).empty()) << "media begins anew, and has said nothing";
  EXPECT_FALSE(r.last<Changed>(ada)->person.camera_held.value_or(false));
}

TEST(Plane, a_view_names_seats_and_media_gets_arrivals) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(ada, View{{{.seat = robin.seat, .width = 640, .height = 360, .pinned = true}, {.seat = {77}}}, false, {}});
  const media::View& view = r.at_media(ada).view;
  ASSERT_EQ(view.tiles.size(), 1U) << "a seat that is not there is left out";
  EXPECT_EQ(view.tiles[0].of, robin.arrival);
  EXPECT_EQ(view.tiles[0].width, 640);
  for (int i = 0; i < 8; ++i) r.say(ada, View{});
  EXPECT_EQ(r.refusal(ada), Reason::too_fast);
  const Tab waits = r.enter(member(5));
  r.say(waits, View{});
  EXPECT_EQ(r.refusal(waits), Reason::not_now);
}

TEST(Plane, too_many_messages_close_only_the_one_who_sends_them) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  for (int i = 0; i < 60; ++i) r.say(robin, Ping{static_cast<double>(i)});
  EXPECT_EQ(r.closed[robin.connection], 4429);
  EXPECT_LE(r.all<Pong>(robin).size(), 40U);
  EXPECT_FALSE(r.closed.contains(ada.connection));
  EXPECT_TRUE(r.last<Welcome>(r.come(member(4), robin.token))->resumed) << "the seat is kept";
}

TEST(Plane, twenty_messages_a_second_are_too_many_in_the_long_run_and_sixty_of_who_lets_people_in) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const auto says = [&r](const Tab& tab, int times, base::Duration every) {
    r.wait(base::Duration::seconds(20));
    for (int i = 0; i < times; ++i) {
      r.say(tab, Ping{});
      r.wait(every);
    }
    EXPECT_FALSE(r.closed.contains(tab.connection));
    r.say(tab, Ping{});
    EXPECT_EQ(r.closed[tab.connection], 4429);
  };
  says(robin, 200, base::Duration::millis(45));
  says(ada, 600, base::Duration::millis(15));
}

TEST(Plane, who_comes_again_by_their_token_is_no_less_too_fast) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  Tab robin = r.enter(member(4), ada);
  std::size_t pongs = 0;
  for (int each = 0; each < 5; ++each) {
    for (int i = 0; i < 30; ++i) r.say(robin, Ping{});
    pongs += r.all<Pong>(robin).size();
    r.drop(robin);
    robin = r.come(member(4), robin.token);
    ASSERT_TRUE(r.last<Welcome>(robin)->resumed);
  }
  EXPECT_LE(pongs, 40U);
}

std::size_t bytes_delivered(Rehearsal& r, const Tab& tab) {
  std::size_t bytes = 0;
  for (const Delivered& each : r.all<Delivered>(tab)) bytes += each.payload.base64url.get().size();
  return bytes;
}
const std::string kLongest(10'920, 'A');  // 8 KiB of bytes

TEST(Plane, what_one_person_sends_leaves_the_others_lines_to_their_sound_however_often_they_come_again) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  for (int tenth = 0; tenth < 100; ++tenth) {
    for (int i = tenth % 5 == 0 ? 1 : 0; i < 2; ++i) r.say(robin, to(Everyone{}, kLongest, "r1"));
    r.wait(base::Duration::millis(100));
    if (tenth % 10 != 9) continue;
    const auto no = r.last<Refused>(robin);
    ASSERT_TRUE(no);
    EXPECT_EQ(no->reason, Reason::too_fast);
    EXPECT_EQ(no->ref->get(), "r1");
    EXPECT_FALSE(r.closed.contains(robin.connection)) << "refused, not cut off";
    r.drop(robin);
    robin = r.come(member(4), robin.token, true);
  }
  EXPECT_LE(bytes_delivered(r, sam), std::size_t{(128 + 10 * 8) * 1'024});
  EXPECT_GE(bytes_delivered(r, sam), std::size_t{128 * 1'024}) << "so much at once is theirs";
}

TEST(Plane, who_is_not_admitted_sends_facilitators_little_however_often_they_come_anew) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const std::string key(5'460, 'A');
  for (int second = 0; second < 10; ++second) {
    const Tab robin = r.enter(member(4));
    for (int i = 0; i < 8; ++i) {
      r.say(robin, to(Facilitators{}, kLongest, "r1"));
      r.say(robin, KeyPackage{payload(key)});
    }
    EXPECT_EQ(r.refusal(robin), Reason::too_fast);
    EXPECT_FALSE(r.closed.contains(robin.connection));
    r.say(robin, Leave{});
    r.wait(base::Duration::seconds(1));
  }
  std::size_t keys = 0;
  for (const KeyOffered& each : r.all<KeyOffered>(ada)) keys += each.key_package.base64url.get().size();
  EXPECT_LE(bytes_delivered(r, ada) + keys, std::size_t{(32 + 10 * 2) * 1'024});
}

TEST(Plane, a_lively_chat_a_whiteboard_shown_to_who_came_later_and_a_note_from_the_waiting_room_pass) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab waits = r.enter(member(5));
  const std::string line(720, 'A'), board(8'000, 'A');  // sealed: a line of chat, and the marks that go at once
  r.say(waits, KeyPackage{payload(std::string(1'400, 'A'))});
  for (int i = 0; i < 100; ++i) {
    if (i < 50) {
      for (int n = 0; n < 2; ++n) r.say(robin, to(Everyone{}, line));
    }
    r.say(ada, to(robin.seat, board));
    if (i % 20 == 0) r.say(waits, to(Facilitators{}, line));
    r.wait(base::Duration::millis(150));
  }
  for (const Tab& tab : {ada, robin, waits}) EXPECT_FALSE(r.refusal(tab)) << tab.seat.value;
  EXPECT_EQ(r.all<Delivered>(ada).size(), 205U);
}

TEST(Plane, thirty_who_come_at_once_do_not_have_their_facilitator_cut_off) {
  Rehearsal r({.media = {}, .max_people = 49, .max_waiting = 200, .max_rooms = 1});
  const Tab ada = r.enter(facilitator(1));
  std::vector<Tab> waiting;
  for (std::uint32_t seat = 2; seat < 32; ++seat) waiting.push_back(r.come(member(seat)));
  for (const Tab& tab : waiting) r.say(tab, Ready{});
  // What their keys take: each is introduced to her, let in, and named.
  for (std::size_t i = 0; i < 3 * waiting.size(); ++i) r.say(ada, Ping{});
  EXPECT_FALSE(r.closed.contains(ada.connection));
}

TEST(Plane, what_cannot_be_read_is_refused_with_its_place_and_the_tenth_in_a_minute_closes) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.forget();
  for (int i = 0; i < 9; ++i) r.say_text(robin, R"({"type":"publish","microphone":1,"camera":true})");
  EXPECT_EQ(r.last<Refused>(robin)->pointer->get(), "/microphone");
  EXPECT_FALSE(r.closed.contains(robin.connection));
  r.say_text(robin, "\xff\xfe");
  EXPECT_EQ(r.closed[robin.connection], 4400);
  EXPECT_EQ(r.plane->totals().refused_messages, 10U);
  EXPECT_THAT(r.said[ada.connection], IsEmpty());
}

TEST(Plane, a_graceful_stop_is_told_to_everyone_and_nobody_enters_after_it) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab waits = r.enter(member(4));
  r.service(Stop{});
  for (const Tab& tab : {ada, waits}) {
    EXPECT_EQ(r.last<Closing>(tab)->again_in, 2'000);
    EXPECT_EQ(r.closed[tab.connection], 1012);
  }
  EXPECT_EQ(r.closed[r.come(member(5)).connection], 1012);
  EXPECT_EQ(r.plane->totals().rooms, 0U);
}

TEST(Plane, a_room_vanishes_when_everyone_has_gone_and_their_grace_is_over) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  r.drop(ada);
  r.wait(base::Duration::seconds(65));
  EXPECT_EQ(r.plane->totals().rooms, 1U);
  r.wait(base::Duration::seconds(6));
  EXPECT_EQ(r.plane->totals().rooms, 0U);
  EXPECT_THAT(r.media->closed, ElementsAre(kRoom));
  EXPECT_EQ(r.plane->next_timeout(), base::Instant::never()) << "nothing is left to wake for";
}

TEST(Plane, rooms_know_nothing_of_each_other) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab other = r.come(facilitator(1), {}, false, base::RoomId{8});
  r.forget();
  r.say(other, Ready{});
  r.say(other, to(Everyone{}));
  EXPECT_EQ(r.last<Roster>(other)->people.size(), 1U);
  EXPECT_THAT(r.said[ada.connection], IsEmpty());
}

TEST(Plane, there_are_only_so_many_rooms_and_participants) {
  Rehearsal r({.media = {}, .max_people = 49, .max_waiting = 60, .max_rooms = 1});
  const Tab ada = r.enter(facilitator(1));
  EXPECT_EQ(r.closed[r.come(facilitator(1), {}, false, base::RoomId{8}).connection], 4503);
  r.media->most = 1;
  const Tab robin = r.come(member(4));
  EXPECT_EQ(r.closed[robin.connection], 4503);
  EXPECT_EQ(r.last<Refused>(robin)->reason, Reason::full);
  EXPECT_FALSE(r.closed.contains(ada.connection));
}

TEST(Plane, what_a_failing_browser_left_behind_keeps_nobody_out) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  std::vector<Tab> tabs;
  for (int i = 0; i < 4; ++i) tabs.push_back(r.come(member(4)));
  EXPECT_EQ(r.closed[r.come(member(4)).connection], 4503) << "four that stand are enough for one link";
  r.drop(tabs[2]);
  r.wait(base::Duration::seconds(1));
  r.drop(tabs[0]);
  const Tab fifth = r.come(member(4));
  EXPECT_TRUE(r.last<Welcome>(fifth));
  EXPECT_FALSE(r.known_to_media(tabs[2])) << "the one longest gone gave way";
  EXPECT_TRUE(r.known_to_media(tabs[0]));
  EXPECT_FALSE(r.closed.contains(tabs[1].connection)) << "nobody who is here was touched";
  // Who asked to come in is never pushed out by the same link.
  for (const Tab& tab : {tabs[1], tabs[3], fifth}) r.say(tab, Ready{});
  r.drop(tabs[1]);
  ASSERT_TRUE(r.last<Welcome>(r.come(member(4))));
  EXPECT_TRUE(r.known_to_media(tabs[1]));
  EXPECT_EQ(r.last<WaitingList>(ada)->arrivals.size(), 3U);
}

TEST(Plane, the_fiftieth_person_and_the_sixty_first_arrival_are_told_it_is_full_and_nobody_else_notices) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  for (std::uint32_t seat = 2; seat <= 49; ++seat) {
    r.enter(member(seat), ada);
    r.wait(base::Duration::millis(100));  // nobody clicks faster
  }
  const Tab back = r.come(facilitator(1), ada.token);
  ASSERT_EQ(r.last<Roster>(back)->people.size(), 49U);
  const Tab fiftieth = r.enter(member(50));
  r.say(back, Admit{fiftieth.arrival});
  EXPECT_EQ(r.refusal(back), Reason::full);
  for (std::uint32_t seat = 51; seat < 51 + 59; ++seat) ASSERT_TRUE(r.last<Welcome>(r.come(member(seat)))) << seat;
  r.forget();
  const Tab late = r.come(member(200));
  EXPECT_EQ(r.refusal(late), Reason::full);
  EXPECT_EQ(r.closed[late.connection], 4503);
  EXPECT_THAT(r.said[back.connection], IsEmpty());
  EXPECT_TRUE(r.last<Welcome>(r.come(facilitator(201)))) << "who may admit is never kept out by those who wait";
}

TEST(Plane, a_tab_left_open_before_ready_is_let_go_after_two_hours_and_one_that_waits_is_not) {
  Rehearsal r;
  const Tab idle = r.come(member(4)), waits = r.enter(member(5));
  r.wait(base::Duration::seconds(2 * 3'600 - 1));
  EXPECT_FALSE(r.closed.contains(idle.connection));
  r.wait(base::Duration::seconds(2));
  EXPECT_EQ(r.closed[idle.connection], 1000);
  EXPECT_EQ(r.last<StateNow>(idle)->why, GoneWhy::dropped);
  EXPECT_FALSE(r.known_to_media(idle));
  EXPECT_FALSE(r.closed.contains(waits.connection));
}

TEST(Plane, tells_the_service_who_came_and_went_by_seat_alone) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(ada, MoveBack{robin.seat});
  r.say(ada, Admit{robin.arrival});
  r.say(robin, Leave{});
  EXPECT_EQ(r.closed[robin.connection], 1000);
  std::vector<std::pair<std::uint32_t, int>> seen;  // seat, how; -1 for coming
  for (const ToService& each : r.reports) {
    if (const auto* came = std::get_if<Came>(&each)) seen.emplace_back(came->seat.value, -1);
    if (const auto* went = std::get_if<Went>(&each)) seen.emplace_back(went->seat.value, static_cast<int>(went->how));
  }
  using P = std::pair<std::uint32_t, int>;
  EXPECT_THAT(seen, ElementsAre(P{1, -1}, P{4, -1}, P{4, static_cast<int>(Going::moved_back)}, P{4, -1},
                                P{4, static_cast<int>(Going::left)}));
}

TEST(Plane, puts_out_who_came_with_a_pass_that_ended_and_nobody_else_of_that_seat) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab again = r.enter(facilitator(1));  // the same person with another sign-in: waits
  r.service(PutOut{kRoom, {99}});
  r.service(PutOut{{8}, ada.connection});
  EXPECT_TRUE(r.known_to_media(ada));
  r.service(PutOut{kRoom, ada.connection});
  EXPECT_EQ(r.closed[ada.connection], 4401);
  EXPECT_FALSE(r.known_to_media(ada));
  EXPECT_EQ(r.last<Left>(robin)->how, LeftHow::removed);
  EXPECT_FALSE(r.closed.contains(again.connection));
  const Tab back = r.come(facilitator(1), ada.token, true);
  EXPECT_NE(back.arrival, ada.arrival) << "the token died with it";
}

TEST(Plane, puts_out_who_has_lost_the_line_too) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.drop(ada);
  EXPECT_TRUE(r.known_to_media(ada)) << "and hears the group";
  r.service(PutOut{kRoom, ada.connection});
  EXPECT_FALSE(r.known_to_media(ada));
  EXPECT_TRUE(r.last<Paused>(robin)->paused) << "no facilitator is left";
}

TEST(Plane, tells_how_a_visit_went_once_it_is_over_and_of_a_reload_once) {
  Rehearsal r;
  const auto visits = [&] {
    std::vector<VisitFigures> out;
    for (const ToService& each : r.reports)
      if (const auto* visit = std::get_if<VisitEnded>(&each)) out.push_back(visit->figures);
    return out;
  };
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.come(member(4));
  r.wait(base::Duration::millis(300));
  r.media_says(robin, media::Event::Connected{});
  r.say(robin, Ready{});
  r.say(ada, Admit{robin.arrival});
  media::LineFigures line;
  line.packets_in = 950;
  line.lost_in = 50;
  line.pictures = media::Pictures::reduced;
  r.media->participants.at({kRoom, robin.arrival}).line = line;
  r.wait(base::Duration::seconds(10));
  r.media_says(robin, media::Event::Silent{r.now.instant - base::Duration::seconds(8)});
  r.wait(base::Duration::seconds(3));
  r.media_says(robin, media::Event::Back{});
  r.wait(base::Duration::seconds(10));
  r.media_says(robin, media::Event::Gap{r.now.instant - base::Duration::seconds(2)});
  r.drop(robin);
  const Tab again = r.come(member(4), robin.token);
  EXPECT_TRUE(visits().empty()) << "a reload is the same visit";
  r.say(again, Leave{});
  ASSERT_EQ(visits().size(), 1U);
  const VisitFigures robins = visits()[0];
  EXPECT_EQ(robins.joined_ms, 300U);
  EXPECT_EQ(robins.seconds, 23U);
  EXPECT_EQ(robins.interruptions, 2U);
  EXPECT_EQ(robins.interrupted_seconds, 13U);
  EXPECT_EQ(robins.lost_in_ppm, 50'000U);
  EXPECT_GE(robins.pictures_seconds[1], 10U);
  r.service(Stop{});
  ASSERT_EQ(visits().size(), 2U) << "who is there when the service stops is counted, too";
}

TEST(Plane, a_connection_that_was_closed_says_nothing_more) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  r.say(ada, Leave{});
  r.forget();
  r.say(ada, Ping{});
  r.say_text(ada, "{");
  r.drop(ada);
  EXPECT_THAT(r.said[ada.connection], IsEmpty());
}

TEST(AtMost, counts_in_a_window_that_slides) {
  AtMost<2> two(base::Duration::seconds(1));
  EXPECT_TRUE(two.allow({0}));
  EXPECT_TRUE(two.allow({500'000}));
  EXPECT_FALSE(two.allow({999'999}));
  EXPECT_TRUE(two.allow({2'000'000}));
}

}  // namespace
}  // namespace call
