// SPDX-License-Identifier: Apache-2.0
// The rules of groups, membership, sessions and attendance, without any database.
#include "care/group.h"

#include <gtest/gtest.h>

#include "care/attendance.h"
#include "care/membership.h"
#include "care/session.h"

namespace {

using namespace care;

std::vector<std::string> said(const FieldFaults& faults) {
  std::vector<std::string> out;
  for (const auto& f : faults) out.push_back(f.pointer + " " + f.code);
  return out;
}

Group group() {
  Group g;
  g.team = {"t"};
  g.name = " Living with worry ";
  g.zone = "Europe/London";
  g.ways = {Way::video, Way::phone};
  g.software = "quietroom";
  g.capacity = 8;
  g.facilitators = {{.staff = {"a"}, .name = {}, .role = FacilitatorRole::facilitator, .alias = "Ash", .seat = 0}};
  return g;
}
const AroundGroup kAround{.before = {}, .may_facilitate = {{"a"}, {"b"}, {"c"}}, .member_aliases = {"Robin"}, .places_taken = 0, .sessions_to_come = false};

struct BadGroup {
  const char* fault;
  void (*spoil)(Group&);
};
TEST(GroupPlan, says_at_the_field_what_is_wrong) {
  const BadGroup cases[] = {
      {"/name missing", [](Group& g) { g.name = "  "; }},
      {"/name too-long", [](Group& g) { g.name = std::string(121, 'x'); }},
      {"/name characters", [](Group& g) { g.name = std::string("a\0b", 3); }},
      {"/zone unknown-value", [](Group& g) { g.zone = "London"; }},
      {"/ways missing", [](Group& g) { g.ways = {}; }},
      {"/oneWayReason missing", [](Group& g) { g.ways = {Way::video}; g.one_way_alternative = "Group at the clinic"; }},
      {"/oneWayAlternative missing", [](Group& g) { g.ways = {Way::video, Way::video}; g.one_way_reason = "No room"; }},
      {"/venue missing", [](Group& g) { g.ways = {Way::in_person, Way::video}; }},
      {"/software missing", [](Group& g) { g.software = ""; }},
      {"/software unknown-value", [](Group& g) { g.software = "in_person"; }},
      {"/capacity out-of-bounds", [](Group& g) { g.capacity = 0; }},
      {"/capacity out-of-bounds", [](Group& g) { g.capacity = 49; }},
      {"/confidentialityPlan/note missing", [](Group& g) { g.confidentiality_plan.end_to_end = false; }},
      {"/facilitators out-of-bounds", [](Group& g) { g.facilitators = {}; }},
      {"/facilitators nobody-leads", [](Group& g) { g.facilitators[0].role = FacilitatorRole::co_facilitator; }},
      {"/facilitators/0/staff not-known", [](Group& g) { g.facilitators[0].staff = {"z"}; }},
      {"/facilitators/1/staff twice", [](Group& g) { g.facilitators.push_back(g.facilitators[0]); g.facilitators[1].alias = "Elm"; }},
      {"/facilitators/0/alias missing", [](Group& g) { g.facilitators[0].alias = ""; }},
      {"/facilitators/0/alias taken", [](Group& g) { g.facilitators[0].alias = " ROBIN"; }},
  };
  for (const auto& c : cases) {
    Group wanted = group();
    c.spoil(wanted);
    const auto decided = decide_group(wanted, kAround);
    ASSERT_FALSE(decided) << c.fault;
    EXPECT_EQ(said(decided.error()), std::vector<std::string>{c.fault});
  }
}

TEST(GroupPlan, is_trimmed_and_one_way_only_is_kept_with_its_reason_and_alternative) {
  Group wanted = group();
  wanted.ways = {Way::phone};
  wanted.one_way_reason = "Nobody here has a camera";
  wanted.one_way_alternative = "The Tuesday group";
  const auto decided = decide_group(wanted, kAround);
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->name, "Living with worry");
  EXPECT_EQ(decided->one_way_alternative, "The Tuesday group");
  wanted.ways = {Way::phone, Way::video};
  EXPECT_EQ(decide_group(wanted, kAround)->one_way_reason, "") << "more than one way needs no reason";
}

