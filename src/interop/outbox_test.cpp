// SPDX-License-Identifier: Apache-2.0
// The outbox on both databases: an invitation is written with its link, leased, recorded, repeated with the same Message-ID, told
// again when the session moves or is cancelled; who may send and see what; the member's own page.
#include <gmock/gmock.h>

#include "care/group_routes.h"
#include "care/link_routes.h"
#include "interop/outbox_for_tests.h"

namespace interop {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_P(Outbox, an_invitation_carries_the_link_and_a_calendar_entry_and_names_nobody_else) {
  const auto made = invite();
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_EQ(written, 1);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  const auto& p = all[0].payload;
  EXPECT_EQ(p.to.get(), "robin@example.org");
  const std::string text = p.with_secrets(p.text, out.address);
  EXPECT_THAT(text, HasSubstr("Hello Robin Sample"));
  EXPECT_THAT(text, HasSubstr("Monday 23 November 2026 at 2pm"));
  EXPECT_THAT(text, HasSubstr("https://groups.example.org/mine#" + p.link.get()));
  EXPECT_THAT(p.calendar.get(), HasSubstr("DTSTART;TZID=Europe/London:20261123T140000"));
  for (const char* secret : {"panic", "Panic", "Talking", "Ashley", "Elm House"}) EXPECT_THAT(p.subject.get() + text + p.calendar.get(), Not(HasSubstr(secret)));
  auto t = pool().read();
  EXPECT_TRUE(care::find_link(*t, keys, care::hash_secret(p.link.get()), now.wall)) << "the link opens";
}

TEST_P(Outbox, whoever_takes_a_message_has_it_alone_until_the_lease_ends_and_a_repeat_has_the_same_message_id) {
  ASSERT_EQ(invite().status, 201);
  const auto first = take();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(take().empty());
  pass(119);
  EXPECT_TRUE(take().empty());
  pass(1);
  const auto second = take();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first[0].message_id, second[0].message_id);
  EXPECT_EQ(first[0].payload.text, second[0].payload.text);
  EXPECT_FALSE(report(first[0], Sent::How::temporary, "no-answer")) << "who lost the lease changes nothing";
  EXPECT_TRUE(report(second[0], Sent::How::sent));
  EXPECT_EQ(state(), "sent ");
  pass(100'000);
  EXPECT_TRUE(take().empty());
}

TEST_P(Outbox, what_was_sent_keeps_no_link) {
  ASSERT_EQ(invite().status, 201);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  ASSERT_TRUE(report(all[0], Sent::How::sent));
  auto t = pool().read();
  const auto kept = load_message(*t, keys, all[0].id);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->payload.link.get(), "");
  EXPECT_NE(kept->payload.text.get(), "");
}

TEST_P(Outbox, a_temporary_failure_is_tried_again_later_and_a_permanent_one_is_shown_first) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::temporary, "smtp-451"));
  EXPECT_EQ(state(), "queued smtp-451");
  EXPECT_TRUE(take().empty());
  pass(60);
  ASSERT_TRUE(report(take().at(0), Sent::How::permanent, "smtp-550"));
  EXPECT_EQ(state(), "failed smtp-550");
  pass(1'000'000);
  EXPECT_TRUE(take().empty());
  pass(-1'000'000);
  add_supporter("carer");
  ASSERT_EQ(ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation", R"({"supporter":")" + trust.supporter.text + R"("})").status, 201);
  const auto list = ask(http::Method::get, "/api/messages?group=" + trust.group.text);
  ASSERT_EQ(list.status, 200);
  const std::string text(list.text());
  EXPECT_LT(text.find("smtp-550"), text.find("queued"));
}

TEST_P(Outbox, a_failed_message_can_be_tried_again_by_the_team) {
  const auto made = invite();
  const std::string path(made.header("Location"));
  EXPECT_EQ(ask(http::Method::post, path + "/again").status, 409);
  ASSERT_TRUE(report(take().at(0), Sent::How::permanent, "smtp-550"));
  EXPECT_EQ(ask(http::Method::post, path + "/again").status, 200);
  EXPECT_EQ(take().size(), 1U);
}

