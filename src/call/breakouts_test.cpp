// SPDX-License-Identifier: Apache-2.0
// A facilitator shares people out into rooms of a few: who may, what ends it, who is told and heard, and that nothing is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::IsEmpty;
using testing::SizeIs;

constexpr GroupName breakout(std::uint32_t number) { return {.kind = GroupName::Kind::breakout, .number = number}; }

// Ada and Bea lead; Robin, Wren, Lark and Ash are members.
struct Scene {
  Rehearsal r;
  Tab ada, bea, robin, wren, lark, ash;
  Scene() {
    ada = r.enter(facilitator(1));
    bea = r.enter(facilitator(2, Role::co_facilitator), ada);
    robin = r.enter(member(4), ada);
    wren = r.enter(member(5), ada);
    lark = r.enter(member(6), ada);
    ash = r.enter(member(7), ada);
    for (const Tab& tab : {ada, bea, robin, wren, lark, ash}) r.say(tab, Publish{true, true});
    r.forget();
  }
  [[nodiscard]] OpenBreakouts pairs(std::uint32_t seconds = 600) const {
    return {.rooms = {{{robin.seat, wren.seat}}, {{lark.seat}}}, .seconds = seconds};
  }
  bool together(const Tab& a, const Tab& b) { return r.at_media(a).place == r.at_media(b).place; }
  bool all_together() {
    for (const Tab& tab : {ada, bea, robin, wren, lark, ash})
      if (r.known_to_media(tab) && r.at_media(tab).place != 0) return false;
    return true;
  }
};

TEST(Breakouts, people_are_with_those_they_were_shared_out_with_and_everyone_knows_where_they_are_and_until_when) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  EXPECT_TRUE(s.together(s.robin, s.wren));
  EXPECT_FALSE(s.together(s.robin, s.lark));
  EXPECT_FALSE(s.together(s.robin, s.ada));
  EXPECT_TRUE(s.together(s.ash, s.ada)) << "not named: with everyone";
  const auto told = s.r.last<BreakoutsNow>(s.ash);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->rooms, 2U);
  EXPECT_EQ(told->until, s.r.now.instant.us / 1'000 + 600'000);
  EXPECT_THAT(s.r.all<Changed>(s.ash), SizeIs(3));
  EXPECT_EQ(s.r.last<Changed>(s.ash)->person.room, breakout(2));
  EXPECT_THAT(s.r.all<Left>(s.ash), IsEmpty()) << "nobody has left";
  const Tab late = s.r.enter(member(8), s.bea);
  EXPECT_EQ(s.r.last<BreakoutsNow>(late), told);
  EXPECT_EQ(s.r.at_media(late).place, 0U);
}

TEST(Breakouts, they_end_by_themselves_when_the_time_is_up) {
  Scene s;
  s.r.say(s.ada, s.pairs(60));
  s.r.wait(base::Duration::seconds(59));
  EXPECT_FALSE(s.all_together());
  s.r.wait(base::Duration::seconds(1));
  EXPECT_TRUE(s.all_together());
  EXPECT_EQ(s.r.last<BreakoutsNow>(s.robin)->rooms, 0U);
}

TEST(Breakouts, a_facilitator_gives_more_time_or_calls_everyone_back) {
  Scene s;
  s.r.say(s.ada, s.pairs(60));
  s.r.wait(base::Duration::seconds(50));
  s.r.say(s.bea, BreakoutTime{120});
  s.r.wait(base::Duration::seconds(100));
  EXPECT_FALSE(s.all_together());
  s.r.say(s.ada, BreakoutTime{0});
  EXPECT_TRUE(s.all_together());
  s.r.say(s.ada, BreakoutTime{60});
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now);
}

TEST(Breakouts, anyone_goes_back_to_the_group_alone_and_facilitators_come_and_go) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  s.r.say(s.robin, Return{});
  EXPECT_TRUE(s.together(s.robin, s.ash));
  EXPECT_FALSE(s.together(s.wren, s.ash)) << "the others stay";
  s.r.say(s.robin, Return{});
  EXPECT_EQ(s.r.refusal(s.robin), Reason::not_now);
  s.r.say(s.ada, MoveTo{.breakout = 2, .seat = {}});
  EXPECT_TRUE(s.together(s.ada, s.lark));
  s.r.say(s.ada, MoveTo{.breakout = 1, .seat = {}});
  EXPECT_TRUE(s.together(s.ada, s.wren));
  s.r.say(s.ada, MoveTo{});
  EXPECT_TRUE(s.together(s.ada, s.ash));
}

TEST(Breakouts, a_facilitator_sends_people_on) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  s.r.say(s.bea, MoveTo{.breakout = 2, .seat = s.ash.seat});
  EXPECT_TRUE(s.together(s.ash, s.lark));
  s.r.say(s.bea, MoveTo{.breakout = {}, .seat = s.ash.seat});
  EXPECT_TRUE(s.together(s.ash, s.bea));
}

