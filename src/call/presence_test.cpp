// SPDX-License-Identifier: Apache-2.0
// Coming back, being away, and a link used twice: docs/protocol.md "States of an arrival" and "Coming back".
#include "call/presence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::IsEmpty;
constexpr auto seconds = [](std::int64_t n) { return base::Duration::seconds(n); };

TEST(Return, a_reload_comes_back_to_the_same_place_without_being_admitted) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.drop(robin);
  const Tab back = r.come(member(4), robin.token);
  const Welcome welcome = *r.last<Welcome>(back);
  EXPECT_TRUE(welcome.resumed);
  EXPECT_FALSE(welcome.kept);
  EXPECT_EQ(welcome.state, Stage::present);
  EXPECT_EQ(back.arrival, robin.arrival);
  EXPECT_EQ(back.token, robin.token);
  EXPECT_EQ(r.last<Roster>(back)->people.at(1).place, 2U);
  EXPECT_TRUE(r.last<OfferMade>(back)) << "a new page needs a new media connection";
  EXPECT_TRUE(r.at_media(back).present);
}

TEST(Return, a_restarted_service_costs_nobody_their_media) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(robin, Publish{true, false});
  r.drop(robin);
  r.drop(ada);
  r.forget();
  r.wait(seconds(9));
  const Tab ada_back = r.come(facilitator(1), ada.token, true);
  const Tab back = r.come(member(4), robin.token, true);
  EXPECT_TRUE(r.last<Welcome>(back)->kept);
  EXPECT_FALSE(r.last<OfferMade>(back));
  EXPECT_EQ(r.at_media(back).offers, 1U);
  EXPECT_FALSE(r.at_media(back).silenced.at(media::Source::microphone));
  EXPECT_THAT(r.all<Changed>(ada_back), IsEmpty()) << "nobody was ever away";
  EXPECT_THAT(r.all<Paused>(back), IsEmpty());
}

TEST(Return, a_way_that_breaks_and_stands_again_and_again_is_told_of_seldom) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const auto before = r.all<Changed>(ada).size();
  r.media_says(robin, media::Event::Silent{});
  ASSERT_EQ(r.all<Changed>(ada).size(), before + 1) << "at once";
  for (int i = 0; i < 100; ++i) {
    r.media_says(robin, media::Event::Back{});
    r.wait(base::Duration::millis(5));
    r.media_says(robin, media::Event::Silent{});
    r.wait(base::Duration::millis(5));
  }
  EXPECT_LE(r.all<Changed>(ada).size(), before + 3);
  r.wait(seconds(3));
  EXPECT_TRUE(r.last<Changed>(ada)->person.away) << "in the end it is";
}

TEST(Return, keep_is_not_believed_where_the_media_is_silent) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  r.media_says(ada, media::Event::Silent{});
  r.drop(ada);
  const Tab back = r.come(facilitator(1), ada.token, true);
  EXPECT_FALSE(r.last<Welcome>(back)->kept);
  EXPECT_TRUE(r.last<OfferMade>(back));
}

TEST(Return, a_tab_that_comes_twice_with_its_token_replaces_itself) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.forget();
  const Tab back = r.come(member(4), robin.token);
  EXPECT_EQ(r.last<StateNow>(robin)->why, GoneWhy::superseded);
  EXPECT_EQ(r.closed[robin.connection], 4409);
  EXPECT_EQ(r.last<Welcome>(back)->state, Stage::present);
  EXPECT_THAT(r.all<Left>(ada), IsEmpty()) << "silently";
  r.drop(robin);  // the old connection's end is not the new one's
  r.wait(seconds(100));
  EXPECT_FALSE(r.last<StateNow>(back));
}

TEST(Return, a_waiting_arrival_comes_back_to_waiting) {
  Rehearsal r;
  const Tab robin = r.enter(member(4));
  r.drop(robin);
  EXPECT_EQ(r.last<Welcome>(r.come(member(4), robin.token))->state, Stage::waiting);
}

TEST(Return, a_token_opens_only_its_own_seat) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.drop(robin);
  for (const std::string& token : {robin.token, std::string("nonsense"), std::string(43, 'A')}) {
    const Tab other = r.come(member(5), token);
    EXPECT_FALSE(r.last<Welcome>(other)->resumed);
    EXPECT_EQ(r.last<Welcome>(other)->state, Stage::arriving);
  }
}