TEST_P(Outbox, safe_hours_hold_even_where_the_queue_was_long) {
  seal_safe(R"({"method":"email","hours":[{"days":[1],"from":"12:00","to":"13:00"}],"note":""})");
  ASSERT_EQ(invite().status, 201);
  EXPECT_TRUE(take().empty()) << "it is ten";
  pass(2 * 3600);
  EXPECT_EQ(take().size(), 1U) << "it is twelve";
  pass(3600 + 120);
  EXPECT_TRUE(take().empty()) << "the lease ended, and so did the safe hour";
  pass(7 * 24 * 3600 - 3600);
  EXPECT_EQ(take().size(), 1U) << "a week later";
}

TEST_P(Outbox, who_has_no_safe_way_gets_nothing) {
  for (const char* safe : {R"({"method":null,"hours":[],"note":""})", R"({"method":"none","hours":[],"note":""})"}) {
    seal_safe(safe);
    const auto r = invite();
    EXPECT_EQ(r.status, 422);
    EXPECT_THAT(std::string(r.text()), HasSubstr("no-safe-way"));
  }
  EXPECT_TRUE(take().empty());
  seal_safe(R"({"method":"letter","hours":[],"note":""})");
  EXPECT_THAT(std::string(invite().text()), HasSubstr("no-address"));
}

TEST_P(Outbox, another_place_or_length_is_told_too) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  run("UPDATE session SET venue = 'Oak House', minutes = 120, ends_us = ends_us + 1800000000, sequence = 1");
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(tell(), 0);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(std::string(all[0].payload.calendar.get()), HasSubstr("SEQUENCE:1"));
}

TEST_P(Outbox, another_venue_in_the_groups_plan_is_told_to_those_who_come_to_it) {
  care::add_group_routes(site, *desk);
  run("UPDATE therapy_group SET in_person = 1, video = 1, venue = 'Elm House', software = 'quietroom'");
  run("UPDATE session SET venue = 'Elm House'");
  run("UPDATE attendance SET planned = 'in_person'");
  ASSERT_EQ(invite().status, 201);
  (void)take();
  const std::string path = "/api/groups/" + trust.group.text;
  const auto before = ask(http::Method::get, path);
  std::string plan(before.text());
  plan.replace(plan.find("Elm House"), 9, "Oak House");
  const auto changed = ask(http::Method::put, path, plan, {{"If-Match", std::string(before.header("ETag"))}});
  ASSERT_EQ(changed.status, 200) << changed.text();
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(tell(), 0);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].payload.text.get(), HasSubstr("Come to: Oak House."));
  EXPECT_THAT(all[0].payload.calendar.get(), HasSubstr("SEQUENCE:1"));
  EXPECT_THAT(all[0].payload.calendar.get(), HasSubstr("LOCATION:Oak House"));
}

TEST_P(Outbox, a_way_that_the_plan_or_the_session_has_no_more_was_not_said) {
  run("UPDATE attendance SET planned = 'video'");
  actor = trust.member();
  const auto way = [&] { return base::json::print(base::json::parse(ask(http::Method::get, "/api/mine").text(), {.bytes = 1 << 16, .depth = 8})->at("sessions").at(0).at("way")); };
  EXPECT_EQ(way(), R"("video")");
  run("UPDATE session SET held_on = 'in_person'");
  EXPECT_EQ(way(), "null");
  run("UPDATE session SET held_on = 'quietroom'");
  run("UPDATE therapy_group SET video = 0");
  EXPECT_EQ(way(), "null");
  run("UPDATE therapy_group SET video = 1");
  EXPECT_EQ(way(), R"("video")") << "what they said is kept";
}

TEST_P(Outbox, what_cannot_be_told_stands_among_what_did_not_arrive) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  seal_safe(R"({"method":null,"hours":[],"note":""})");
  run("UPDATE session SET state = 'cancelled', sequence = 1");
  EXPECT_EQ(tell(), 1);
  EXPECT_TRUE(take().empty());
  const auto list = ask(http::Method::get, "/api/messages?group=" + trust.group.text);
  EXPECT_THAT(std::string(list.text()), HasSubstr("no-safe-way"));
}

