// SPDX-License-Identifier: Apache-2.0
#include "call/mls_delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call/entrance.h"
#include "call/moderation.h"
#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Kind = GroupName::Kind;

constexpr GroupName kEveryone{.kind = Kind::everyone, .number = 0};
constexpr GroupName kFacilitators{.kind = Kind::facilitators, .number = 0};
constexpr GroupName breakout(std::uint32_t number) { return {.kind = Kind::breakout, .number = number}; }

KeyPackage key(std::string_view text = "a2V5") { return {payload(text)}; }
GroupOpen open(GroupName group = kEveryone, std::optional<bool> replace = {}) {
  return {.group = group, .replace = replace, .ref = Ref(std::in_place, "open")};
}
struct Changes {
  std::vector<base::ArrivalId> adds, removes;
};
Commit commit_of(std::uint64_t epoch, Changes changes = {}, GroupName group = kEveryone, std::string_view text = "Y29tbWl0", std::uint64_t instance = 1) {
  Commit out{.group = group, .instance = instance, .epoch = epoch, .commit = payload(text), .welcome = {}, .adds = changes.adds,
             .removes = changes.removes, .ref = Ref(std::in_place, "mine")};
  if (!out.adds.empty()) out.welcome = payload("d2VsY29tZQ");
  return out;
}
// Where a group stands by what a facilitator was told last: with each opening and closing, and on becoming present.
std::optional<GroupNow> stands(Rehearsal& r, const Tab& facilitator, GroupName group = kEveryone) {
  std::optional<GroupNow> out;
  for (const Groups& told : r.all<Groups>(facilitator)) {
    out.reset();
    for (const GroupNow& one : told.groups)
      if (one.group == group) out = one;
  }
  return out;
}

// Ada (facilitator) is there and has opened the group; Robin and Wren (members) are present and in it, at epoch 2.
struct Scene {
  Rehearsal r;
  Tab ada, robin, wren;
  Scene() {
    ada = r.enter(facilitator(1));
    r.say(ada, open());
    robin = r.enter(member(4), ada);
    r.say(ada, commit_of(0, {.adds = {robin.arrival}, .removes = {}}));
    wren = r.enter(member(5), ada);
    r.say(ada, commit_of(1, {.adds = {wren.arrival}, .removes = {}}));
    r.wait(base::Duration::seconds(20));  // no limit of the past counts
    r.forget();
  }
  // A co-facilitator is let in and added.
  Tab bea() {
    Tab tab = r.enter(facilitator(2, Role::co_facilitator), ada);
    r.say(ada, commit_of(2, {.adds = {tab.arrival}, .removes = {}}));
    r.forget();
    return tab;
  }
};

TEST(MlsDelivery, a_key_package_is_shown_to_facilitators_from_ready_on_and_to_nobody_else) {
  Scene s;
  const Tab lark = s.r.come(member(6));
  s.r.say(lark, key("Zmlyc3Q"));
  EXPECT_THAT(s.r.all<KeyOffered>(s.ada), IsEmpty()) << "nobody is told of who is still arriving";
  s.r.say(lark, Ready{});
  EXPECT_THAT(s.r.all<KeyOffered>(s.ada), ElementsAre(KeyOffered{lark.arrival, lark.seat, Role::member, payload("Zmlyc3Q")}));
  s.r.say(lark, key("c2Vjb25k"));
  EXPECT_EQ(s.r.last<KeyOffered>(s.ada)->key_package, payload("c2Vjb25k")) << "the newest counts";
  s.r.say(s.ada, Admit{lark.arrival});
  s.r.say(s.ada, Mute{lark.seat});
  EXPECT_EQ(s.r.all<KeyOffered>(s.ada).size(), 2U) << "each is said once";
  s.r.say(s.ada, key());
  EXPECT_EQ(s.r.all<KeyOffered>(s.ada).size(), 2U) << "one's own is not said back";
  for (const Tab& tab : {s.robin, s.wren, lark}) EXPECT_THAT(s.r.all<KeyOffered>(tab), IsEmpty());
}