TEST(GroupPlan, what_to_ring_is_kept_where_the_phone_is_a_way_alone) {
  Group wanted = group();
  wanted.phone_directions = " Ring 01632 960 100, then type 1234. ";
  EXPECT_EQ(decide_group(wanted, kAround)->phone_directions, "Ring 01632 960 100, then type 1234.");
  wanted.ways = {Way::video, Way::in_person};
  wanted.venue = "Rowan House";
  EXPECT_EQ(decide_group(wanted, kAround)->phone_directions, "");
}

TEST(GroupPlan, facilitators_who_stay_keep_their_seats) {
  Group before = group();
  before.facilitators = {{.staff = {"a"}, .name = {}, .role = {}, .alias = "Ash", .seat = 1}, {.staff = {"b"}, .name = {}, .role = {}, .alias = "Elm", .seat = 2}};
  Group wanted = group();
  wanted.facilitators = {{.staff = {"c"}, .name = {}, .role = {}, .alias = "Oak", .seat = 0}, {.staff = {"b"}, .name = {}, .role = {}, .alias = "Elm", .seat = 7}};
  AroundGroup around = kAround;
  around.before = before;
  const auto decided = decide_group(wanted, around);
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->facilitators[0].seat, 1);
  EXPECT_EQ(decided->facilitators[1].seat, 2);
}

TEST(GroupPlan, does_not_change_under_sessions_to_come_or_below_the_places_taken) {
  AroundGroup around = kAround;
  around.before = group();
  around.sessions_to_come = true;
  around.places_taken = 9;
  Group wanted = group();
  wanted.zone = "Europe/Lisbon";
  wanted.closed = true;
  wanted.team = {"u"};
  const auto decided = decide_group(wanted, around);
  ASSERT_FALSE(decided);
  EXPECT_EQ(said(decided.error()), (std::vector<std::string>{"/capacity taken", "/team fixed", "/zone sessions-planned", "/closed sessions-planned"}));
}

// Every pair of states: the steps of the table and no others.
TEST(Membership, takes_the_steps_of_its_table_and_no_others) {
  int taken = 0;
  for (const auto& [from, from_name] : json_names(MembershipState{}))
    for (const auto& [to, to_name] : json_names(MembershipState{})) {
      const auto steps = allowed_steps();
      const auto step = std::ranges::find_if(steps, [&](const AllowedStep& s) { return s.from == from && s.to == to; });
      WantedStep wanted{.state = to, .reason = "other", .moved_to = {}, .note = {}};
      if (to == MembershipState::moved) wanted.moved_to = GroupId{"h"};
      const AroundStep around{.state = from, .group = {"g"}, .capacity = 1, .places_taken = has_place(from) ? 1 : 0, .target_open = true, .member_there = false};
      const auto decided = decide_step(wanted, around);
      EXPECT_EQ(decided.has_value(), step != steps.end()) << from_name << " to " << to_name;
      if (!decided) {
        EXPECT_EQ(said(decided.error()), std::vector<std::string>{"/state not-next"});
        continue;
      }
      ++taken;
      wanted.reason = "";
      EXPECT_EQ(decide_step(wanted, around).has_value(), !step->reason) << from_name << " to " << to_name;
    }
  EXPECT_EQ(taken, 14);
  for (const auto& s : allowed_steps()) EXPECT_FALSE(has_ended(s.from)) << "what has ended stays ended";
}

TEST(Membership, a_place_is_given_while_there_is_one) {
  const WantedStep wanted{.state = MembershipState::prepared, .reason = {}, .moved_to = {}, .note = {}};
  AroundStep around{.state = MembershipState::waiting, .group = {"g"}, .capacity = 3, .places_taken = 3, .target_open = false, .member_there = false};
  EXPECT_EQ(said(decide_step(wanted, around).error()), std::vector<std::string>{"/state full"});
  around.places_taken = 2;
  EXPECT_EQ(decide_step(wanted, around)->expected, Expected::from_now_on);
  around.state = MembershipState::prepared;
  around.places_taken = 3;
  EXPECT_EQ(decide_step({.state = MembershipState::joined, .reason = {}, .moved_to = {}, .note = {}}, around)->expected, Expected::as_before);
  EXPECT_EQ(decide_step({.state = MembershipState::waiting, .reason = "not-ready", .moved_to = {}, .note = {}}, around)->expected, Expected::no_more);
}

