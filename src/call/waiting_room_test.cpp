// SPDX-License-Identifier: Apache-2.0
#include "call/waiting_room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::IsEmpty;

TEST(WaitingRoom, a_member_waits_until_a_facilitator_lets_them_in) {
  Rehearsal r;
  const Tab robin = r.enter(member(4));
  EXPECT_EQ(r.last<StateNow>(robin)->state, Stage::waiting);
  EXPECT_FALSE(r.at_media(robin).present);

  const Tab ada = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(ada)->state, Stage::present);
  ASSERT_EQ(r.last<WaitingList>(ada)->arrivals.size(), 1U);
  EXPECT_EQ(r.last<WaitingList>(ada)->arrivals[0].arrival, robin.arrival);

  r.say(ada, Admit{robin.arrival});
  EXPECT_EQ(r.last<StateNow>(robin)->state, Stage::present);
  EXPECT_EQ(r.last<StateNow>(robin)->by, ada.seat);
  EXPECT_EQ(r.last<Roster>(robin)->people.size(), 2U);
  EXPECT_EQ(r.last<Joined>(ada)->person.seat, robin.seat);
  EXPECT_THAT(r.last<WaitingList>(ada)->arrivals, IsEmpty());
  EXPECT_TRUE(r.at_media(robin).present);
}

TEST(WaitingRoom, a_member_never_learns_who_else_waits) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab present = r.enter(member(4), ada);
  const Tab waiting = r.enter(member(5));
  const Tab arriving = r.come(member(6));
  r.forget();

  const Tab one = r.enter(member(7));
  const Tab two = r.enter(member(8));
  const Tab again = r.enter(member(7));
  r.say(one, to(Facilitators{}, "bm90ZQ"));
  r.say(ada, to(one.arrival, "YW5zd2Vy"));
  r.say(one, Publish{true, true});
  r.say(ada, Decline{two.arrival});
  r.say(again, Leave{});
  r.say(ada, Lock{true});
  r.say(ada, Lock{false});
  r.drop(one);
  r.wait(base::Duration::seconds(200));

  EXPECT_THAT(r.said[present.connection], IsEmpty());
  EXPECT_THAT(r.said[waiting.connection], IsEmpty());
  EXPECT_THAT(r.said[arriving.connection], IsEmpty());
  EXPECT_FALSE(r.all<WaitingList>(ada).empty()) << "the facilitator was told";
}

TEST(WaitingRoom, an_arrival_number_does_not_tell_how_many_came_before) {
  Rehearsal r;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t seat = 1; seat <= 8; ++seat) numbers.push_back(r.come(member(seat)).arrival.value);
  EXPECT_FALSE(std::ranges::is_sorted(numbers));
  EXPECT_GT(std::ranges::max(numbers), 1'000'000U);
}

TEST(WaitingRoom, nobody_is_admitted_while_the_room_is_locked) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4));
  r.say(ada, Lock{true});
  r.say(ada, Admit{robin.arrival});
  EXPECT_EQ(r.refusal(ada), Reason::locked);
  const Tab ben = r.enter(facilitator(2, Role::co_facilitator));
  EXPECT_EQ(r.last<StateNow>(ben)->state, Stage::waiting) << "nor a co-facilitator";
  r.say(ada, Admit{ben.arrival});
  EXPECT_EQ(r.refusal(ada), Reason::locked);
  r.say(ada, Lock{false});
  r.say(ada, Admit{ben.arrival});
  EXPECT_EQ(r.last<StateNow>(ben)->state, Stage::present);
}

TEST(WaitingRoom, a_locked_room_without_a_facilitator_lets_one_in) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  r.say(ada, Lock{true});
  r.say(ada, Leave{});
  const Tab back = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(back)->state, Stage::present);
  EXPECT_TRUE(r.last<Roster>(back)->locked);
  EXPECT_EQ(r.last<Paused>(robin)->paused, false);
}

TEST(WaitingRoom, a_declined_arrival_is_gone_and_its_connection_closes) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4));
  r.say(ada, Decline{robin.arrival});
  EXPECT_EQ(r.last<StateNow>(robin)->why, GoneWhy::declined);
  EXPECT_EQ(r.closed[robin.connection], 1000);
  EXPECT_FALSE(r.known_to_media(robin));
  EXPECT_THAT(r.last<WaitingList>(ada)->arrivals, IsEmpty());
}