TEST_P(Outbox, what_cannot_reach_them_before_the_session_is_for_staff_to_tell) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  seal_safe(R"({"method":"email","hours":[{"days":[2],"from":"12:00","to":"13:00"}],"note":""})");
  now.wall = *care::parse_iso("2026-11-22T14:00:00Z");  // Sunday; the session is on Monday, the next safe hour on Tuesday
  EXPECT_EQ(tell(), 0) << "a reminder of what they know";
  run("UPDATE session SET state = 'cancelled', sequence = 1");
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(state(), "failed too-late");
  pass(48 * 3600);
  EXPECT_TRUE(take().empty()) << "nobody reads on Tuesday that Monday is off";
}

TEST_P(Outbox, a_session_that_nobody_was_told_of_is_for_staff_to_tell_where_the_reminder_comes_too_late) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  seal_safe(R"({"method":"email","hours":[{"days":[2],"from":"12:00","to":"13:00"}],"note":""})");
  now.wall = *care::parse_iso("2026-11-28T10:00:00Z");  // Saturday
  run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, state, cancelled_reason, sequence) "
      "SELECT '0198c0de-0000-7000-8000-0000000000d1', 1, group_id, series, 9, '2026-11-30', local_time, minutes, starts_us + 604800000000, "
      "ends_us + 604800000000, venue, held_on, 'planned', '', 0 FROM session");
  EXPECT_EQ(tell(), 0);
  now.wall = *care::parse_iso("2026-11-29T15:00:00Z");
  EXPECT_EQ(tell(), 1) << "the first that they would hear of it";
  EXPECT_EQ(state(), "failed too-late");
}

TEST_P(Outbox, a_session_moved_to_later_must_be_told_before_they_set_out_for_the_old_time) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  seal_safe(R"({"method":"email","hours":[{"days":[2],"from":"12:00","to":"13:00"}],"note":""})");
  now.wall = *care::parse_iso("2026-11-22T10:00:00Z");  // Sunday
  run("UPDATE session SET local_date = '2026-11-25', starts_us = starts_us + 172800000000, ends_us = ends_us + 172800000000, sequence = 1");
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(state(), "failed too-late") << "Tuesday is before Wednesday, and after the Monday that they believe in";
}

TEST_P(Outbox, what_came_back_is_replaced_too_and_a_session_moved_after_its_reminder_is_reminded_of_again) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  now.wall = *care::parse_iso("2026-11-23T10:00:00Z");
  EXPECT_EQ(tell(), 1);  // the reminder
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  pass(1);
  run("UPDATE session SET local_date = '2026-11-30', starts_us = starts_us + 604800000000, ends_us = ends_us + 604800000000, sequence = 1");
  EXPECT_EQ(tell(), 1);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  run("UPDATE message SET delivery = 'permanent-failure' WHERE kind = 'moved'");
  pass(1);
  run("UPDATE session SET local_date = '2026-12-01', starts_us = starts_us + 86400000000, ends_us = ends_us + 86400000000, sequence = 2");
  EXPECT_EQ(tell(), 1);
  auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].payload.text.get(), HasSubstr("It was on Monday 23 November 2026"));
  ASSERT_TRUE(report(all[0], Sent::How::sent));
  EXPECT_EQ(value("SELECT CASE WHEN COUNT(*) = 1 THEN 'one' ELSE 'others' END FROM message WHERE kind = 'moved' AND done_us IS NOT NULL"), "one") << "nobody sends the false date again";
  now.wall = *care::parse_iso("2026-11-30T15:00:00Z");
  EXPECT_EQ(tell(), 1) << "a reminder of the new time";
}

TEST_P(Outbox, what_waits_until_the_session_has_begun_goes_out_no_more) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  run("UPDATE session SET local_time = '15:30', starts_us = starts_us + 5400000000, ends_us = ends_us + 5400000000, sequence = 1");
  now.wall = *care::parse_iso("2026-11-23T13:00:00Z");
  EXPECT_EQ(tell(), 1);
  ASSERT_TRUE(report(take().at(0), Sent::How::temporary, "no-answer"));
  now.wall = *care::parse_iso("2026-11-23T15:31:00Z");
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(state(), "failed too-late");
}

