// SPDX-License-Identifier: Apache-2.0
#include "call/conversation.h"

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
  Tab ben = r.enter(facilitator(2, Role::co_facilitator));
  Tab robin = r.enter(member(4), ada);
  Tab sam = r.enter(member(5), ada);
  Tab waits = r.enter(member(6));
  Tab arriving = r.come(member(7));
  std::vector<Tab*> everyone{&ada, &ben, &robin, &sam, &waits, &arriving};

  // Who hears what `from` sends, as letters A B R S W G.
  std::string hear(const Tab& from, Audience audience) {
    r.forget();
    r.say(from, to(audience, "aGk", "m1"));
    std::string out;
    for (std::size_t i = 0; i < everyone.size(); ++i)
      if (r.last<Delivered>(*everyone[i])) out += "ABRSWG"[i];
    return out;
  }
};

TEST(Send, reaches_its_audience_and_nobody_else) {
  Group g;
  EXPECT_EQ(g.hear(g.robin, Everyone{}), "ABRS");
  EXPECT_EQ(g.hear(g.robin, Facilitators{}), "ABR");
  EXPECT_EQ(g.hear(g.ada, Everyone{}), "ABRS");
  EXPECT_EQ(g.hear(g.ada, Facilitators{}), "AB");
  EXPECT_EQ(g.hear(g.ada, g.robin.seat), "AR");
  EXPECT_EQ(g.hear(g.ada, g.waits.arrival), "AW");
  EXPECT_EQ(g.hear(g.waits, Facilitators{}), "ABW");
}

TEST(Send, is_refused_where_the_audience_is_not_ones_own) {
  Group g;
  const std::vector<std::tuple<const Tab*, Audience, Reason>> table{
      {&g.robin, g.sam.seat, Reason::not_allowed},       {&g.robin, g.ada.seat, Reason::not_allowed},
      {&g.robin, g.waits.arrival, Reason::not_allowed},  {&g.waits, Everyone{}, Reason::not_allowed},
      {&g.waits, g.ada.seat, Reason::not_allowed},       {&g.arriving, Facilitators{}, Reason::not_now},
      {&g.arriving, Everyone{}, Reason::not_now},        {&g.ada, base::SeatId{99}, Reason::unknown_seat},
      {&g.ada, g.waits.seat, Reason::unknown_seat},      {&g.ada, base::ArrivalId{99}, Reason::unknown_arrival},
      {&g.ada, g.robin.arrival, Reason::unknown_arrival}, {&g.ada, g.arriving.arrival, Reason::unknown_arrival}};
  for (const auto& [from, audience, reason] : table) {
    EXPECT_EQ(g.hear(*from, audience), "");
    EXPECT_EQ(g.r.refusal(*from), reason);
    EXPECT_EQ(g.r.last<Refused>(*from)->ref->get(), "m1");
  }
}

TEST(Send, while_paused_passes_only_to_and_from_facilitators) {
  Group g;
  g.r.say(g.ada, Pause{true});
  EXPECT_EQ(g.hear(g.robin, Everyone{}), "");
  EXPECT_EQ(g.r.refusal(g.robin), Reason::not_now);
  EXPECT_EQ(g.hear(g.robin, Facilitators{}), "ABR");
  EXPECT_EQ(g.hear(g.ada, Everyone{}), "ABRS");
  EXPECT_EQ(g.hear(g.ada, g.robin.seat), "AR");
}

TEST(Send, nothing_from_before_an_admission_is_delivered_after_it) {
  Group g;
  g.r.say(g.robin, to(Everyone{}, "YmVmb3Jl"));
  g.r.say(g.ada, Admit{g.waits.arrival});
  EXPECT_THAT(g.r.all<Delivered>(g.waits), IsEmpty());
  g.r.drop(g.sam);
  g.r.say(g.robin, to(Everyone{}, "YXdheQ"));
  EXPECT_THAT(g.r.all<Delivered>(g.r.come(member(5), g.sam.token)), IsEmpty());
}

TEST(Send, only_the_sender_gets_the_reference_back) {
  Group g;
  g.hear(g.robin, Everyone{});
  EXPECT_EQ(g.r.last<Delivered>(g.robin)->ref->get(), "m1");
  EXPECT_FALSE(g.r.last<Delivered>(g.sam)->ref);
  EXPECT_FALSE(g.r.last<Delivered>(g.sam)->from.arrival);
  g.hear(g.waits, Facilitators{});
  EXPECT_EQ(g.r.last<Delivered>(g.ada)->from.arrival, g.waits.arrival);
}

TEST(Send, orders_rise_the_same_for_everyone_and_do_not_count_messages) {
  // Two rooms that differ only in what members do not see look the same to a member.
  std::vector<std::int64_t> orders[2];
  for (const bool busy : {false, true}) {
    Group g;
    for (int i = 0; i < 5; ++i) {
      g.r.wait(base::Duration::millis(700));
      if (busy) g.r.say(g.waits, to(Facilitators{}));
      g.r.wait(base::Duration::millis(700));
      g.r.say(g.robin, to(Everyone{}));
      EXPECT_EQ(g.r.last<Delivered>(g.robin)->order, g.r.last<Delivered>(g.sam)->order);
    }
    for (const Delivered& d : g.r.all<Delivered>(g.sam)) orders[busy].push_back(d.order);
    EXPECT_TRUE(std::ranges::is_sorted(orders[busy], std::less_equal{}));
  }
  EXPECT_EQ(orders[0], orders[1]);
}

TEST(Send, two_messages_at_one_instant_still_have_an_order) {
  Group g;
  g.r.say(g.robin, to(Everyone{}));
  g.r.say(g.sam, to(Everyone{}));
  const auto heard = g.r.all<Delivered>(g.ada);
  EXPECT_LT(heard.at(0).order, heard.at(1).order);
}

}  // namespace
}  // namespace call