TEST(MlsDelivery, who_becomes_present_and_may_admit_hears_of_groups_first_and_then_of_every_key) {
  Scene s;
  s.r.say(s.robin, key("cm9iaW4"));
  const Tab lark = s.r.come(member(6));
  s.r.say(lark, key("bGFyaw"));
  const Tab arriving = s.r.come(member(7));
  s.r.say(arriving, key("bm90IHlldA"));
  s.r.say(lark, Ready{});
  const Tab bea = s.r.enter(facilitator(2, Role::co_facilitator));
  EXPECT_THAT(s.r.all<Groups>(bea), IsEmpty()) << "not while she waits";
  EXPECT_THAT(s.r.all<KeyOffered>(bea), IsEmpty());
  s.r.say(s.ada, Admit{bea.arrival});
  ASSERT_EQ(s.r.all<Groups>(bea).size(), 1U);
  EXPECT_THAT(s.r.last<Groups>(bea)->groups,
              ElementsAre(GroupNow{kEveryone, 2, {s.ada.arrival, s.robin.arrival, s.wren.arrival}}));
  std::vector<base::ArrivalId> keys;
  for (const KeyOffered& one : s.r.all<KeyOffered>(bea)) keys.push_back(one.arrival);
  EXPECT_THAT(keys, UnorderedElementsAre(s.robin.arrival, lark.arrival));
  const auto heard = s.r.heard(bea);
  const auto is = [](std::string_view type) { return [type](const ServerMessage& m) { return type_of(m) == type; }; };
  EXPECT_LT(std::ranges::find_if(heard, is("roster")), std::ranges::find_if(heard, is("groups")));
  EXPECT_LT(std::ranges::find_if(heard, is("groups")), std::ranges::find_if(heard, is("key-offered")));
  for (const Tab& tab : {s.robin, s.wren, lark}) EXPECT_THAT(s.r.all<Groups>(tab), IsEmpty());
}

TEST(MlsDelivery, a_group_is_opened_by_a_facilitator_who_is_present_and_everyone_there_hears_by_whom) {
  Rehearsal r;
  const Tab early = r.come(facilitator(1));
  r.say(early, open());
  EXPECT_EQ(r.refusal(early), Reason::not_now) << "not before they are present";
  r.say(early, Ready{});
  const Tab robin = r.enter(member(4), early);
  const Tab waits = r.enter(member(5));
  r.say(robin, open());
  EXPECT_EQ(r.refusal(robin), Reason::not_allowed);
  r.say(early, open());
  const Committer by{early.seat, early.arrival};
  EXPECT_EQ(r.last<GroupOpened>(early), (GroupOpened{kEveryone, 1, by, Ref(std::in_place, "open")}));
  EXPECT_EQ(r.last<GroupOpened>(robin), (GroupOpened{kEveryone, 1, by, {}}));
  EXPECT_FALSE(r.last<GroupOpened>(waits));
  EXPECT_EQ(stands(r, early), (GroupNow{kEveryone, 0, {early.arrival}}));
  r.forget();
  r.say(early, open(breakout(4)));
  EXPECT_TRUE(r.last<GroupOpened>(early));
  EXPECT_FALSE(r.last<GroupOpened>(robin)) << "a group other than everyone's is its members' matter";
  EXPECT_EQ(r.last<Groups>(early)->groups.size(), 2U);
}

TEST(MlsDelivery, a_group_that_a_facilitator_still_leads_cannot_be_opened_over_their_head) {
  Scene s;
  const Tab bea = s.bea();
  s.r.say(bea, open(kEveryone, true));
  EXPECT_EQ(s.r.refusal(bea), Reason::not_now);
  EXPECT_EQ(s.r.last<Refused>(bea)->ref, Ref(std::in_place, "open"));
  s.r.drop(s.ada);
  s.r.say(bea, open());
  EXPECT_EQ(s.r.all<Refused>(bea).size(), 2U) << "never by mistake: replace must be said";
  s.r.say(bea, open(kEveryone, true));
  const Committer by{bea.seat, bea.arrival};
  EXPECT_EQ(s.r.last<GroupOpened>(s.robin), (GroupOpened{kEveryone, 2, by, {}}));
  EXPECT_EQ(stands(s.r, bea), (GroupNow{kEveryone, 0, {bea.arrival}}));
  // Ada is back with her state of a group that is no more: neither her commit nor her catching up is of this one.
  const Tab back = s.r.come(facilitator(1), s.ada.token, true);
  s.r.say(back, commit_of(3));
  EXPECT_EQ(s.r.refusal(back), Reason::not_allowed);
  s.r.say(back, CommitsSince{kEveryone, 1, 0});
  EXPECT_EQ(s.r.refusal(back), Reason::stale);
}

