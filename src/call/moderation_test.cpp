// SPDX-License-Identifier: Apache-2.0
#include "call/moderation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::IsEmpty;

struct Group {
  Rehearsal r;
  Tab ada = r.enter(facilitator(1));
  Tab robin = r.enter(member(4), ada);
  Tab sam = r.enter(member(5), ada);
  bool silenced(const Tab& tab) { return r.at_media(tab).silenced.at(media::Source::microphone); }
};

TEST(Mute, silences_at_once_and_its_owner_may_speak_again) {
  Group g;
  g.r.say(g.robin, Publish{true, true});
  EXPECT_FALSE(g.silenced(g.robin));
  g.r.say(g.ada, Mute{g.robin.seat});
  EXPECT_TRUE(g.silenced(g.robin));
  EXPECT_EQ(g.r.last<Muted>(g.robin)->by, g.ada.seat);
  EXPECT_TRUE(g.r.last<Changed>(g.sam)->person.muted);
  EXPECT_FALSE(g.r.last<Changed>(g.sam)->person.microphone);
  g.r.say(g.robin, Publish{true, false});  // was on its way
  EXPECT_TRUE(g.silenced(g.robin)) << "a message that crossed does not undo the mute";
  g.r.say(g.robin, Publish{false, false});
  g.r.say(g.robin, Publish{true, false});
  EXPECT_FALSE(g.silenced(g.robin));
  EXPECT_FALSE(g.r.last<Changed>(g.sam)->person.muted);
}

TEST(Mute, of_a_microphone_that_was_off_is_undone_by_the_first_switch) {
  Group g;
  g.r.say(g.ada, Mute{g.robin.seat});
  g.r.say(g.robin, Publish{true, false});
  EXPECT_FALSE(g.silenced(g.robin));
}

TEST(AskToMute, only_asks) {
  Group g;
  g.r.say(g.robin, Publish{true, false});
  g.r.forget();
  g.r.say(g.ada, AskToMute{g.robin.seat});
  EXPECT_EQ(g.r.last<AskedToMute>(g.robin)->by, g.ada.seat);
  EXPECT_FALSE(g.silenced(g.robin));
  EXPECT_THAT(g.r.said[g.sam.connection], IsEmpty());
}

TEST(Remove, ends_the_token_and_marks_the_next_use_of_the_link) {
  Group g;
  g.r.say(g.ada, Remove{g.robin.seat});
  EXPECT_EQ(g.r.last<StateNow>(g.robin)->why, GoneWhy::removed);
  EXPECT_EQ(g.r.closed[g.robin.connection], 1000);
  EXPECT_FALSE(g.r.known_to_media(g.robin));
  EXPECT_EQ(g.r.last<Left>(g.sam)->how, LeftHow::removed);
  const Tab again = g.r.come(member(4), g.robin.token);
  EXPECT_FALSE(g.r.last<Welcome>(again)->resumed);
  g.r.say(again, Ready{});
  EXPECT_TRUE(g.r.last<WaitingList>(g.ada)->arrivals.at(0).removed);
}

TEST(Remove, keeps_a_removed_facilitator_waiting_even_after_everyone_has_gone) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab ben = r.enter(facilitator(2), ada);
  r.say(ada, Remove{ben.seat});
  r.say(ada, Leave{});
  const Tab again = r.enter(facilitator(2));
  EXPECT_EQ(r.last<StateNow>(again)->state, Stage::waiting);
  const Tab ada_again = r.enter(facilitator(1));
  EXPECT_TRUE(r.last<WaitingList>(ada_again)->arrivals.at(0).removed);
}

TEST(Remove, a_second_tab_of_the_link_that_waited_cannot_slip_in) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab ben = r.enter(facilitator(2), ada);
  const Tab ben_again = r.enter(facilitator(2));
  r.say(ada, Remove{ben.seat});
  r.say(ada, Leave{});
  EXPECT_EQ(r.last<StateNow>(ben_again)->state, Stage::waiting);
}

TEST(Pause, by_a_facilitator_holds_until_a_facilitator_ends_it) {
  Group g;
  g.r.say(g.ada, Pause{true});
  EXPECT_EQ(*g.r.last<Paused>(g.robin), (Paused{true, PausedWhy::facilitator, g.ada.seat}));
  EXPECT_TRUE(g.r.media->paused[kRoom]);
  g.r.say(g.ada, Leave{});
  EXPECT_EQ(g.r.all<Paused>(g.robin).size(), 1U) << "still the same pause";
  const Tab back = g.r.enter(facilitator(1));
  EXPECT_EQ(g.r.last<Roster>(back)->why, PausedWhy::facilitator);
  EXPECT_TRUE(g.r.media->paused[kRoom]);
  g.r.say(back, Pause{false});
  EXPECT_FALSE(g.r.last<Paused>(g.robin)->paused);
  EXPECT_FALSE(g.r.media->paused[kRoom]);
}