TEST_P(Outbox, an_outdated_message_is_replaced_and_the_new_one_starts_from_what_they_know) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  run("UPDATE session SET local_date = '2026-11-24', starts_us = starts_us + 86400000000, ends_us = ends_us + 86400000000, sequence = 1");
  EXPECT_EQ(tell(), 1);  // and it waits
  pass(1);
  run("UPDATE session SET local_date = '2026-11-25', starts_us = starts_us + 86400000000, ends_us = ends_us + 86400000000, sequence = 2");
  EXPECT_EQ(tell(), 1);
  auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].payload.text.get(), HasSubstr("It was on Monday 23 November 2026 at 2pm"));
  EXPECT_THAT(all[0].payload.text.get(), HasSubstr("It is now on Wednesday 25 November 2026"));
  ASSERT_TRUE(report(all[0], Sent::How::sent));
  pass(1);
  run("UPDATE session SET local_date = '2026-11-26', starts_us = starts_us + 86400000000, ends_us = ends_us + 86400000000, sequence = 3");
  EXPECT_EQ(tell(), 1);
  pass(1);
  run("UPDATE session SET state = 'cancelled', sequence = 4");
  EXPECT_EQ(tell(), 1);
  all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].payload.subject.get(), HasSubstr("Wednesday 25 November 2026")) << "the one that they know of";
}

TEST_P(Outbox, a_name_that_is_a_word_of_the_message_or_their_own_stops_nothing) {
  // A group that is called like a day, and another member who is called like this one, or "Will".
  run("UPDATE therapy_group SET name = 'Tuesday', programme = 'will'");
  EXPECT_EQ(invite().status, 201);
  EXPECT_EQ(take().size(), 1U);
}

TEST_P(Outbox, a_moved_session_is_told_once_with_old_and_new_time_and_a_higher_sequence) {
  ASSERT_EQ(invite().status, 201);
  const auto first = take();
  ASSERT_EQ(tell(), 0);
  run("UPDATE session SET local_date = '2026-11-24', local_time = '15:30', starts_us = starts_us + 91800000000, ends_us = ends_us + 91800000000, sequence = 1");
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(tell(), 0);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  const auto& p = all[0].payload;
  EXPECT_THAT(p.text.get(), HasSubstr("It was on Monday 23 November 2026 at 2pm"));
  EXPECT_THAT(p.text.get(), HasSubstr("It is now on Tuesday 24 November 2026 at 3:30pm"));
  EXPECT_THAT(p.calendar.get(), HasSubstr("SEQUENCE:1"));
  const auto uid = [](const std::string& text) { return text.substr(text.find("UID:"), 40); };
  EXPECT_EQ(uid(p.calendar.get()), uid(first.at(0).payload.calendar.get()));
}

TEST_P(Outbox, a_cancelled_session_cancels_the_calendar_entry) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  run("UPDATE session SET state = 'cancelled', cancelled_reason = 'facilitator-ill', sequence = 1");
  EXPECT_EQ(tell(), 1);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].payload.cancels);
  EXPECT_THAT(all[0].payload.calendar.get(), HasSubstr("METHOD:CANCEL"));
  EXPECT_THAT(all[0].payload.text.get(), Not(HasSubstr("facilitator"))) << "the reason stays with the team";
}

TEST_P(Outbox, a_reminder_goes_out_once_a_day_before) {
  ASSERT_EQ(invite().status, 201);
  (void)take();
  now.wall = *care::parse_iso("2026-11-22T13:59:59Z");
  EXPECT_EQ(tell(), 0);
  now.wall = *care::parse_iso("2026-11-22T14:00:00Z");
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(tell(), 0);
}

TEST_P(Outbox, an_invitation_that_names_a_session_so_near_is_its_reminder) {
  now.wall = *care::parse_iso("2026-11-23T13:50:00Z");
  ASSERT_EQ(invite().status, 201);
  (void)take();
  EXPECT_EQ(tell(), 0);
  run("UPDATE session SET local_time = '15:30', sequence = 1");
  EXPECT_EQ(tell(), 1) << "that it moves is told all the same";
}