TEST(Breakouts, members_and_people_of_nothing_move_nobody) {
  Scene s;
  const auto refused = [&](const Tab& by, const ClientMessage& message) {
    s.r.forget();
    s.r.say(by, message);
    EXPECT_THAT(s.r.all<Changed>(s.bea), IsEmpty());
    return s.r.refusal(by);
  };
  EXPECT_EQ(refused(s.wren, s.pairs()), Reason::not_allowed);
  EXPECT_EQ(refused(s.ada, OpenBreakouts{.rooms = {{{{99}}}}, .seconds = 60}), Reason::unknown_seat);
  EXPECT_EQ(refused(s.ada, OpenBreakouts{.rooms = {{{s.bea.seat}}}, .seconds = 60}), Reason::not_allowed);
  EXPECT_EQ(refused(s.ada, OpenBreakouts{.rooms = {{{s.ash.seat}}, {{s.ash.seat}}}, .seconds = 60}), Reason::malformed);
  EXPECT_EQ(refused(s.ada, MoveTo{.breakout = 1, .seat = s.ash.seat}), Reason::not_now) << "there are none";
  EXPECT_EQ(refused(s.ada, BreakoutTime{60}), Reason::not_now);
  s.r.say(s.ada, s.pairs());
  EXPECT_EQ(refused(s.ada, s.pairs()), Reason::not_now) << "they stand";
  EXPECT_EQ(refused(s.robin, MoveTo{.breakout = 2, .seat = {}}), Reason::not_allowed);
  EXPECT_EQ(refused(s.robin, BreakoutTime{0}), Reason::not_allowed);
  EXPECT_EQ(refused(s.ada, MoveTo{.breakout = 3, .seat = {}}), Reason::not_now);
  EXPECT_EQ(refused(s.ada, MoveTo{.breakout = 1, .seat = s.bea.seat}), Reason::not_allowed) << "facilitators go by themselves";
}

TEST(Breakouts, a_private_talk_is_not_broken_into) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.say(s.bea, s.pairs());
  EXPECT_EQ(s.r.refusal(s.bea), Reason::not_now);
  s.r.say(s.bea, OpenBreakouts{.rooms = {{{s.lark.seat}}}, .seconds = 60});
  s.r.say(s.bea, MoveTo{.breakout = 1, .seat = s.robin.seat});
  EXPECT_EQ(s.r.refusal(s.bea), Reason::not_now);
  s.r.say(s.ada, MoveTo{.breakout = 1, .seat = {}});
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now);
  EXPECT_TRUE(s.together(s.ada, s.robin));
}

TEST(Breakouts, without_a_facilitator_who_is_there_and_in_a_pause_everyone_is_back) {
  const std::vector<std::function<void(Scene&)>> endings = {
      [](Scene& s) { s.r.say(s.bea, Pause{true}); },
      [](Scene& s) {
        s.r.say(s.bea, Leave{});
        EXPECT_FALSE(s.all_together()) << "Ada leads still";
        s.r.media_says(s.ada, media::Event::Silent{});
        EXPECT_TRUE(s.r.media->paused[kRoom]);
      },
      [](Scene& s) {
        s.r.say(s.bea, Leave{});
        s.r.say(s.ada, Leave{});
      },
  };
  for (const auto& ending : endings) {
    Scene s;
    s.r.say(s.ada, s.pairs());
    ending(s);
    EXPECT_TRUE(s.all_together());
    EXPECT_EQ(s.r.last<BreakoutsNow>(s.robin)->rooms, 0U);
  }
}

TEST(Breakouts, a_reload_comes_back_into_its_breakout_and_a_new_arrival_to_everyone) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  s.r.drop(s.robin);
  s.r.wait(base::Duration::seconds(20));
  const Tab back = s.r.come(member(4), s.robin.token);
  s.r.media_says(back, media::Event::Connected{});
  EXPECT_TRUE(s.together(back, s.wren));
  EXPECT_EQ(s.r.last<BreakoutsNow>(back)->rooms, 2U);
  s.r.say(back, Leave{});
  const Tab anew = s.r.enter(member(4), s.ada);
  EXPECT_EQ(s.r.at_media(anew).place, 0U);
}

TEST(Breakouts, what_is_said_in_one_stays_in_it_and_help_reaches_facilitators_from_there) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  s.r.forget();
  s.r.say(s.robin, to(breakout(1), "aW4"));
  EXPECT_THAT(s.r.all<Delivered>(s.wren), SizeIs(1));
  for (const Tab& outside : {s.ada, s.bea, s.lark, s.ash}) EXPECT_THAT(s.r.all<Delivered>(outside), IsEmpty());
  s.r.say(s.ada, to(breakout(1), "aW4"));
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_allowed) << "she is not in it";
  s.r.say(s.robin, to(Facilitators{}, "aGVscA"));
  for (const Tab& leads : {s.ada, s.bea}) EXPECT_THAT(s.r.all<Delivered>(leads), SizeIs(1));
}

TEST(Breakouts, nothing_of_their_groups_is_kept_once_they_are_over) {
  Scene s;
  s.r.say(s.ada, s.pairs());
  s.r.say(s.ada, GroupOpen{.group = breakout(1), .replace = {}, .ref = {}});
  s.r.drop(s.robin);  // the Welcome is kept for this one
  s.r.say(s.ada, Commit{.group = breakout(1), .instance = 1, .epoch = 0, .commit = payload("Yw"), .welcome = payload("dw"),
                        .adds = {s.robin.arrival}, .removes = {}, .ref = {}});
  EXPECT_EQ(s.r.plane->totals().groups, 1U);
  EXPECT_GT(s.r.plane->totals().held_for_mls, 0U);
  s.r.say(s.ada, BreakoutTime{0});
  EXPECT_EQ(s.r.plane->totals().groups, 0U);
  EXPECT_EQ(s.r.plane->totals().held_for_mls, 0U);
}

}  // namespace
}  // namespace call