TEST(Pause, is_not_told_to_who_waits) {
  Group g;
  const Tab waits = g.r.enter(member(6));
  g.r.forget();
  g.r.say(g.ada, Pause{true});
  g.r.say(g.ada, Pause{false});
  EXPECT_THAT(g.r.said[waits.connection], IsEmpty());
}

TEST(End, is_for_everyone_and_nobody_is_told_of_the_others) {
  Group g;
  const Tab waits = g.r.enter(member(6));
  g.r.forget();
  g.r.say(g.ada, End{});
  for (const Tab& tab : {g.ada, g.robin, g.sam, waits}) {
    ASSERT_EQ(g.r.said[tab.connection].size(), 1U);
    EXPECT_EQ(g.r.last<StateNow>(tab)->why, GoneWhy::ended);
    EXPECT_EQ(g.r.closed[tab.connection], 4404);
  }
  const auto ended = std::ranges::find_if(g.r.reports, [](const auto& m) { return std::holds_alternative<RoomEnded>(m); });
  ASSERT_NE(ended, g.r.reports.end());
  const auto went = std::ranges::find_if(
      g.r.reports, [](const auto& m) { return std::holds_alternative<Went>(m) && std::get<Went>(m).how == Going::ended; });
  EXPECT_LT(ended, went) << "the service knows before anyone can come back";
  EXPECT_EQ(g.r.plane->totals().rooms, 0U);
  EXPECT_TRUE(g.r.media->participants.empty());
}

TEST(End, is_told_to_who_was_on_the_way_in_until_a_facilitator_is_there_again) {
  Group g;
  g.r.say(g.ada, End{});
  const auto told = [&](const Tab& tab) {
    const auto state = g.r.last<StateNow>(tab);
    return g.r.closed[tab.connection] == 4404 && state && state->why == GoneWhy::ended;
  };
  EXPECT_TRUE(told(g.r.come(member(8)))) << "their link was checked before the service knew";
  EXPECT_TRUE(told(g.r.come(member(4), g.robin.token))) << "and who comes back by their token";
  EXPECT_EQ(g.r.plane->totals().rooms, 0U) << "no room of their own is made for them";
  const Tab ada = g.r.come(facilitator(1));
  EXPECT_NE(ada.arrival.value, 0U);
  EXPECT_TRUE(told(g.r.come(member(8)))) << "a facilitator who looks in opens nothing";
  g.r.say(ada, Ready{});
  EXPECT_NE(g.r.come(member(8)).arrival.value, 0U);
}

TEST(End, is_the_services_to_tell_once_nobody_can_be_on_the_way_any_more) {
  Group g;
  g.r.say(g.ada, End{});
  g.r.wait(base::Duration::seconds(10));
  EXPECT_NE(g.r.come(member(8)).arrival.value, 0U);
  EXPECT_NE(g.r.come(member(4), {}, false, {99}).arrival.value, 0U) << "another room never ended";
}

TEST(Moderation, is_never_of_oneself_nor_of_an_empty_seat) {
  Group g;
  for (const ClientMessage& m : {ClientMessage(Mute{{1}}), ClientMessage(Remove{{1}}), ClientMessage(MoveBack{{1}}),
                                 ClientMessage(AskToMute{{1}})}) {
    g.r.forget();
    g.r.say(g.ada, m);
    EXPECT_EQ(g.r.refusal(g.ada), Reason::not_allowed) << type_of(m);
  }
  for (const ClientMessage& m : {ClientMessage(Mute{{9}}), ClientMessage(Remove{{9}}), ClientMessage(MoveBack{{9}}),
                                 ClientMessage(AskToMute{{9}})}) {
    g.r.forget();
    g.r.say(g.ada, m);
    EXPECT_EQ(g.r.refusal(g.ada), Reason::unknown_seat) << type_of(m);
  }
}

TEST(Moderation, needs_a_facilitator_who_is_present) {
  Group g;
  const Tab arriving = g.r.come(facilitator(2));
  for (const ClientMessage& m : {ClientMessage(Pause{true}), ClientMessage(End{}), ClientMessage(Remove{{4}}),
                                 ClientMessage(Lock{true}), ClientMessage(Admit{{1}})}) {
    g.r.forget();
    g.r.say(arriving, m);
    EXPECT_EQ(g.r.refusal(arriving), Reason::not_now) << type_of(m);
    EXPECT_THAT(g.r.said[g.robin.connection], IsEmpty());
  }
}

}  // namespace
}  // namespace call