TEST_P(Outbox, an_invitation_that_waits_does_not_carry_a_link_that_was_taken_back) {
  ASSERT_EQ(invite().status, 201);
  auto t = pool().write();
  withdraw_invitations(*t, trust.membership, {});
  ASSERT_TRUE(t->commit());
  EXPECT_EQ(state(), "withdrawn link-taken-back");
  EXPECT_TRUE(take().empty());
}

TEST_P(Outbox, who_left_the_group_gets_nothing_more) {
  ASSERT_EQ(invite().status, 201);
  run("UPDATE membership SET state = 'stopped'");
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(state(), "withdrawn left-group");
  run("UPDATE session SET state = 'cancelled', sequence = 1");
  EXPECT_EQ(tell(), 0);
  EXPECT_EQ(invite().status, 409);
}

TEST_P(Outbox, welsh_is_sent_once_a_person_of_the_team_has_approved_it) {
  auto t = pool().write();
  t->run("UPDATE person SET preferences_sealed = $1 WHERE id = $2", keys.seal({"person.preferences"}, trust.person.text, Text(R"({"language":"cy"})")), trust.person);
  ASSERT_TRUE(t->commit());
  t = nullptr;
  ASSERT_EQ(invite().status, 201);
  const auto draft = take();
  EXPECT_THAT(draft.at(0).payload.text.get(), HasSubstr("Hello Robin"));
  EXPECT_THAT(draft.at(0).payload.calendar.get(), testing::AllOf(HasSubstr("Use the link"), Not(HasSubstr("Defnyddiwch")))) << "no part of it";
  actor = trust.lead(trust.team);
  const std::string path = "/api/teams/" + trust.team.text + "/message-templates/invitation/cy/standard";
  const Words w = default_words(Kind::invitation, "cy");
  auto body = boost::json::object{{"subject", w.subject}, {"body", w.body}, {"sms", w.sms}, {"approved", true}};
  ASSERT_EQ(ask(http::Method::put, path, base::json::print(body), {{"If-Match", "\"0\""}}).status, 200);
  EXPECT_EQ(ask(http::Method::put, path, base::json::print(body), {{"If-Match", "\"0\""}}).status, 412) << "somebody else changed it";
  const auto all_words = ask(http::Method::get, "/api/teams/" + trust.team.text + "/message-templates");
  ASSERT_EQ(all_words.status, 200);
  EXPECT_THAT(std::string(all_words.text()), HasSubstr(w.subject));
  const auto shown = ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation/preview", "{}");
  ASSERT_EQ(shown.status, 200) << shown.text();
  EXPECT_THAT(std::string(shown.text()), HasSubstr("Dydd Llun 23 Tachwedd 2026"));
  pass(1);
  ASSERT_EQ(invite().status, 201);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].payload.text.get(), HasSubstr("Dydd Llun 23 Tachwedd 2026"));
  EXPECT_THAT(all[0].payload.calendar.get(), HasSubstr("Defnyddiwch"));
}

TEST_P(Outbox, words_that_name_the_group_are_refused_at_their_field) {
  actor = trust.lead(trust.team);
  const auto r = ask(http::Method::put, "/api/teams/" + trust.team.text + "/message-templates/reminder/en/standard",
                     R"({"subject":"Coping with panic","body":"b","sms":"s","approved":true})", {{"If-Match", "\"0\""}});
  EXPECT_EQ(r.status, 422);
  EXPECT_THAT(std::string(r.text()), HasSubstr("/subject"));
}

TEST_P(Outbox, only_the_group_s_own_staff_send_and_see) {
  const std::string list = "/api/messages?group=" + trust.group.text;
  const auto made = invite();
  const std::string one(made.header("Location"));
  EXPECT_EQ(ask(http::Method::get, one).status, 200);
  actor = trust.lead(trust.other_team);
  EXPECT_EQ(invite().status, 404);
  EXPECT_EQ(ask(http::Method::get, list).status, 404);
  EXPECT_EQ(ask(http::Method::get, one).status, 404);
  for (const care::Role r : {care::Role::it_support, care::Role::trainer, care::Role::evaluator, care::Role::administrator}) {
    actor.standings = {{r, {}}};
    EXPECT_THAT(ask(http::Method::get, list).status, testing::AnyOf(403, 404)) << care::to_text(r);
    EXPECT_THAT(ask(http::Method::get, one).status, testing::AnyOf(403, 404)) << care::to_text(r);
    EXPECT_THAT(invite().status, testing::AnyOf(403, 404)) << care::to_text(r);
  }
  actor = trust.member();
  EXPECT_EQ(ask(http::Method::get, list).status, 403);
}