TEST(Membership, a_move_names_an_open_group_where_the_person_is_not_yet) {
  const AroundStep around{.state = MembershipState::joined, .group = {"g"}, .capacity = 3, .places_taken = 1, .target_open = true, .member_there = false};
  WantedStep wanted{.state = MembershipState::moved, .reason = "time", .moved_to = {}, .note = {}};
  EXPECT_EQ(said(decide_step(wanted, around).error()), std::vector<std::string>{"/movedTo missing"});
  wanted.moved_to = GroupId{"g"};
  EXPECT_EQ(said(decide_step(wanted, around).error()), std::vector<std::string>{"/movedTo same-group"});
  wanted.moved_to = GroupId{"h"};
  AroundStep other = around;
  other.target_open = false;
  EXPECT_EQ(said(decide_step(wanted, other).error()), std::vector<std::string>{"/movedTo not-known"});
  other = around;
  other.member_there = true;
  EXPECT_EQ(said(decide_step(wanted, other).error()), std::vector<std::string>{"/movedTo member-there"});
  EXPECT_EQ(decide_step(wanted, around)->expected, Expected::no_more);
  wanted.state = MembershipState::stopped;
  EXPECT_EQ(said(decide_step(wanted, around).error()), std::vector<std::string>{"/movedTo not-asked"});
}

TEST(Membership, an_alias_is_its_owners_alone_however_it_is_written) {
  const std::vector<base::Redacted<std::string>> others{base::Redacted<std::string>("Blue  Heron")};
  for (const char* same : {"blue heron", " Blue Heron ", "BLUE   HERON"})
    EXPECT_EQ(said(decide_card({base::Redacted<std::string>(same), {}}, others).error()), std::vector<std::string>{"/alias taken"}) << same;
  EXPECT_EQ(said(decide_card({base::Redacted<std::string>(" "), {}}, {}).error()), std::vector<std::string>{"/alias missing"});
  EXPECT_EQ(decide_card({base::Redacted<std::string>(" Wren "), {}}, others)->alias.get(), "Wren");
}

