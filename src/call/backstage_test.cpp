// SPDX-License-Identifier: Apache-2.0
#include "call/backstage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using media::Source;

struct Group {
  Rehearsal r;
  Tab ada = r.enter(facilitator(1));
  Tab bea = r.enter(facilitator(2, Role::co_facilitator), ada);
  Tab robin = r.enter(member(4), ada);
  Tab sam = r.enter(member(5), ada);
  Reason refused(const Tab& tab) { return r.last<Refused>(tab)->reason; }
};

TEST(Backstage, is_told_to_who_leads_alone_and_meanwhile_the_group_hears_nothing_of_the_microphone) {
  Group g;
  g.r.say(g.ada, Publish{true, true});
  g.r.forget();
  g.r.say(g.ada, TalkBackstage{true});
  for (const Tab& tab : {g.ada, g.bea}) EXPECT_EQ(g.r.last<Backstage>(tab)->seats, std::vector{g.ada.seat});
  for (const Tab& tab : {g.robin, g.sam}) {
    EXPECT_FALSE(g.r.last<Backstage>(tab));
    EXPECT_FALSE(g.r.last<Changed>(tab)->person.microphone) << "for the group it is off";
  }
  EXPECT_TRUE(g.r.at_media(g.ada).lines.contains(Source::backstage));
  EXPECT_FALSE(g.r.at_media(g.ada).silenced.at(Source::backstage));
  EXPECT_TRUE(g.r.at_media(g.ada).silenced.at(Source::microphone));
  g.r.say(g.ada, Publish{true, true});
  EXPECT_TRUE(g.r.at_media(g.ada).silenced.at(Source::microphone)) << "whatever the page says";
  g.r.say(g.ada, TalkBackstage{false});
  EXPECT_TRUE(g.r.at_media(g.ada).silenced.at(Source::backstage));
  EXPECT_FALSE(g.r.at_media(g.ada).silenced.at(Source::microphone));
  EXPECT_TRUE(g.r.last<Backstage>(g.bea)->seats.empty());
}

TEST(Backstage, is_for_who_leads_and_hears_each_other_only) {
  Group g;
  for (const Tab& tab : {g.ada, g.bea}) EXPECT_TRUE(g.r.at_media(tab).backstage);
  for (const Tab& tab : {g.robin, g.sam}) EXPECT_FALSE(g.r.at_media(tab).backstage);
  g.r.say(g.robin, TalkBackstage{true});
  EXPECT_EQ(g.refused(g.robin), Reason::not_allowed);
  g.r.say(g.bea, Leave{});
  g.r.say(g.ada, TalkBackstage{true});
  EXPECT_EQ(g.refused(g.ada), Reason::not_now) << "nobody would hear it";
}

TEST(Backstage, ends_with_the_last_who_could_hear_it_and_then_the_microphone_is_off) {
  Group g;
  g.r.say(g.ada, Publish{true, true});
  g.r.say(g.ada, TalkBackstage{true});
  g.r.say(g.bea, Leave{});
  EXPECT_TRUE(g.r.last<Backstage>(g.ada)->seats.empty());
  EXPECT_TRUE(g.r.at_media(g.ada).silenced.at(Source::microphone)) << "what was meant for Bea reaches nobody";
  g.r.say(g.ada, Publish{true, true});
  EXPECT_FALSE(g.r.at_media(g.ada).silenced.at(Source::microphone));
}

TEST(Backstage, is_over_after_a_reload) {
  Group g;
  g.r.say(g.ada, TalkBackstage{true});
  g.r.drop(g.ada);
  const Tab back = g.r.come(facilitator(1), g.ada.token);
  g.r.media_says(back, media::Event::Connected{});
  EXPECT_TRUE(g.r.at_media(back).silenced.at(Source::backstage));
  EXPECT_TRUE(g.r.last<Backstage>(g.bea)->seats.empty());
}

}  // namespace
}  // namespace call