TEST(MlsDelivery, a_late_commit_of_a_group_that_was_opened_anew_is_stale_although_its_sender_is_in_again_and_the_epochs_meet) {
  Scene s;
  const Tab bea = s.bea();  // epoch 3
  s.r.drop(s.ada);
  s.r.say(bea, open(kEveryone, true));
  const Tab back = s.r.come(facilitator(1), s.ada.token, true);
  const auto in_the_new = [](std::uint64_t epoch, Changes changes) { return commit_of(epoch, std::move(changes), kEveryone, "bmV3", 2); };
  s.r.say(bea, in_the_new(0, {.adds = {back.arrival}, .removes = {}}));
  EXPECT_EQ(s.r.last<GroupWelcome>(back)->instance, 2U);
  s.r.say(bea, in_the_new(1, {.adds = {s.robin.arrival}, .removes = {}}));
  s.r.say(bea, in_the_new(2, {.adds = {s.wren.arrival}, .removes = {}}));
  s.r.forget();
  s.r.say(back, commit_of(3, {.adds = {}, .removes = {s.robin.arrival}}));  // made in epoch 3 of the old one
  EXPECT_EQ(s.r.refusal(back), Reason::stale);
  EXPECT_FALSE(s.r.last<Committed>(s.robin));
  s.r.say(back, CommitsSince{kEveryone, 1, 2});
  EXPECT_EQ(s.r.all<Refused>(back).size(), 2U) << "what was committed since in the new one is not a continuation of the old";
  s.r.say(back, in_the_new(3, {.adds = {}, .removes = {s.robin.arrival}}));
  EXPECT_EQ(s.r.last<Committed>(s.robin)->epoch, 3U);
}

TEST(MlsDelivery, who_lost_their_own_group_may_open_it_anew_and_its_old_members_are_told) {
  Scene s;
  s.r.say(s.ada, open(breakout(4)));
  s.r.say(s.ada, commit_of(0, {.adds = {s.robin.arrival}, .removes = {}}, breakout(4), "Y29tbWl0", 2));
  s.r.forget();
  s.r.say(s.ada, open(breakout(4)));
  EXPECT_EQ(s.r.refusal(s.ada), Reason::not_now);
  s.r.say(s.ada, open(breakout(4), true));
  EXPECT_TRUE(s.r.last<GroupOpened>(s.robin));
  EXPECT_FALSE(s.r.last<GroupOpened>(s.wren));
  s.r.say(s.ada, CommitsSince{breakout(4), 3, 0});
  EXPECT_FALSE(s.r.last<Committed>(s.ada)) << "nothing of the old one is said again";
}

TEST(MlsDelivery, a_commit_is_told_to_the_members_before_it_and_the_welcome_to_who_was_added) {
  Scene s;
  const Tab lark = s.r.enter(member(6), s.ada);
  s.r.forget();
  s.r.say(s.ada, commit_of(2, {.adds = {lark.arrival}, .removes = {s.wren.arrival}}));
  const Committer from{s.ada.seat, s.ada.arrival};
  const Committed told{kEveryone, 2, from, payload("Y29tbWl0"), {lark.arrival}, {s.wren.arrival}, {}};
  Committed own = told;
  own.ref.emplace("mine");
  EXPECT_THAT(s.r.all<Committed>(s.ada), ElementsAre(own)) << "the sender's acknowledgement";
  EXPECT_THAT(s.r.all<Committed>(s.robin), ElementsAre(told));
  EXPECT_THAT(s.r.all<Committed>(s.wren), ElementsAre(told)) << "who is removed hears it still";
  EXPECT_THAT(s.r.all<Committed>(lark), IsEmpty()) << "not a member before it";
  EXPECT_THAT(s.r.all<GroupWelcome>(lark), ElementsAre(GroupWelcome{kEveryone, 1, 3, from, payload("d2VsY29tZQ")}));
  for (const Tab& tab : {s.ada, s.robin, s.wren}) EXPECT_THAT(s.r.all<GroupWelcome>(tab), IsEmpty());
  s.r.forget();
  s.r.say(s.ada, commit_of(3));
  EXPECT_TRUE(s.r.last<Committed>(lark));
  EXPECT_FALSE(s.r.last<Committed>(s.wren)) << "no longer one of them";
}