TEST_P(Outbox, the_address_of_other_software_is_on_the_page_of_who_has_a_seat) {
  run("UPDATE session SET held_on = 'Other Meetings'");
  const auto page = [&] { return std::string(ask(http::Method::get, "/api/mine").text()); };
  actor = trust.member();
  EXPECT_THAT(page(), HasSubstr(R"("joinAddress":"")"));
  {
    auto t = pool().write();
    t->run("INSERT INTO session_joining (session, version, address_sealed, staff, set_us) VALUES ($1, 1, $2, $3, 0)", trust.session,
           keys.seal({"session_joining.address"}, trust.session.text, base::Redacted<std::string>("https://meet.example/quiet")), trust.staff);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_THAT(page(), HasSubstr(R"("joinAddress":"https://meet.example/quiet")"));
  const auto told = [&] {
    const auto t = pool().read();
    const auto to = load_recipient(*t, keys, trust.membership, {}, now.wall);
    return to ? load_taking(*t, *to, trust.session).join_address : false;
  };
  EXPECT_TRUE(told());
  run("UPDATE membership SET state = 'waiting'");
  EXPECT_THAT(page(), HasSubstr(R"("joinAddress":"")")) << "as a seat: not before they are prepared";
  EXPECT_FALSE(told()) << "no message says what the page does not show";
}

TEST_P(Outbox, a_person_sees_their_own_sessions_and_says_how_they_take_part) {
  actor = trust.member();
  const auto mine = ask(http::Method::get, "/api/mine");
  ASSERT_EQ(mine.status, 200) << mine.text();
  const std::string text(mine.text());
  for (const char* there : {"Robin Sample", "2026-11-23", "14:00", R"("way":null)", "01632 960 001"}) EXPECT_THAT(text, HasSubstr(there));
  for (const char* secret : {"Ashley", "Heron", "panic", "Panic"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  const std::string way = "/api/mine/sessions/" + trust.session.text + "/way";
  EXPECT_EQ(ask(http::Method::put, way, R"({"way":"phone"})").status, 200);
  EXPECT_EQ(ask(http::Method::put, way, R"({"way":"boat"})").status, 422);
  EXPECT_THAT(std::string(ask(http::Method::get, "/api/mine").text()), HasSubstr(R"("way":"phone")"));
  run("UPDATE therapy_group SET phone = 0");
  EXPECT_EQ(ask(http::Method::put, way, R"({"way":"phone"})").status, 422);
  EXPECT_EQ(ask(http::Method::put, "/api/mine/sessions/0198c0de-0000-7000-8000-0000000000ff/way", R"({"way":"video"})").status, 404);
  const auto calendar = ask(http::Method::get, "/api/mine/sessions/" + trust.session.text + "/calendar");
  EXPECT_THAT(std::string(calendar.text()), HasSubstr("BEGIN:VEVENT"));
  const auto opened = ask(http::Method::get, "/api/mine/opened");
  ASSERT_EQ(opened.status, 200);
  EXPECT_THAT(std::string(opened.text()), HasSubstr(R"("items":[)"));
}

TEST_P(Outbox, the_seat_opens_half_an_hour_before_and_not_earlier) {
  actor = trust.member();
  const std::string seat = "/api/mine/sessions/" + trust.session.text + "/seat";
  now.wall = *care::parse_iso("2026-11-23T13:29:59Z");
  EXPECT_EQ(ask(http::Method::post, seat, "{}").status, 409);
  now.wall = *care::parse_iso("2026-11-23T13:30:00Z");
  EXPECT_EQ(ask(http::Method::post, seat, "{}").status, 200);
  run("UPDATE membership SET state = 'waiting'");
  EXPECT_EQ(ask(http::Method::post, seat, "{}").status, 409) << "not prepared yet";
}

QUIETROOM_ON_BOTH_DATABASES(Outbox);

}  // namespace
}  // namespace interop