TEST(Away, begins_at_once_without_media_and_after_ten_seconds_with_it) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab silent = r.enter(member(5), ada);
  r.media_says(silent, media::Event::Silent{});
  r.drop(robin);
  EXPECT_TRUE(r.last<Changed>(ada)->person.away);
  EXPECT_EQ(r.last<Changed>(ada)->person.seat, silent.seat);
  r.forget();
  r.wait(base::Duration::millis(9'999));
  EXPECT_THAT(r.all<Changed>(ada), IsEmpty());
  r.wait(base::Duration::millis(2));
  ASSERT_EQ(r.all<Changed>(ada).size(), 1U);
  EXPECT_EQ(r.last<Changed>(ada)->person.seat, robin.seat);
  EXPECT_TRUE(r.last<Changed>(ada)->person.away);
}

TEST(Away, nothing_of_an_away_person_is_forwarded_and_all_of_it_is_when_back) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(robin, Publish{true, true});
  r.media_says(robin, media::Event::Silent{});
  EXPECT_TRUE(r.at_media(robin).silenced.at(media::Source::microphone));
  EXPECT_TRUE(r.at_media(robin).silenced.at(media::Source::camera));
  r.media_says(robin, media::Event::Back{});
  EXPECT_FALSE(r.at_media(robin).silenced.at(media::Source::microphone));
  EXPECT_FALSE(r.at_media(robin).silenced.at(media::Source::camera));
  EXPECT_FALSE(r.last<Changed>(ada)->person.away);
}

TEST(Away, the_seat_is_kept_for_sixty_seconds_and_then_dropped) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.media_says(robin, media::Event::Silent{});
  r.drop(robin);
  r.wait(base::Duration::millis(59'999));
  EXPECT_THAT(r.all<Left>(ada), IsEmpty());
  r.wait(base::Duration::millis(2));
  EXPECT_EQ(r.last<Left>(ada)->how, LeftHow::dropped);
  EXPECT_FALSE(r.known_to_media(robin));
  const Tab late = r.come(member(4), robin.token);
  EXPECT_FALSE(r.last<Welcome>(late)->resumed) << "the token died with the arrival";
  r.say(late, Ready{});
  EXPECT_EQ(r.last<StateNow>(late)->state, Stage::waiting);
}

TEST(Away, who_can_still_be_spoken_to_is_never_dropped) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  r.media_says(ada, media::Event::Silent{});
  r.wait(seconds(3'600));
  EXPECT_FALSE(r.closed.contains(ada.connection));
}

TEST(SecondUse, waits_and_the_first_stays_until_a_facilitator_moves_the_seat) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab first = r.enter(member(4), ada);
  const Tab second = r.enter(member(4));
  EXPECT_EQ(r.last<StateNow>(second)->state, Stage::waiting);
  EXPECT_TRUE(r.last<WaitingList>(ada)->arrivals.at(0).second);
  EXPECT_EQ(r.last<StateNow>(first)->state, Stage::present);
  EXPECT_TRUE(r.at_media(first).present);
  r.say(ada, Admit{second.arrival});
  EXPECT_EQ(r.last<StateNow>(first)->why, GoneWhy::superseded);
  EXPECT_EQ(r.closed[first.connection], 4409);
  EXPECT_EQ(r.last<Left>(ada)->how, LeftHow::superseded);
  EXPECT_EQ(r.last<Joined>(ada)->person.place, 2U) << "the seat keeps its place";
  EXPECT_EQ(r.last<StateNow>(second)->state, Stage::present);
}

TEST(SecondUse, of_a_facilitators_link_waits_too) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab again = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(again)->state, Stage::waiting);
  EXPECT_EQ(r.last<WaitingList>(ada)->arrivals.size(), 1U);
}

