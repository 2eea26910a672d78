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
  Tab ben = r.enter(facilitator(2, Role::co_facilitator), ada);
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

std::vector<std::string> texts(Rehearsal& r, const Tab& tab) {
  std::vector<std::string> out;
  for (const Delivered& d : r.all<Delivered>(tab)) out.push_back(d.payload.base64url.get());
  return out;
}

// A member and one who waits, whose facilitator has gone.
struct Alone {
  Rehearsal r;
  Tab ada = r.enter(facilitator(1));
  Tab robin = r.enter(member(4), ada);
  Tab sam = r.enter(member(5), ada);
  Tab waits = r.enter(member(6));
};

TEST(Kept, what_is_said_to_facilitators_while_none_is_there_is_told_to_the_next_and_to_nobody_else) {
  Alone a;
  a.r.say(a.ada, Leave{});
  a.r.say(a.robin, to(Facilitators{}, "aGVscA", "m1"));
  const auto order = a.r.last<Delivered>(a.robin)->order;
  a.r.say(a.waits, to(Facilitators{}, "bm90ZQ"));
  a.r.wait(base::Duration::seconds(30));
  a.r.forget();
  const Tab ben = a.r.enter(facilitator(2, Role::co_facilitator));
  EXPECT_EQ(texts(a.r, ben), (std::vector<std::string>{"aGVscA", "bm90ZQ"}));
  const auto first = a.r.all<Delivered>(ben).at(0);
  EXPECT_EQ(first.from.seat, a.robin.seat);
  EXPECT_EQ(first.order, order) << "as it was said then";
  EXPECT_FALSE(first.ref);
  EXPECT_EQ(a.r.all<Delivered>(ben).at(1).from.arrival, a.waits.arrival);
  for (const Tab& other : {a.robin, a.sam, a.waits}) EXPECT_THAT(texts(a.r, other), IsEmpty());
  const Tab ada = a.r.enter(facilitator(1), ben);
  EXPECT_THAT(texts(a.r, ada), IsEmpty()) << "once";
}

TEST(Kept, a_facilitator_hears_who_has_entered_first_and_what_they_said_next) {
  Alone a;
  a.r.say(a.ada, Leave{});
  a.r.say(a.robin, to(Facilitators{}, "aGVscA"));
  const Tab ben = a.r.enter(facilitator(2, Role::co_facilitator));
  const auto heard = a.r.heard(ben);
  const auto is = [](auto type) { return [=](const ServerMessage& m) { return std::holds_alternative<decltype(type)>(m); }; };
  EXPECT_LT(std::ranges::find_if(heard, is(Roster{})), std::ranges::find_if(heard, is(Delivered{})));
}

TEST(Kept, a_facilitator_whose_line_was_lost_is_told_on_the_way_back) {
  Alone a;
  a.r.drop(a.ada);
  a.r.say(a.robin, to(Facilitators{}, "aGVscA"));
  const Tab back = a.r.come(facilitator(1), a.ada.token, true);
  EXPECT_EQ(texts(a.r, back), std::vector<std::string>{"aGVscA"});
  a.r.media_says(back, media::Event::Silent{});  // the page still has its WebSocket, or seems to
  a.r.forget();
  a.r.say(a.sam, to(Facilitators{}, "c2Ft"));
  a.r.forget();
  a.r.media_says(back, media::Event::Back{});
  EXPECT_EQ(texts(a.r, back), std::vector<std::string>{"c2Ft"});
}

TEST(Kept, is_told_though_the_sender_has_left_meanwhile) {
  Alone a;
  a.r.say(a.ada, Leave{});
  a.r.say(a.robin, to(Facilitators{}, "aGVscA"));
  a.r.say(a.robin, Leave{});
  EXPECT_EQ(texts(a.r, a.r.enter(facilitator(1))), std::vector<std::string>{"aGVscA"});
}

TEST(Kept, what_a_facilitator_hears_is_not_kept_nor_what_one_who_leads_says_alone) {
  Alone a;
  a.r.say(a.robin, to(Facilitators{}, "aGVhcmQ"));
  a.r.say(a.ada, to(Facilitators{}, "YWxvbmU"));
  a.r.say(a.robin, to(Everyone{}, "YWxs"));
  EXPECT_THAT(texts(a.r, a.r.enter(facilitator(2, Role::co_facilitator), a.ada)), IsEmpty());
}

TEST(Kept, four_of_a_seat_the_newest_so_that_one_person_does_not_crowd_out_another) {
  Alone a;
  a.r.say(a.ada, Leave{});
  a.r.say(a.sam, to(Facilitators{}, "c2Ft"));
  for (const char* text : {"AAAA", "BBBB", "CCCC", "DDDD", "EEEE"}) a.r.say(a.robin, to(Facilitators{}, text));
  EXPECT_EQ(texts(a.r, a.r.enter(facilitator(1))), (std::vector<std::string>{"c2Ft", "BBBB", "CCCC", "DDDD", "EEEE"}));
}

TEST(Kept, only_so_much_of_a_whole_room) {
  Rehearsal r(PlaneSettings{.media = {}, .max_waiting = 60});
  std::vector<Tab> waiting;
  for (std::uint32_t seat = 10; seat < 20; ++seat) waiting.push_back(r.enter(member(seat)));
  for (const Tab& tab : waiting)
    for (int i = 0; i < 4; ++i) r.say(tab, to(Facilitators{}));
  const auto heard = r.all<Delivered>(r.enter(facilitator(1)));
  ASSERT_EQ(heard.size(), kMostKept);
  EXPECT_EQ(heard.back().from.seat, base::SeatId{19});
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
