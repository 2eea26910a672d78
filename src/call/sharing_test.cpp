// SPDX-License-Identifier: Apache-2.0
#include "call/sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using media::Source;

Admission may_be_allowed(std::uint32_t seat) {
  Admission out = member(seat);
  out.permissions.publish_screen = true;  // the group's plan lets members share
  return out;
}

struct Group {
  Rehearsal r;
  Tab ada = r.enter(facilitator(1));
  Tab bea = r.enter(facilitator(2, Role::co_facilitator), ada);
  Tab robin = r.enter(may_be_allowed(4), ada);
  Tab sam = r.enter(member(5), ada);
  bool shares(const Tab& tab) { return !r.at_media(tab).silenced.at(Source::screen); }
  bool told(const Tab& tab, const Tab& of) {
    const auto changed = r.last<Changed>(tab);
    return changed && changed->person.seat == of.seat && changed->person.sharing.value_or(false);
  }
  Reason refused(const Tab& tab) { return r.last<Refused>(tab)->reason; }
};

TEST(Share, a_facilitator_shows_a_screen_on_a_line_of_its_own_and_everyone_is_told) {
  Group g;
  EXPECT_FALSE(g.shares(g.ada)) << "not before it is asked for";
  g.r.say(g.ada, Share{true, {}});
  EXPECT_TRUE(g.shares(g.ada));
  EXPECT_TRUE(g.told(g.sam, g.ada));
  EXPECT_TRUE(g.r.at_media(g.ada).lines.contains(Source::screen));
  g.r.say(g.ada, Share{false, {}});
  EXPECT_FALSE(g.shares(g.ada));
  EXPECT_FALSE(g.told(g.sam, g.ada));
}

TEST(Share, of_a_member_needs_the_plan_and_a_facilitators_leave_which_ends_with_it) {
  Group g;
  g.r.say(g.robin, Share{true, {}});
  EXPECT_EQ(g.refused(g.robin), Reason::not_allowed);
  EXPECT_FALSE(g.shares(g.robin));
  g.r.say(g.robin, AllowShare{g.robin.seat, true});
  EXPECT_EQ(g.refused(g.robin), Reason::not_allowed) << "nobody gives leave to themselves";
  g.r.say(g.ada, AllowShare{g.sam.seat, true});
  EXPECT_EQ(g.refused(g.ada), Reason::not_allowed) << "the plan does not let this seat";
  g.r.say(g.ada, AllowShare{g.robin.seat, true});
  EXPECT_TRUE(g.r.last<Changed>(g.robin)->person.may_share.value_or(false));
  g.r.say(g.robin, Share{true, {}});
  EXPECT_TRUE(g.shares(g.robin));
  g.r.say(g.robin, Share{false, {}});
  g.r.say(g.robin, Share{true, {}});
  EXPECT_FALSE(g.shares(g.robin)) << "leave was for that once";
}

TEST(Share, a_facilitator_takes_leave_away_and_what_is_shown_ends) {
  Group g;
  g.r.say(g.ada, AllowShare{g.robin.seat, true});
  g.r.say(g.robin, Share{true, {}});
  g.r.say(g.bea, AllowShare{g.robin.seat, false});
  EXPECT_FALSE(g.shares(g.robin));
  EXPECT_FALSE(g.told(g.robin, g.robin));
}

TEST(Share, one_at_a_time_and_only_a_facilitator_takes_over_who_says_so) {
  Group g;
  g.r.say(g.ada, AllowShare{g.robin.seat, true});
  g.r.say(g.ada, Share{true, {}});
  g.r.say(g.robin, Share{true, true});
  EXPECT_EQ(g.refused(g.robin), Reason::not_now);
  g.r.say(g.bea, Share{true, {}});
  EXPECT_EQ(g.refused(g.bea), Reason::not_now);
  EXPECT_TRUE(g.shares(g.ada));
  g.r.say(g.bea, Share{true, true});
  EXPECT_TRUE(g.shares(g.bea));
  EXPECT_FALSE(g.shares(g.ada));
}

TEST(Share, ends_with_a_pause_with_moving_back_and_with_a_lost_line) {
  Group g;
  g.r.say(g.ada, Share{true, {}});
  g.r.say(g.ada, Pause{true});
  EXPECT_FALSE(g.shares(g.ada));
  g.r.say(g.ada, Share{true, {}});
  EXPECT_EQ(g.refused(g.ada), Reason::not_now);
  g.r.say(g.ada, Pause{false});
  EXPECT_FALSE(g.shares(g.ada)) << "it does not come back by itself";

  g.r.say(g.ada, AllowShare{g.robin.seat, true});
  g.r.say(g.robin, Share{true, {}});
  g.r.media_says(g.robin, media::Event::Silent{});
  EXPECT_FALSE(g.shares(g.robin));
  g.r.media_says(g.robin, media::Event::Back{});
  EXPECT_FALSE(g.shares(g.robin));

  g.r.say(g.ada, AllowShare{g.robin.seat, true});
  g.r.say(g.robin, Share{true, {}});
  g.r.say(g.ada, MoveBack{g.robin.seat});
  g.r.say(g.ada, Admit{g.robin.arrival});
  EXPECT_FALSE(g.shares(g.robin));
  g.r.say(g.robin, Share{true, {}});
  EXPECT_EQ(g.refused(g.robin), Reason::not_allowed) << "leave ended too";
}

TEST(ClearView, is_told_to_facilitators_and_asked_for_by_them_alone) {
  Group g;
  g.r.forget();
  g.r.say(g.robin, ClearView{true});
  EXPECT_EQ(g.r.last<ClearViews>(g.ada)->seats, std::vector{g.robin.seat});
  EXPECT_EQ(g.r.last<ClearViews>(g.bea)->seats, std::vector{g.robin.seat});
  EXPECT_FALSE(g.r.last<ClearViews>(g.sam));
  EXPECT_TRUE(g.r.at_media(g.robin).lines.contains(Source::clear_view));
  EXPECT_FALSE(g.r.at_media(g.robin).silenced.at(Source::clear_view));
  const View view{.tiles = {{.seat = g.robin.seat, .source = Source::clear_view, .width = 320, .height = 180, .pinned = false}},
                  .sound_only = false,
                  .saver = {}};
  g.r.say(g.sam, view);
  EXPECT_TRUE(g.r.at_media(g.sam).view.tiles.empty()) << "a member who asks for it gets nothing";
  g.r.say(g.ada, view);
  EXPECT_EQ(g.r.at_media(g.ada).view.tiles.size(), 1U);
  g.r.say(g.robin, ClearView{false});
  EXPECT_TRUE(g.r.last<ClearViews>(g.ada)->seats.empty());
  EXPECT_TRUE(g.r.at_media(g.robin).silenced.at(Source::clear_view));
  g.r.say(g.ada, ClearView{true});
  EXPECT_EQ(g.refused(g.ada), Reason::not_allowed);
}

}  // namespace
}  // namespace call