TEST(MlsDelivery, of_two_commits_in_one_epoch_the_first_is_passed_on_and_the_second_is_stale) {
  Scene s;
  const Tab bea = s.bea();
  s.r.say(bea, commit_of(3, {.adds = {}, .removes = {s.wren.arrival}}, kEveryone, "YmVh"));
  s.r.say(s.ada, commit_of(3, {.adds = {}, .removes = {s.robin.arrival}}, kEveryone, "YWRh"));
  EXPECT_EQ(s.r.last<Refused>(s.ada)->reason, Reason::stale);
  EXPECT_EQ(s.r.last<Refused>(s.ada)->ref, Ref(std::in_place, "mine"));
  for (const Tab& tab : {s.ada, bea, s.robin, s.wren}) {
    ASSERT_EQ(s.r.all<Committed>(tab).size(), 1U);
    EXPECT_EQ(s.r.last<Committed>(tab)->commit, payload("YmVh")) << "the same order for everyone";
  }
  s.r.say(s.ada, commit_of(4, {}, kEveryone, "YWRh"));
  EXPECT_EQ(s.r.last<Committed>(s.robin)->epoch, 4U) << "made again in the new epoch it is the next one";
}

TEST(MlsDelivery, a_commit_is_refused_where_the_book_the_epoch_or_its_own_parts_do_not_fit) {
  Scene s;
  const Tab waits = s.r.enter(member(6));
  const Tab bea = s.r.enter(facilitator(2, Role::co_facilitator), s.ada);  // present, in no group
  s.r.forget();
  const auto refused = [&](const Tab& tab, const Commit& message) {
    const auto before = s.r.all<Refused>(tab).size();
    s.r.say(tab, message);
    const auto after = s.r.all<Refused>(tab);
    return after.size() == before + 1 ? std::optional(after.back().reason) : std::nullopt;
  };
  EXPECT_EQ(refused(s.robin, commit_of(2)), Reason::not_allowed) << "members commit nothing";
  EXPECT_EQ(refused(bea, commit_of(2)), Reason::not_allowed) << "who is not in the group changes nothing in it";
  EXPECT_EQ(refused(s.ada, commit_of(1)), Reason::stale);
  EXPECT_EQ(refused(s.ada, commit_of(3)), Reason::stale);
  EXPECT_EQ(refused(s.ada, commit_of(0, {}, breakout(4))), Reason::stale) << "no such group";
  EXPECT_EQ(refused(s.ada, commit_of(2, {.adds = {waits.arrival}, .removes = {}})), Reason::unknown_arrival);
  EXPECT_EQ(refused(s.ada, commit_of(2, {.adds = {{77}}, .removes = {}})), Reason::unknown_arrival);
  Commit odd = commit_of(2, {.adds = {bea.arrival}, .removes = {}});
  odd.welcome.reset();
  EXPECT_EQ(refused(s.ada, odd), Reason::malformed) << "nobody can be added without a Welcome";
  odd = commit_of(2);
  odd.welcome = payload("d2VsY29tZQ");
  EXPECT_EQ(refused(s.ada, odd), Reason::malformed) << "a Welcome for nobody";
  odd = commit_of(2, {.adds = {bea.arrival}, .removes = {}});
  odd.commit = payload(std::string(40'000, 'A'));
  odd.welcome = payload(std::string(25'540, 'A'));
  EXPECT_EQ(refused(s.ada, odd), Reason::too_large) << "together over 48 KiB";
  for (const Tab& tab : {s.ada, s.robin, s.wren, bea, waits}) {
    EXPECT_THAT(s.r.all<Committed>(tab), IsEmpty());
    EXPECT_THAT(s.r.all<GroupWelcome>(tab), IsEmpty());
  }
  odd.welcome = payload(std::string(25'536, 'A'));
  EXPECT_EQ(refused(s.ada, odd), std::nullopt);
  EXPECT_TRUE(s.r.last<GroupWelcome>(bea));
}

TEST(MlsDelivery, admit_and_commit_may_follow_each_other_at_once) {
  Scene s;
  const Tab lark = s.r.enter(member(6));
  s.r.forget();
  s.r.say(s.ada, Admit{lark.arrival});
  s.r.say(s.ada, commit_of(2, {.adds = {lark.arrival}, .removes = {}}));
  EXPECT_FALSE(s.r.refusal(s.ada));
  EXPECT_TRUE(s.r.last<GroupWelcome>(lark));
}

TEST(MlsDelivery, what_was_committed_while_the_line_was_lost_is_said_again_on_asking) {
  Scene s;
  s.r.drop(s.robin);
  s.r.say(s.ada, commit_of(2, {}, kEveryone, "dHdv"));
  s.r.say(s.ada, commit_of(3, {}, kEveryone, "dGhyZWU"));
  const Tab back = s.r.come(member(4), s.robin.token, true);
  EXPECT_FALSE(s.r.last<Committed>(back)) << "only on asking: they may have heard some of it";
  s.r.say(back, CommitsSince{kEveryone, 1, 2});
  const auto told = s.r.all<Committed>(back);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].commit, payload("dHdv"));
  EXPECT_EQ(told[1].commit, payload("dGhyZWU"));
  EXPECT_FALSE(told[0].ref) << "Ada's own name for it is hers";
  s.r.say(back, CommitsSince{kEveryone, 1, 4});
  EXPECT_EQ(s.r.all<Committed>(back).size(), 2U);
  EXPECT_FALSE(s.r.refusal(back)) << "up to date is no fault";
  s.r.say(back, CommitsSince{kEveryone, 1, 5});
  EXPECT_EQ(s.r.refusal(back), Reason::stale) << "an epoch that never was";
  // A facilitator who does not know whether her commit was ordered learns it the same way.
  s.r.forget();
  s.r.say(s.ada, CommitsSince{kEveryone, 1, 3});
  EXPECT_EQ(s.r.last<Committed>(s.ada)->ref, Ref(std::in_place, "mine"));
  const Tab stranger = s.r.enter(member(6), s.ada);
  s.r.say(stranger, CommitsSince{kEveryone, 1, 2});
  EXPECT_EQ(s.r.refusal(stranger), Reason::stale) << "whoever is not in the book hears nothing of the group";
  EXPECT_FALSE(s.r.last<Committed>(stranger));
}

TEST(MlsDelivery, a_welcome_waits_for_who_is_without_a_line_and_is_told_once) {
  Scene s;
  const Tab lark = s.r.enter(member(6), s.ada);
  s.r.drop(lark);
  s.r.say(s.ada, commit_of(2, {.adds = {lark.arrival}, .removes = {}}, kEveryone));
  Commit again = commit_of(3, {.adds = {lark.arrival}, .removes = {lark.arrival}});
  again.welcome = payload("bmV3ZXI");
  s.r.say(s.ada, again);
  const Tab back = s.r.come(member(6), lark.token, true);
  ASSERT_EQ(s.r.all<GroupWelcome>(back).size(), 1U) << "the newest alone";
  EXPECT_EQ(s.r.last<GroupWelcome>(back)->welcome, payload("bmV3ZXI"));
  EXPECT_EQ(s.r.last<GroupWelcome>(back)->epoch, 4U);
  s.r.drop(back);
  const Tab later = s.r.come(member(6), lark.token, true);
  EXPECT_FALSE(s.r.last<GroupWelcome>(later));
}

TEST(MlsDelivery, a_welcome_that_waited_is_not_told_to_who_was_sent_back_to_the_waiting_room) {
  Scene s;
  const Tab lark = s.r.enter(member(6), s.ada);
  s.r.drop(lark);
  s.r.say(s.ada, commit_of(2, {.adds = {lark.arrival}, .removes = {}}));
  s.r.say(s.ada, MoveBack{lark.seat});
  const Tab back = s.r.come(member(6), lark.token, true);
  EXPECT_EQ(s.r.last<Welcome>(back)->state, Stage::waiting);
  EXPECT_FALSE(s.r.last<GroupWelcome>(back));
}

TEST(MlsDelivery, who_has_gone_is_out_of_the_book_and_may_still_be_removed_by_commit) {
  Scene s;
  s.r.say(s.wren, Leave{});
  s.r.say(s.ada, commit_of(2, {.adds = {}, .removes = {s.wren.arrival}}));
  EXPECT_FALSE(s.r.refusal(s.ada));
  s.r.say(s.ada, open(kFacilitators));
  EXPECT_EQ(stands(s.r, s.ada), (GroupNow{kEveryone, 3, {s.ada.arrival, s.robin.arrival}}));
}

TEST(MlsDelivery, a_group_that_nobody_is_left_in_is_forgotten_and_facilitators_are_told) {
  Scene s;
  const Tab bea = s.r.enter(facilitator(2, Role::co_facilitator), s.ada);
  s.r.say(bea, open(breakout(5)));
  s.r.say(bea, commit_of(0, {}, breakout(5)));
  EXPECT_EQ(s.r.last<Groups>(s.ada)->groups.size(), 2U);
  EXPECT_EQ(s.r.plane->totals().groups, 2U);
  s.r.say(bea, Leave{});
  EXPECT_EQ(s.r.last<Groups>(s.ada)->groups.size(), 1U);
  EXPECT_EQ(s.r.plane->totals().groups, 1U);
  EXPECT_EQ(s.r.plane->totals().held_for_mls, 2 * std::string_view("Y29tbWl0").size()) << "its commit went with it";
}

TEST(MlsDelivery, a_room_without_encryption_takes_none_of_it) {
  Rehearsal r;
  Admission clear = facilitator(1);
  clear.encrypted = false;
  const Tab ada = r.come(clear);
  EXPECT_EQ(r.last<Welcome>(ada)->encryption, Encryption::none);
  r.say(ada, Ready{});
  const Tab robin = r.enter(member(4), ada);  // the room's first word on it stands
  EXPECT_EQ(r.last<Welcome>(robin)->encryption, Encryption::none);
  for (const ClientMessage& message : {ClientMessage(key()), ClientMessage(open()), ClientMessage(commit_of(0)),
                                       ClientMessage(CommitsSince{kEveryone, 1, 0})}) {
    r.forget();
    r.say(ada, message);
    EXPECT_EQ(r.refusal(ada), Reason::not_allowed) << type_of(message);
  }
  EXPECT_FALSE(r.last<Groups>(ada));
}

TEST(MlsDelivery, a_room_is_encrypted_and_says_so_again_on_return) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  EXPECT_EQ(r.last<Welcome>(ada)->encryption, Encryption::required);
  Admission clear = facilitator(1);
  clear.encrypted = false;
  EXPECT_EQ(r.last<Welcome>(r.come(clear, ada.token))->encryption, Encryption::required) << "never taken back";
}

// -- floods -------------------------------------------------------------------------------------------------------------
TEST(MlsDelivery, of_many_commits_the_newest_32_of_a_group_are_kept) {
  Scene s;
  for (std::uint64_t epoch = 2; epoch < 60; ++epoch) {
    s.r.say(s.ada, commit_of(epoch));
    s.r.wait(base::Duration::seconds(1));
  }
  s.r.forget();
  s.r.say(s.robin, CommitsSince{kEveryone, 1, 28});
  EXPECT_EQ(s.r.all<Committed>(s.robin).size(), 32U);
  s.r.say(s.robin, CommitsSince{kEveryone, 1, 27});
  EXPECT_EQ(s.r.refusal(s.robin), Reason::stale);
  EXPECT_EQ(s.r.all<Committed>(s.robin).size(), 32U) << "all of them or none";
}

TEST(MlsDelivery, however_large_commits_and_welcomes_are_a_room_keeps_half_a_mebibyte_of_each) {
  Scene s;
  std::vector<Tab> gone;
  for (std::uint32_t seat = 10; seat < 40; ++seat) {
    gone.push_back(s.r.enter(member(seat), s.ada));
    s.r.drop(gone.back());
    s.r.wait(base::Duration::millis(200));
  }
  s.r.forget();
  std::uint64_t epoch = 2;
  for (const Tab& tab : gone) {
    Commit large = commit_of(epoch++, {.adds = {tab.arrival}, .removes = {}});
    large.commit = payload(std::string(32'768, 'A'));
    large.welcome = payload(std::string(32'768, 'A'));
    s.r.say(s.ada, large);
    ASSERT_FALSE(s.r.refusal(s.ada));
    s.r.wait(base::Duration::seconds(1));
    EXPECT_LE(s.r.plane->totals().held_for_mls, kMostKeptCommitText + kMostKeptWelcomeText);
  }
  EXPECT_GE(s.r.plane->totals().held_for_mls, kMostKeptCommitText) << "the bound was reached";
  s.r.forget();
  const Tab first = s.r.come(member(10), gone.front().token, true), last = s.r.come(member(39), gone.back().token, true);
  EXPECT_FALSE(s.r.last<GroupWelcome>(first)) << "the oldest gave way";
  EXPECT_TRUE(s.r.last<GroupWelcome>(last));
}

TEST(MlsDelivery, a_welcome_for_many_who_are_all_there_is_told_to_each_of_them) {
  Scene s;
  std::vector<Tab> tabs;
  Commit large = commit_of(2);
  for (std::uint32_t seat = 10; seat < 50; ++seat) {
    tabs.push_back(s.r.enter(member(seat), s.ada));
    large.adds.push_back(tabs.back().arrival);
    s.r.wait(base::Duration::millis(200));
  }
  large.welcome = payload(std::string(40'000, 'A'));  // forty of them are more than is kept
  s.r.say(s.ada, large);
  for (const Tab& tab : tabs) EXPECT_TRUE(s.r.last<GroupWelcome>(tab)) << tab.seat.value;
}

TEST(MlsDelivery, too_many_key_packages_are_refused_and_nobody_else_notices) {
  Scene s;
  for (int i = 0; i < 30; ++i) s.r.say(s.robin, key(std::string(5'000, 'A')));
  EXPECT_EQ(s.r.refusal(s.robin), Reason::too_fast);
  EXPECT_EQ(s.r.all<KeyOffered>(s.ada).size(), 10U);
  EXPECT_FALSE(s.r.closed.contains(s.robin.connection));
  for (int i = 0; i < 30; ++i) s.r.say(s.wren, CommitsSince{kEveryone, 1, 0});
  EXPECT_EQ(s.r.all<Committed>(s.wren).size(), 16U * 2U);
  EXPECT_EQ(s.r.refusal(s.wren), Reason::too_fast);
  s.r.wait(base::Duration::seconds(10));
  s.r.forget();
  s.r.say(s.robin, key());
  EXPECT_TRUE(s.r.last<KeyOffered>(s.ada));
}

TEST(MlsDelivery, key_packages_of_a_room_full_of_tabs_stay_within_their_bound) {
  Rehearsal r({.media = {}, .max_people = 49, .max_waiting = 200, .max_rooms = 1});
  bool full = false;
  for (std::uint32_t seat = 1; seat <= 50; ++seat)
    for (int tab = 0; tab < 2; ++tab) {
      const Tab one = r.come(member(seat));
      r.say(one, key(std::string(5'462, 'A')));
      full |= r.refusal(one) == Reason::full;
      EXPECT_LE(r.plane->totals().held_for_mls, kMostKeyPackagesText);
    }
  EXPECT_TRUE(full);
}

TEST(MlsDelivery, a_room_has_64_groups_and_no_more) {
  Scene s;
  for (std::uint32_t n = 1; n < 64; ++n) {
    s.r.say(s.ada, open({.kind = Kind::breakout, .number = n}));
    s.r.wait(base::Duration::millis(200));
  }
  EXPECT_FALSE(s.r.refusal(s.ada));
  s.r.say(s.ada, open({.kind = Kind::breakout, .number = 64}));
  EXPECT_EQ(s.r.refusal(s.ada), Reason::full);
  s.r.say(s.ada, open(kEveryone, true));
  EXPECT_EQ(s.r.all<Refused>(s.ada).size(), 1U) << "one that stands can be opened anew";
}

// -- nothing is kept ----------------------------------------------------------------------------------------------------
TEST(MlsDelivery, after_the_room_has_ended_nothing_of_it_is_held) {
  Scene s;
  s.r.say(s.robin, key("cGxhbnRlZA"));
  const Tab lark = s.r.enter(member(6), s.ada);
  s.r.drop(lark);
  s.r.say(s.ada, commit_of(2, {.adds = {lark.arrival}, .removes = {}}));
  s.r.say(lark, to(Facilitators{}));
  EXPECT_GT(s.r.plane->totals().held_for_mls, 0U);
  EXPECT_EQ(s.r.plane->totals().groups, 1U);
  s.r.say(s.ada, End{});
  EXPECT_EQ(s.r.plane->totals().rooms, 0U);
  EXPECT_EQ(s.r.plane->totals().groups, 0U);
  EXPECT_EQ(s.r.plane->totals().held_for_mls, 0U);
  // The same room again knows nothing of before.
  const Tab next = s.r.enter(facilitator(1));
  EXPECT_THAT(s.r.last<Groups>(next)->groups, IsEmpty());
  EXPECT_THAT(s.r.all<KeyOffered>(next), IsEmpty());
}

TEST(MlsDelivery, every_byte_of_mls_is_freed_with_the_step_that_ends_the_room) {
  Room room;
  const auto step = [&](Decision decision) {
    ASSERT_TRUE(decision) << static_cast<int>(decision.error().reason);
    room = std::move(decision->next);
  };
  step(come(room, {{10}, {}, facilitator(1)}, {1}));
  step(ready(room, {{10}}, {1}));
  step(come(room, {{11}, {}, facilitator(2)}, {1}));
  step(ready(room, {{11}}, {1}));
  find(room, {11})->stage = Stage::present;
  step(offer_key(room, key(), {{11}}));
  step(open_group(room, open(), {{10}}));
  find(room, {11})->signalling = false;
  step(commit(room, commit_of(0, {.adds = {{11}}, .removes = {}}), {{10}}));
  const std::weak_ptr<const Payload> key_package = find(room, {11})->key_package;
  ASSERT_EQ(room.mls.commits.size(), 1U);
  ASSERT_EQ(room.mls.welcomes.size(), 1U);
  const std::weak_ptr<const Committed> committed = room.mls.commits[0];
  const std::weak_ptr<const GroupWelcome> welcome = room.mls.welcomes[0].said;
  EXPECT_FALSE(key_package.expired() || committed.expired() || welcome.expired());
  step(end(room, {{10}}));
  EXPECT_TRUE(key_package.expired());
  EXPECT_TRUE(committed.expired());
  EXPECT_TRUE(welcome.expired());
}

// -- the entrance of further facilitators ----------------------------------------------------------------------------------
TEST(SecondFacilitator, is_let_in_by_the_one_who_is_there) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  EXPECT_EQ(r.last<StateNow>(ada)->state, Stage::present) << "the first walks in";
  const Tab bea = r.enter(facilitator(2, Role::co_facilitator));
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::waiting);
  EXPECT_EQ(r.last<WaitingList>(ada)->arrivals.at(0).role, Role::co_facilitator);
  r.say(ada, Admit{bea.arrival});
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::present);
}

TEST(SecondFacilitator, walks_in_where_the_first_has_gone_or_is_away) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab bea = r.enter(facilitator(2, Role::co_facilitator));
  r.say(ada, Leave{});
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::present) << "who waited enters as the last one leaves";
  r.media_says(bea, media::Event::Silent{});
  const Tab cleo = r.enter(facilitator(3, Role::co_facilitator));
  EXPECT_EQ(r.last<StateNow>(cleo)->state, Stage::present) << "nobody leads at this moment";
}

TEST(SecondFacilitator, who_waits_is_not_let_in_by_a_short_loss_of_the_first_and_is_by_a_long_one) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab bea = r.enter(facilitator(2, Role::co_facilitator));
  r.media_says(ada, media::Event::Silent{});
  r.wait(base::Duration::seconds(9));
  r.media_says(ada, media::Event::Back{});
  r.wait(base::Duration::seconds(60));
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::waiting);
  r.media_says(ada, media::Event::Silent{});
  r.wait(base::Duration::seconds(11));
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::present);
}

TEST(SecondFacilitator, a_full_room_does_not_keep_the_plane_awake) {
  Rehearsal r({.media = {}, .max_people = 1, .max_waiting = 6});
  const Tab ada = r.enter(facilitator(1));
  const Tab bea = r.enter(facilitator(2, Role::co_facilitator));
  r.media_says(ada, media::Event::Silent{});
  r.wait(base::Duration::seconds(30));
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::waiting);
  EXPECT_GT(r.plane->next_timeout(), r.now.instant);
}

TEST(SecondFacilitator, one_who_was_moved_back_or_whose_link_is_used_twice_does_not_walk_in) {
  Rehearsal r;
  const Tab ada = r.enter(facilitator(1));
  const Tab bea = r.enter(facilitator(2, Role::co_facilitator), ada);
  const Tab twin = r.enter(facilitator(1));
  r.say(ada, MoveBack{bea.seat});
  r.media_says(ada, media::Event::Silent{});
  r.wait(base::Duration::seconds(30));
  EXPECT_EQ(r.last<StateNow>(bea)->state, Stage::waiting);
  EXPECT_EQ(r.last<StateNow>(twin)->state, Stage::waiting) << "Ada still sits there";
}

}  // namespace
}  // namespace call