TEST(SecondUse, of_a_facilitators_link_enters_once_the_first_has_been_away_for_sixty_seconds_and_nobody_could_admit) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.media_says(ada, media::Event::Silent{});
  r.drop(ada);
  const Tab again = r.enter(facilitator(1));
  r.wait(seconds(59));
  EXPECT_EQ(r.last<StateNow>(again)->state, Stage::waiting);
  EXPECT_EQ(r.last<Paused>(robin)->why, PausedWhy::no_facilitator);
  r.wait(seconds(2));
  EXPECT_EQ(r.last<StateNow>(again)->state, Stage::present);
  EXPECT_FALSE(r.last<Paused>(robin)->paused);
}

TEST(SecondUse, two_tabs_still_arriving_do_not_hinder_each_other) {
  Rehearsal r;
  const Tab idle = r.come(facilitator(1));
  const Tab used = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(used)->state, Stage::present);
  EXPECT_FALSE(r.last<StateNow>(idle));
}

TEST(Pause, comes_by_itself_when_the_last_facilitator_drops_and_goes_when_one_is_back) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab ben = r.enter(facilitator(2, Role::co_facilitator), ada);
  const Tab robin = r.enter(member(4), ada);
  EXPECT_FALSE(r.media->paused[kRoom]);
  r.media_says(ada, media::Event::Silent{});
  EXPECT_FALSE(r.last<Paused>(robin)) << "one is still there";
  r.say(ben, Leave{});
  EXPECT_EQ(r.last<Paused>(robin)->why, PausedWhy::no_facilitator);
  EXPECT_TRUE(r.media->paused[kRoom]);
  r.media_says(ada, media::Event::Back{});
  EXPECT_FALSE(r.last<Paused>(robin)->paused);
  EXPECT_FALSE(r.media->paused[kRoom]);
}

TEST(Speaker, is_told_at_most_four_times_a_second_and_the_last_word_counts) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.wait(seconds(1));
  for (int i = 0; i < 9; ++i)
    r.media_says(ada, media::Event::Speaker{i % 2 == 0 ? ada.arrival : robin.arrival});
  r.media_says(ada, media::Event::Speaker{robin.arrival});
  EXPECT_EQ(r.all<Speaker>(robin).size(), 1U);
  r.wait(base::Duration::millis(251));
  ASSERT_EQ(r.all<Speaker>(robin).size(), 2U);
  EXPECT_EQ(r.last<Speaker>(robin)->seat.value, robin.seat);
}

TEST(LineOfAPerson, is_told_to_them_and_to_facilitators_only) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  r.media->participants.at({kRoom, robin.arrival}).line.emplace().loss_out = 0.2;
  r.wait(seconds(5));
  const Line poor{.seat = robin.seat, .word = LineWord::poor, .pictures = media::Pictures::full, .thinned = {}};
  EXPECT_EQ(r.last<Line>(robin), poor);
  EXPECT_EQ(r.last<Line>(ada), poor);
  EXPECT_THAT(r.all<Line>(sam), IsEmpty());
  r.wait(seconds(60));
  EXPECT_EQ(r.all<Line>(ada).size(), 1U) << "changes only";
}

TEST(LineOfAPerson, what_it_does_not_carry_is_told_once_steady_and_taken_back_later) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  auto& figures = r.media->participants.at({kRoom, robin.arrival}).line.emplace();
  r.wait(seconds(6));
  EXPECT_EQ(r.last<Line>(robin)->pictures, media::Pictures::full);
  figures.pictures = media::Pictures::stills;
  figures.thinned = {sam.arrival};
  r.wait(seconds(5));
  const Line told{.seat = robin.seat, .word = LineWord::good, .pictures = media::Pictures::stills, .thinned = {sam.seat}};
  EXPECT_EQ(r.last<Line>(robin), told);
  EXPECT_EQ(r.last<Line>(ada), told);
  // Better for a moment: that is not said.
  figures.pictures = media::Pictures::reduced;
  r.wait(seconds(3));
  figures.pictures = media::Pictures::stills;
  r.wait(seconds(10));
  EXPECT_EQ(r.last<Line>(robin), told);
  figures.pictures = media::Pictures::reduced;
  figures.thinned.clear();
  r.wait(seconds(10));
  EXPECT_EQ(r.last<Line>(robin)->pictures, media::Pictures::reduced);
  EXPECT_THAT(r.last<Line>(robin)->thinned, IsEmpty());
  EXPECT_THAT(r.all<Line>(sam), IsEmpty());
}

}  // namespace
}  // namespace call