TEST(WaitingRoom, nobody_is_let_in_before_they_can_be_told) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4));
  r.drop(robin);
  r.say(ada, Admit{robin.arrival});
  EXPECT_EQ(r.refusal(ada), Reason::not_now);
  EXPECT_FALSE(r.at_media(robin).present);
  const Tab back = r.come(member(4), robin.token);
  r.say(ada, Admit{robin.arrival});
  EXPECT_EQ(r.last<StateNow>(back)->state, Stage::present);
}

TEST(WaitingRoom, who_is_moved_back_waits_and_is_neither_heard_nor_told_anything) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  r.say(ada, MoveBack{robin.seat});
  EXPECT_EQ(r.last<StateNow>(robin)->state, Stage::waiting);
  EXPECT_EQ(r.last<StateNow>(robin)->why, GoneWhy::moved_back);
  EXPECT_EQ(r.last<Left>(sam)->how, LeftHow::moved_back);
  EXPECT_TRUE(r.last<WaitingList>(ada)->arrivals.at(0).moved_back);
  EXPECT_FALSE(r.at_media(robin).present);
  r.forget();
  r.say(sam, to(Everyone{}));
  r.say(sam, Publish{true, true});
  EXPECT_THAT(r.said[robin.connection], IsEmpty());
}

TEST(WaitingRoom, nobody_is_let_in_beyond_the_limit) {
  Rehearsal r({.media = {}, .max_people = 2});
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  EXPECT_EQ(r.refusal(ada), Reason::full);
  EXPECT_EQ(r.last<StateNow>(sam)->state, Stage::waiting);
  const Tab second = r.enter(member(4), ada);
  EXPECT_EQ(r.last<StateNow>(second)->state, Stage::present) << "a taken seat changes hands in a full room";
  EXPECT_EQ(r.last<StateNow>(robin)->why, GoneWhy::superseded);
}

TEST(WaitingRoom, the_waiting_room_has_a_limit_that_never_keeps_a_facilitator_out) {
  Rehearsal r({.media = {}, .max_people = 49, .max_waiting = 2});
  (void)r.enter(member(4));
  (void)r.enter(member(5));
  const Tab late = r.come(member(6));
  EXPECT_EQ(r.closed[late.connection], 4503);
  const Tab ada = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(ada)->state, Stage::present);
}

TEST(WaitingRoom, only_so_many_tabs_of_one_link_are_taken) {
  Rehearsal r;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(r.closed.contains(r.come(member(4)).connection));
  EXPECT_EQ(r.closed[r.come(member(4)).connection], 4503);
  EXPECT_FALSE(r.closed.contains(r.come(member(5)).connection)) << "other links are not affected";
}

struct Denied {
  std::string_view name;
  ClientMessage message;
};
class Member : public testing::TestWithParam<Denied> {};
TEST_P(Member, may_not) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab robin = r.enter(member(4), ada);
  const Tab sam = r.enter(member(5), ada);
  const Tab waits = r.enter(member(6));
  ClientMessage message = GetParam().message;
  if (auto* m = std::get_if<Admit>(&message)) m->arrival = waits.arrival;
  if (auto* m = std::get_if<Decline>(&message)) m->arrival = waits.arrival;
  if (auto* m = std::get_if<Send>(&message); m != nullptr && std::holds_alternative<base::ArrivalId>(m->audience))
    m->audience = waits.arrival;
  r.forget();
  r.say(robin, message);
  EXPECT_EQ(r.refusal(robin), Reason::not_allowed);
  EXPECT_THAT(r.said[ada.connection], IsEmpty());
  EXPECT_THAT(r.said[sam.connection], IsEmpty());
  EXPECT_THAT(r.said[waits.connection], IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Table, Member,
    testing::Values(Denied{"admit", Admit{}}, Denied{"decline", Decline{}}, Denied{"move_back", MoveBack{{5}}},
                    Denied{"remove", Remove{{5}}}, Denied{"mute", Mute{{5}}}, Denied{"ask_to_mute", AskToMute{{5}}},
                    Denied{"lock", Lock{true}}, Denied{"pause", Pause{true}}, Denied{"end", End{}},
                    Denied{"write_to_a_member", to(base::SeatId{5})}, Denied{"write_to_a_facilitator_alone", to(base::SeatId{1})},
                    Denied{"write_to_who_waits", to(base::ArrivalId{})}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace call
