// SPDX-License-Identifier: Apache-2.0
// A facilitator takes one member aside: who may, what ends it, who is told and heard, and that nothing of it is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ranges>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::IsEmpty;
using testing::SizeIs;

constexpr GroupName kWithRobin{.kind = GroupName::Kind::private_room, .number = 4};

// Ada and Bea lead; Robin and Wren are members.
struct Scene {
  Rehearsal r;
  Tab ada, bea, robin, wren;
  Scene() {
    ada = r.enter(facilitator(1));
    bea = r.enter(facilitator(2, Role::co_facilitator), ada);
    robin = r.enter(member(4), ada);
    wren = r.enter(member(5), ada);
    for (const Tab& tab : {ada, bea, robin, wren}) r.say(tab, Publish{true, true});
    r.forget();
  }
  std::optional<GroupName> place_of(const Tab& tab) {
    for (const ServerMessage& message : std::views::reverse(r.heard(bea)))
      if (const auto* m = std::get_if<Changed>(&message); m != nullptr && m->person.seat == tab.seat) return m->person.room;
    return {};
  }
  bool together(const Tab& a, const Tab& b) { return r.at_media(a).place == r.at_media(b).place; }
  void expect_over() {
    EXPECT_TRUE(together(robin, wren));
    EXPECT_FALSE(place_of(robin));
  }
};

TEST(PrivateRoom, the_two_are_alone_and_everyone_knows_that_they_are) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  EXPECT_TRUE(s.together(s.ada, s.robin));
  EXPECT_FALSE(s.together(s.ada, s.bea));
  EXPECT_FALSE(s.together(s.robin, s.wren));
  EXPECT_EQ(s.place_of(s.robin), kWithRobin);
  EXPECT_EQ(s.r.last<Changed>(s.wren)->person.room, kWithRobin);
  EXPECT_THAT(s.r.all<Left>(s.wren), IsEmpty()) << "nobody has left";
  // A newcomer sees it in the list of who is here.
  const Tab lark = s.r.enter(member(6), s.bea);
  int aside = 0;
  for (const Person& p : s.r.last<Roster>(lark)->people) aside += p.room ? 1 : 0;
  EXPECT_EQ(aside, 2);
}

TEST(PrivateRoom, either_of_the_two_ends_it_with_one_tap) {
  for (const bool by_member : {true, false}) {
    Scene s;
    s.r.say(s.ada, PrivateRoom{s.robin.seat});
    s.r.say(by_member ? s.robin : s.ada, Return{});
    s.expect_over();
    EXPECT_TRUE(s.together(s.ada, s.bea));
  }
}

TEST(PrivateRoom, the_group_is_never_left_without_a_facilitator) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.say(s.bea, PrivateRoom{s.wren.seat});
  EXPECT_EQ(s.r.refusal(s.bea), Reason::not_now);
  EXPECT_FALSE(s.r.media->paused[kRoom]);
  s.r.media_says(s.bea, media::Event::Silent{});
  EXPECT_TRUE(s.together(s.ada, s.wren)) << "whoever led the others is away: Ada is back with them at once";
  EXPECT_TRUE(s.together(s.robin, s.wren));
  EXPECT_FALSE(s.r.media->paused[kRoom]);
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now) << "she is the only one who leads";
}

TEST(PrivateRoom, members_and_people_of_nothing_move_nobody) {
  Scene s;
  const auto refused = [&](const Tab& by, const ClientMessage& message) {
    s.r.forget();
    s.r.say(by, message);
    EXPECT_THAT(s.r.all<Changed>(s.bea), IsEmpty());
    return s.r.refusal(by);
  };
  EXPECT_EQ(refused(s.wren, PrivateRoom{s.robin.seat}), Reason::not_allowed);
  EXPECT_EQ(refused(s.wren, PrivateRoom{s.ada.seat}), Reason::not_allowed);
  EXPECT_EQ(refused(s.wren, Return{}), Reason::not_now);
  EXPECT_EQ(refused(s.ada, Return{}), Reason::not_now);
  EXPECT_EQ(refused(s.ada, PrivateRoom{s.ada.seat}), Reason::not_allowed);
  EXPECT_EQ(refused(s.ada, PrivateRoom{s.bea.seat}), Reason::not_allowed);
  EXPECT_EQ(refused(s.ada, PrivateRoom{{99}}), Reason::unknown_seat);
  const Tab waits = s.r.enter(facilitator(3));
  EXPECT_EQ(refused(waits, PrivateRoom{s.robin.seat}), Reason::not_now);
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  EXPECT_EQ(refused(s.ada, PrivateRoom{s.wren.seat}), Reason::not_now) << "she is in one";
  EXPECT_EQ(refused(s.wren, Return{}), Reason::not_now) << "it is not hers to end";
}

TEST(PrivateRoom, nobody_is_taken_aside_whose_line_is_lost_or_while_the_group_is_paused) {
  Scene s;
  s.r.drop(s.robin);
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now);
  s.r.say(s.ada, Pause{true});
  s.r.say(s.ada, PrivateRoom{s.wren.seat});
  EXPECT_EQ(s.r.all<Refused>(s.ada).size(), 2U);
}