constexpr std::int64_t kMinutes = 60'000'000;
const Span kSession{{1'000 * kMinutes}, {1'090 * kMinutes}};
base::WallTime minute(std::int64_t of_session) { return {(1'000 + of_session) * kMinutes}; }

TEST(Attendance, is_late_after_ten_minutes_and_early_ten_or_more_before_the_end) {
  for (const auto& [at, late] : {std::pair{-20, false}, {0, false}, {10, false}, {11, true}}) {
    const auto m = came({}, kSession, Way::video, minute(at));
    ASSERT_TRUE(m);
    EXPECT_EQ(m->late, late) << at;
    EXPECT_EQ(m->outcome, Outcome::attended);
    EXPECT_EQ(m->source, MarkedBy::call);
    EXPECT_EQ(m->mode, Way::video);
  }
  const Mark there = came({}, kSession, Way::video, minute(0)).value();
  for (const auto& [at, early] : {std::pair{30, true}, {80, true}, {81, false}, {95, false}}) EXPECT_EQ(left(there, kSession, minute(at))->left_early, early) << at;
}

TEST(Attendance, who_comes_back_came_when_they_first_did_and_did_not_leave) {
  const Mark first = came({}, kSession, Way::video, minute(2)).value();
  const Mark gone = left(first, kSession, minute(20)).value();
  const Mark back = came(gone, kSession, Way::video, minute(25)).value();
  EXPECT_EQ(back, first);
}

TEST(Attendance, another_way_than_planned_shows) {
  EXPECT_TRUE(came({.planned = Way::in_person, .mode = {}, .came = {}, .left = {}}, kSession, Way::video, minute(0))->changed_mode);
  EXPECT_FALSE(came({.planned = Way::video, .mode = {}, .came = {}, .left = {}}, kSession, Way::video, minute(0))->changed_mode);
  EXPECT_FALSE(came({}, kSession, Way::video, minute(0))->changed_mode) << "nothing was planned";
}

TEST(Attendance, the_call_never_changes_what_staff_marked_but_who_comes_came) {
  Mark marked{.planned = {}, .mode = {}, .outcome = Outcome::cancelled_by_person, .came = {}, .left = {}, .source = MarkedBy::staff};
  const auto after_all = came(marked, kSession, Way::video, minute(20));
  ASSERT_TRUE(after_all);
  EXPECT_EQ(after_all->outcome, Outcome::attended);
  EXPECT_EQ(after_all->source, MarkedBy::call);
  EXPECT_TRUE(after_all->late);
  marked.outcome = Outcome::cancelled_by_service;
  EXPECT_FALSE(came(marked, kSession, Way::video, minute(0)));
  EXPECT_FALSE(closed(marked, true, minute(90)));
  marked.outcome = Outcome::attended;
  marked.came = minute(0);
  EXPECT_FALSE(left(marked, kSession, minute(10)));
  EXPECT_FALSE(closed(marked, true, minute(90)));
}

TEST(Attendance, at_the_end_who_was_expected_by_video_and_did_not_come_did_not_attend) {
  const auto closing = [](std::optional<Way> planned, bool in_call) {
    return closed({.planned = planned, .mode = {}, .came = {}, .left = {}}, in_call, minute(90));
  };
  EXPECT_EQ(closing(std::nullopt, true)->outcome, Outcome::did_not_attend);
  EXPECT_EQ(closing(Way::video, true)->outcome, Outcome::did_not_attend);
  EXPECT_FALSE(closing(Way::in_person, true)) << "the call does not see the room";
  EXPECT_FALSE(closing(Way::phone, true));
  EXPECT_FALSE(closing(std::nullopt, false)) << "held elsewhere";
  EXPECT_FALSE(closed({.planned = {}, .mode = {}, .outcome = Outcome::cancelled_by_person, .came = {}, .left = {}}, true, minute(90)));
  const Mark there = came({}, kSession, Way::video, minute(0)).value();
  const Mark ended = closed(there, true, minute(60)).value();
  EXPECT_EQ(ended.left, minute(60));
  EXPECT_FALSE(ended.left_early) << "the session ended early for everyone";
}

TEST(Attendance, a_mark_of_staff_is_checked_and_a_change_of_one_needs_a_reason) {
  Correction wanted{.mode = {Way::in_person}, .outcome = Outcome::attended, .late = true, .left_early = false, .reason = {}, .note = {}, .planned = {}};
  const auto first = decide_mark({}, wanted, kSession, minute(5));
  ASSERT_TRUE(first) << "the first mark is no correction";
  EXPECT_EQ(first->source, MarkedBy::staff);
  EXPECT_TRUE(decide_mark(*first, wanted, kSession, minute(5))) << "the same once more changes nothing";
  wanted.late = false;
  EXPECT_EQ(said(decide_mark(*first, wanted, kSession, minute(5)).error()), std::vector<std::string>{"/reason missing"});
  wanted.reason = "Not a code";
  EXPECT_EQ(said(decide_mark(*first, wanted, kSession, minute(5)).error()), std::vector<std::string>{"/reason missing"});
  wanted.reason = "mistake";
  EXPECT_TRUE(decide_mark(*first, wanted, kSession, minute(5)));
  wanted.mode.value = std::nullopt;
  EXPECT_EQ(said(decide_mark(*first, wanted, kSession, minute(5)).error()), std::vector<std::string>{"/mode missing"});
  Correction absent{.mode = {Way::phone}, .outcome = Outcome::did_not_attend, .late = true, .left_early = true, .reason = "mistake", .note = {}, .planned = {}};
  EXPECT_EQ(said(decide_mark(*first, absent, kSession, minute(5)).error()), (std::vector<std::string>{"/mode not-asked", "/late not-asked", "/leftEarly not-asked"}));
  absent = {.mode = {}, .outcome = Outcome::did_not_attend, .late = false, .left_early = false, .reason = {}, .note = {}, .planned = {}};
  EXPECT_EQ(said(decide_mark({}, absent, kSession, minute(-31)).error()), std::vector<std::string>{"/outcome too-early"});
  absent.outcome = Outcome::cancelled_by_person;
  EXPECT_TRUE(decide_mark({}, absent, kSession, minute(-31))) << "who says beforehand that they cannot come";
  Correction again{.mode = {}, .outcome = Outcome::expected, .late = false, .left_early = false, .reason = "mistake", .note = {}, .planned = {}};
  EXPECT_EQ(decide_mark(*first, again, kSession, minute(5))->source, MarkedBy::plan) << "the call may fill it again";
}

TEST(Attendance, the_way_that_a_person_said_is_noted_without_a_reason_and_marks_nobody) {
  Correction wanted{.mode = {}, .outcome = Outcome::expected, .late = false, .left_early = false, .reason = {}, .note = {}, .planned = {{Way::phone}}};
  const auto said_so = decide_mark({}, wanted, kSession, minute(-1'000));
  ASSERT_TRUE(said_so);
  EXPECT_EQ(said_so->planned, Way::phone);
  EXPECT_EQ(said_so->source, MarkedBy::plan);
  const Mark there = came(*said_so, kSession, Way::video, minute(0)).value();
  wanted = {.mode = {Way::video}, .outcome = Outcome::attended, .late = false, .left_early = false, .reason = {}, .note = {}, .planned = {{Way::video}}};
  const auto later = decide_mark(there, wanted, kSession, minute(5));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->source, MarkedBy::call) << "the call goes on marking";
  EXPECT_FALSE(later->changed_mode);
  wanted.planned = base::json::Nullable<Way>{};
  EXPECT_EQ(decide_mark(there, wanted, kSession, minute(5))->planned, std::nullopt) << "not said, after all";
}

const Zone kLondon = Zone::find("Europe/London").value();
const base::WallTime kNow = parse_iso("2026-09-21T12:00:00Z").value();
std::vector<Session> three() {
  const NewSeries s{.first_date = "2026-10-12", .start_time = "14:00", .minutes = 90, .every_days = 7, .count = 3, .exceptions = {}};
  auto made = decide_series(sessions_of(s, kLondon, kNow).value(), {}, 0).value();
  for (auto& each : made) {
    each.venue = "Room 2";
    each.held_on = "quietroom";
  }
  return made;
}
WantedMove to(const char* date, const char* time) {
  return {.date = date, .time = time, .minutes = 90, .venue = "Room 2", .held_on = "quietroom", .rest = {}};
}

TEST(Session, the_rest_of_a_series_moves_by_as_many_days_at_the_same_clock_time) {
  const auto moved = decide_move(to("2026-10-14", "10:00"), three(), {}, kLondon, kNow);
  ASSERT_TRUE(moved);
  ASSERT_EQ(moved->size(), 3U);
  const char* starts[] = {"2026-10-14T09:00:00Z", "2026-10-21T09:00:00Z", "2026-10-28T10:00:00Z"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(iso_text((*moved)[i].span.starts), starts[i]);
    EXPECT_EQ((*moved)[i].sequence, 1);
    EXPECT_EQ((*moved)[i].version, 2);
  }
}
TEST(Session, what_is_an_exception_of_one_of_the_rest_stays_one) {
  auto all = three();
  all[1].venue = "Garden room";
  all[1].minutes = 60;
  all[2].time = *parse_clock_time("16:00");
  auto wanted = to("2026-10-13", "10:00");
  wanted.venue = "Room 5";
  wanted.minutes = 120;
  const auto moved = decide_move(wanted, all, {}, kLondon, kNow);
  ASSERT_TRUE(moved);
  ASSERT_EQ(moved->size(), 3U);
  const auto shown = [](const Session& s) { return to_text(s.date) + " " + to_text(s.time) + " " + std::to_string(s.minutes) + " " + s.venue; };
  EXPECT_EQ(shown((*moved)[0]), "2026-10-13 10:00 120 Room 5");
  EXPECT_EQ(shown((*moved)[1]), "2026-10-20 10:00 60 Garden room");
  EXPECT_EQ(shown((*moved)[2]), "2026-10-27 16:00 120 Room 5");
  EXPECT_EQ(((*moved)[1].span.ends.us - (*moved)[1].span.starts.us) / 60'000'000, 60);
}
TEST(Session, the_rest_goes_with_the_first_also_where_that_was_the_exception) {
  auto all = three();
  all[0].time = *parse_clock_time("15:00");
  all[0].venue = "Garden room";
  auto wanted = to("2026-10-12", "16:00");
  wanted.venue = "Room 7";
  const auto moved = decide_move(wanted, all, {}, kLondon, kNow);
  ASSERT_TRUE(moved);
  ASSERT_EQ(moved->size(), 3U);
  for (const Session& s : *moved) EXPECT_EQ(to_text(s.time) + " " + s.venue, "16:00 Room 7");
}
TEST(Session, a_move_to_where_it_is_changes_nothing) {
  EXPECT_TRUE(decide_move(to("2026-10-12", "14:00"), {three()[0]}, {}, kLondon, kNow)->empty());
}
TEST(Session, still_to_come_is_not_moved_to_where_it_would_be_over) {
  EXPECT_EQ(said(decide_move(to("2026-01-12", "14:00"), {three()[0]}, {}, kLondon, kNow).error()), std::vector<std::string>{"/date past"});
  EXPECT_TRUE(decide_move(to("2026-09-22", "14:00"), {three()[0]}, {}, kLondon, kNow)) << "earlier than planned, and still to come";
}
TEST(Session, is_not_moved_onto_another_nor_when_it_is_over) {
  const auto all = three();
  EXPECT_EQ(said(decide_move(to("2026-10-19", "13:00"), {all[0]}, {all[1].span, all[2].span}, kLondon, kNow).error()), std::vector<std::string>{"/date overlaps"});
  EXPECT_TRUE(decide_move(to("2026-10-19", "12:30"), {all[0]}, {all[1].span, all[2].span}, kLondon, kNow)) << "one after the other is no overlap";
  auto over = all;
  over[0].state = SessionState::held;
  EXPECT_EQ(said(decide_move(to("2026-10-20", "13:00"), {over[0]}, {}, kLondon, kNow).error()), std::vector<std::string>{" not-planned"});
  EXPECT_EQ(said(decide_cancel({"illness", {}}, over).error()), std::vector<std::string>{" not-planned"});
}
TEST(Session, a_place_in_person_is_named) {
  auto wanted = to("2026-10-20", "13:00");
  wanted.held_on = "in_person";
  wanted.venue = " ";
  EXPECT_EQ(said(decide_move(wanted, {three()[0]}, {}, kLondon, kNow).error()), std::vector<std::string>{"/venue missing"});
}
TEST(Session, cancelling_grows_the_sequence_and_keeps_the_reason) {
  const auto cancelled = decide_cancel({"illness", true}, three());
  ASSERT_TRUE(cancelled);
  for (const auto& s : *cancelled) {
    EXPECT_EQ(s.state, SessionState::cancelled);
    EXPECT_EQ(s.sequence, 1);
    EXPECT_EQ(s.cancelled_reason, "illness");
  }
  EXPECT_EQ(said(decide_cancel({"Robin is ill", {}}, three()).error()), std::vector<std::string>{"/reason missing"}) << "a code, no words about anybody";
}
TEST(Session, a_series_over_another_session_is_refused_and_numbers_go_on) {
  const NewSeries s{.first_date = "2026-10-05", .start_time = "15:00", .minutes = 60, .every_days = 7, .count = 2, .exceptions = {}};
  const auto planned = sessions_of(s, kLondon, kNow).value();
  EXPECT_EQ(said(decide_series(planned, {three()[0].span}, 3).error()), std::vector<std::string>{"/firstDate overlaps"});
  EXPECT_EQ(decide_series(planned, {}, 3)->back().number, 5);
}

}  // namespace