TEST(PrivateRoom, what_ends_the_group_for_one_of_them_or_pauses_it_ends_it) {
  using Ending = std::function<void(Scene&)>;
  const std::vector<Ending> endings = {
      [](Scene& s) { s.r.say(s.ada, Leave{}); },
      [](Scene& s) { s.r.say(s.ada, Remove{s.robin.seat}); },
      [](Scene& s) { s.r.say(s.bea, MoveBack{s.robin.seat}); },
      [](Scene& s) { s.r.say(s.bea, Pause{true}); },
      [](Scene& s) { s.r.say(s.bea, Leave{}); },
  };
  for (const Ending& ending : endings) {
    Scene s;
    s.r.say(s.ada, PrivateRoom{s.robin.seat});
    ending(s);
    for (const Tab& tab : {s.ada, s.robin})
      if (s.r.known_to_media(tab)) EXPECT_EQ(s.r.at_media(tab).place, 0U);
  }
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.say(s.bea, End{});
  EXPECT_EQ(s.r.plane->totals().rooms, 0U);
}

TEST(PrivateRoom, a_reload_comes_back_to_it_and_its_media_does_before_it_is_heard) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.drop(s.robin);
  s.r.wait(base::Duration::seconds(20));
  s.robin = [&] {
    Tab back = s.r.come(member(4), s.robin.token);
    s.r.media_says(back, media::Event::Connected{});
    return back;
  }();
  EXPECT_TRUE(s.together(s.ada, s.robin));
  EXPECT_FALSE(s.together(s.robin, s.wren));
  bool told = false;
  for (const Person& p : s.r.last<Roster>(s.robin)->people) told |= p.seat == s.robin.seat && p.room == kWithRobin;
  EXPECT_TRUE(told);
}

TEST(PrivateRoom, who_stays_away_longer_than_a_place_is_kept_leaves_nobody_alone_in_it) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.media_says(s.robin, media::Event::Silent{});  // the page is still there, so nobody is dropped
  s.r.wait(base::Duration::seconds(59));
  EXPECT_FALSE(s.together(s.ada, s.wren));
  s.r.wait(base::Duration::seconds(2));
  s.expect_over();
  EXPECT_TRUE(s.together(s.ada, s.wren));
}

TEST(PrivateRoom, what_is_said_in_it_stays_in_it) {
  Scene s;
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.forget();
  s.r.say(s.robin, to(kWithRobin, "aW4"));
  EXPECT_THAT(s.r.all<Delivered>(s.ada), SizeIs(1));
  EXPECT_THAT(s.r.all<Delivered>(s.robin), SizeIs(1));
  EXPECT_THAT(s.r.all<Delivered>(s.bea), IsEmpty());
  EXPECT_THAT(s.r.all<Delivered>(s.wren), IsEmpty());
  for (const Tab& outside : {s.wren, s.bea}) {
    s.r.say(outside, to(kWithRobin, "aW4"));
    EXPECT_EQ(s.r.refusal(outside), Reason::not_allowed);
  }
  // Help reaches every facilitator from wherever it is asked for.
  s.r.say(s.robin, to(Facilitators{}, "aGVscA"));
  EXPECT_THAT(s.r.all<Delivered>(s.bea), SizeIs(1));
  s.r.say(s.ada, Return{});
  s.r.say(s.robin, to(kWithRobin, "aW4"));
  EXPECT_EQ(s.r.refusal(s.robin), Reason::not_allowed) << "it is closed";
}

TEST(PrivateRoom, backstage_reaches_facilitators_wherever_they_are_and_no_member_can_say_or_hear_it) {
  Scene s;
  constexpr GroupName kBackstage{.kind = GroupName::Kind::facilitators, .number = 0};
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.forget();
  s.r.say(s.bea, to(kBackstage, "YnM"));
  EXPECT_THAT(s.r.all<Delivered>(s.ada), SizeIs(1));
  for (const Tab& tab : {s.robin, s.wren}) EXPECT_THAT(s.r.heard(tab), IsEmpty());
  s.r.say(s.wren, to(kBackstage, "YnM"));
  EXPECT_EQ(s.r.refusal(s.wren), Reason::not_allowed);
}

TEST(PrivateRoom, its_group_is_opened_in_it_alone_and_nothing_of_it_is_kept_once_it_is_over) {
  Scene s;
  const GroupOpen open{.group = kWithRobin, .replace = {}, .ref = {}};
  s.r.say(s.ada, open);
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now);
  s.r.say(s.ada, PrivateRoom{s.robin.seat});
  s.r.say(s.bea, open);
  EXPECT_EQ(s.r.refusal(s.bea), Reason::not_now) << "she is not in it";
  s.r.forget();
  s.r.say(s.ada, open);
  s.r.drop(s.robin);  // her Welcome is kept for her
  s.r.say(s.ada, Commit{.group = kWithRobin, .instance = 1, .epoch = 0, .commit = payload("Yw"), .welcome = payload("dw"),
                        .adds = {s.robin.arrival}, .removes = {}, .ref = {}});
  EXPECT_EQ(s.r.plane->totals().groups, 1U);
  EXPECT_GT(s.r.plane->totals().held_for_mls, 0U);
  EXPECT_THAT(s.r.all<GroupOpened>(s.wren), IsEmpty());
  s.r.say(s.ada, Return{});
  EXPECT_EQ(s.r.plane->totals().groups, 0U);
  EXPECT_EQ(s.r.plane->totals().held_for_mls, 0U);
}

TEST(PrivateRoom, a_flood_of_moves_is_bounded_like_any_other) {
  Scene s;
  for (int i = 0; i < 60; ++i) {
    s.r.say(s.ada, PrivateRoom{s.robin.seat});
    s.r.say(s.ada, Return{});
  }
  EXPECT_EQ(s.r.closed[s.ada.connection], 4429);
  EXPECT_TRUE(s.together(s.robin, s.wren));
}

}  // namespace
}  // namespace call
