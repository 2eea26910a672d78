// SPDX-License-Identifier: Apache-2.0
// What staff do and see of messages, on both databases: letters and calls, the form that a person reads, how they take part, a
// team's own words and their versions, what became of what was sent, supporters.
#include <gmock/gmock.h>

#include "care/session_table.h"
#include "interop/message_words_table.h"
#include "interop/outbox_for_tests.h"

namespace interop {
namespace {

using testing::HasSubstr;
using testing::Not;

class MessageWork : public Outbox {
 protected:
  void seal_letter(const std::string& preferences = R"({"way":null,"software":"","language":"en","interpreter":"","format":null})") {
    seal_safe(R"({"method":"letter","hours":[],"note":"no logo on the envelope"})");
    seal_contacts(R"({"email":"","mobile":"","telephone":"","address":["1 Invented Row","Moorland"],"postcode":"M1 1AE","addressConfirmed":null})");
    run("UPDATE person SET nhs_number_sealed = NULL");
    seal_preferences(preferences);
  }
  static std::string preferences(const std::string& format, const std::string& language = "en") {
    return R"({"way":null,"software":"","language":")" + language + R"(","interpreter":"","format":")" + format + R"("})";
  }
  std::string to_do(bool done = false) { return std::string(ask(http::Method::get, std::string("/api/messages/to-do") + (done ? "?done=true" : "")).text()); }
  http::Response receipt(const std::string& status, const std::string& reference, const std::string& token = "a token that was agreed on") {
    return ask(http::Method::post, "/api/notify/delivery",
               base::json::print(boost::json::object{{"id", "740e5834-3a29-46b4-9a6f-16142fde533a"}, {"reference", reference}, {"to", "+447700900123"},
                                                     {"status", status}, {"notification_type", "sms"}}),
               {{"Authorization", "Bearer " + token}});
  }
};

TEST_P(MessageWork, a_letter_is_on_the_list_until_somebody_says_that_it_is_done) {
  seal_letter();
  const auto made = invite();
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_TRUE(take().empty()) << "no machine sends it";
  EXPECT_THAT(to_do(), HasSubstr(R"("channel":"letter")"));
  const std::string path(made.header("Location"));
  const std::string one(ask(http::Method::get, path).text());
  for (const char* there : {"1 Invented Row\\nMoorland\\nM1 1AE", "https://groups.example.org/mine#", "no logo on the envelope", "01632 960 001"})
    EXPECT_THAT(one, HasSubstr(there));
  EXPECT_EQ(ask(http::Method::post, path + "/done").status, 200);
  EXPECT_THAT(to_do(), Not(HasSubstr("Robin")));
  const std::string done = to_do(true);
  EXPECT_THAT(done, HasSubstr(R"("doneBy":"Fern Example")"));
  EXPECT_THAT(done, HasSubstr(R"("doneAt":"2026-11-16T10:00:00Z")"));
  EXPECT_EQ(ask(http::Method::post, path + "/done").status, 409) << "once";
  EXPECT_THAT(std::string(ask(http::Method::get, path).text()), Not(HasSubstr("mine#"))) << "the link has gone with the letter";
}

TEST_P(MessageWork, the_list_holds_what_is_the_actor_s_own_alone) {
  seal_letter();
  ASSERT_EQ(invite().status, 201);
  actor = trust.lead(trust.team);
  EXPECT_THAT(to_do(), HasSubstr("Robin"));
  actor = trust.lead(trust.other_team);
  EXPECT_THAT(to_do(), Not(HasSubstr("Robin")));
  for (const care::Role r : {care::Role::it_support, care::Role::safety_officer, care::Role::administrator, care::Role::evaluator}) {
    actor.standings = {{r, {}}};
    EXPECT_THAT(to_do(), Not(HasSubstr("Robin"))) << care::to_text(r);
  }
}

TEST_P(MessageWork, a_letter_follows_the_person_and_another_invitation_takes_its_place) {
  seal_letter();
  const std::string first(invite().header("Location"));
  seal_safe(R"({"method":"telephone","hours":[],"note":""})");
  EXPECT_THAT(std::string(ask(http::Method::get, first).text()), HasSubstr(R"("changed":true)")) << "not to be posted any more";
  seal_contacts(R"({"email":"robin@example.org","mobile":"+447700900123","telephone":"","address":[],"postcode":"M1 1AE","addressConfirmed":null})");
  ASSERT_EQ(invite().status, 201);
  EXPECT_EQ(state(first.substr(first.rfind('/') + 1)), "withdrawn replaced") << "its link opens nothing";
}

TEST_P(MessageWork, large_print_and_easy_read_are_taken_from_the_record) {
  seal_preferences(preferences("large_print"));
  ASSERT_EQ(invite().status, 201);
  EXPECT_EQ(take().at(0).payload.format, Format::large_print);
  pass(1);
  seal_preferences(preferences("easy_read"));
  ASSERT_EQ(invite().status, 201);
  const auto easy = take();
  ASSERT_EQ(easy.size(), 1U);
  EXPECT_THAT(easy[0].payload.text.get(), HasSubstr("Hello Robin Sample.\n\nYou have an appointment.\n\nIt is on Monday 23 November 2026."));
  EXPECT_THAT(easy[0].payload.with_secrets(easy[0].payload.text, out.address), HasSubstr("\n\nhttps://groups.example.org/mine#"));
}

TEST_P(MessageWork, braille_and_audio_go_out_as_text_and_stand_on_the_list_for_people) {
  for (const char* format : {"braille", "audio"}) {
    seal_preferences(preferences(format));
    const auto made = invite();
    ASSERT_EQ(made.status, 201);
    const auto all = take();
    ASSERT_EQ(all.size(), 1U);
    ASSERT_TRUE(report(all[0], Sent::How::sent));
    EXPECT_THAT(to_do(), HasSubstr(std::string(R"("format":")") + format));
    EXPECT_EQ(ask(http::Method::post, std::string(made.header("Location")) + "/done").status, 200);
    EXPECT_THAT(to_do(), Not(HasSubstr(std::string(R"("format":")") + format)));
    pass(1);
  }
}

TEST_P(MessageWork, who_takes_part_by_phone_reads_what_to_ring_unless_it_names_the_group) {
  run("UPDATE therapy_group SET phone_directions = 'Ring 01632 960 100, then type 1234.'");
  run("UPDATE attendance SET planned = 'phone'");
  ASSERT_EQ(invite().status, 201);
  EXPECT_THAT(take().at(0).payload.text.get(), HasSubstr("How to join: Ring 01632 960 100, then type 1234."));
  pass(1);
  run("UPDATE therapy_group SET phone_directions = 'Ring 01632 960 100 and ask for Coping with panic'");
  ASSERT_EQ(invite().status, 201);
  EXPECT_THAT(take().at(0).payload.text.get(), testing::AllOf(HasSubstr("Call us on"), Not(HasSubstr("960 100"))));
}

TEST_P(MessageWork, who_comes_in_person_reads_where_and_nobody_else_does) {
  run("UPDATE therapy_group SET directions = 'Ring the lower bell.'");
  ASSERT_EQ(invite().status, 201);
  const auto open = take();
  EXPECT_THAT(open.at(0).payload.text.get(), HasSubstr("You can take part in person, by video or by phone."));
  EXPECT_THAT(open.at(0).payload.calendar.get(), Not(HasSubstr("\nLOCATION")));
  pass(1);
  run("UPDATE attendance SET planned = 'in_person'");
  ASSERT_EQ(invite().status, 201);
  const auto comes = take();
  EXPECT_THAT(comes.at(0).payload.text.get(), HasSubstr("Come to: Room 4, Elm House."));
  EXPECT_THAT(comes.at(0).payload.text.get(), HasSubstr("Ring the lower bell."));
  EXPECT_THAT(comes.at(0).payload.calendar.get(), HasSubstr("LOCATION:Room 4\\, Elm House"));
  pass(1);
  run("UPDATE session SET venue = 'Panic room, Elm House'");
  ASSERT_EQ(invite().status, 201);
  const auto named = take();
  EXPECT_THAT(named.at(0).payload.text.get(), HasSubstr("You come in person. Call us on 01632 960 001"));
  for (const auto& text : {named.at(0).payload.text.get(), named.at(0).payload.calendar.get()}) EXPECT_THAT(text, Not(HasSubstr("anic"))) << "the place would name the group";
  const std::string shown(ask(http::Method::get, "/api/messages?group=" + trust.group.text).text());
  EXPECT_EQ(shown.find(R"("leftOut":true)"), shown.rfind(R"("leftOut":true)")) << "of this one alone";
  EXPECT_THAT(shown, HasSubstr(R"("leftOut":true)")) << "staff are told";
}

TEST_P(MessageWork, a_way_that_a_changed_plan_or_session_no_longer_has_is_told_to_nobody) {
  run("UPDATE attendance SET planned = 'video'");
  run("UPDATE session SET held_on = 'in_person'");
  ASSERT_EQ(invite().status, 201);
  EXPECT_THAT(take().at(0).payload.text.get(), testing::AllOf(HasSubstr("You can take part in person or by phone."), Not(HasSubstr("by video"))));
  pass(1);
  run("UPDATE session SET held_on = 'quietroom'");
  run("UPDATE therapy_group SET video = 0, phone = 0, one_way_reason = 'walks', one_way_alternative = 'another group'");
  ASSERT_EQ(invite().status, 201);
  EXPECT_THAT(take().at(0).payload.text.get(), testing::AllOf(HasSubstr("You come in person."), Not(HasSubstr("video")))) << "the only way that is left";
}

TEST_P(MessageWork, a_moved_session_says_how_and_its_entry_replaces_and_a_cancelled_one_takes_it_away) {
  ASSERT_EQ(invite().status, 201);
  const std::string first = take().at(0).payload.calendar.get();
  run("UPDATE attendance SET planned = 'video'");
  run("UPDATE session SET local_date = '2026-11-24', starts_us = starts_us + 86400000000, ends_us = ends_us + 86400000000, sequence = 1");
  ASSERT_EQ(tell(), 1);
  const auto moved = take();
  EXPECT_THAT(moved.at(0).payload.text.get(), HasSubstr("You take part by video. Use your link to join."));
  const auto line = [](const std::string& text, const std::string& name) {
    const std::size_t at = text.find("\n" + name);
    return text.substr(at + 1, text.find('\r', at + 1) - at - 1);
  };
  const std::string second = moved.at(0).payload.calendar.get();
  EXPECT_EQ(line(second, "METHOD"), "METHOD:REQUEST");
  EXPECT_EQ(line(second, "SEQUENCE"), "SEQUENCE:1");
  EXPECT_EQ(line(second, "UID"), line(first, "UID"));
  run("UPDATE session SET state = 'cancelled', cancelled_reason = 'venue', sequence = 2");
  ASSERT_EQ(tell(), 1);
  const std::string third = take().at(0).payload.calendar.get();
  EXPECT_EQ(line(third, "METHOD"), "METHOD:CANCEL");
  EXPECT_EQ(line(third, "SEQUENCE"), "SEQUENCE:2");
  EXPECT_EQ(line(third, "UID"), line(first, "UID"));
  EXPECT_THAT(third, Not(HasSubstr("DESCRIPTION")));
}

TEST_P(MessageWork, a_team_s_own_words_keep_their_versions_and_are_looked_at_before) {
  actor = trust.lead(trust.team);
  const std::string path = "/api/teams/" + trust.team.text + "/message-templates/reminder/en/easy_read";
  const auto body = [](const char* text, bool approved = true) {
    return base::json::print(boost::json::object{{"subject", "Soon"}, {"body", text}, {"sms", "Soon: {day}"}, {"approved", approved}});
  };
  const auto look = ask(http::Method::post, path + "/look", body("Hello {name}. It is on {day}."));
  ASSERT_EQ(look.status, 200) << look.text();
  EXPECT_THAT(std::string(look.text()), HasSubstr("Hello Sam Sample.\\n\\nIt is on Tuesday 9 March 2027."));
  EXPECT_EQ(ask(http::Method::post, path + "/look", body("About panic")).status, 422);
  EXPECT_EQ(value("SELECT COUNT(*) || '' FROM message_words"), "0") << "looking keeps nothing";
  ASSERT_EQ(ask(http::Method::put, path, body("One. {how}"), {{"If-Match", "\"0\""}}).status, 200);
  ASSERT_EQ(ask(http::Method::put, path, body("Two."), {{"If-Match", "\"1\""}}).status, 200);
  EXPECT_EQ(ask(http::Method::put, path, body("Three."), {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(ask(http::Method::put, path, body("Three.")).status, 428);
  const std::string versions(ask(http::Method::get, path + "/versions").text());
  EXPECT_LT(versions.find("Two."), versions.find("One. {how}"));
  EXPECT_THAT(versions, HasSubstr(R"("savedBy":"Fern Example")"));
  auto t = pool().read();
  EXPECT_EQ(words_for(*t, trust.team, Kind::reminder, "en", Form::easy_read).words.body, "Two.");
  EXPECT_EQ(words_for(*t, trust.team, Kind::reminder, "en", Form::standard).words, default_words(Kind::reminder, "en"));
  EXPECT_EQ(words_for(*t, trust.team, Kind::reminder, "cy", Form::easy_read).language, "en") << "no Welsh is approved";
  t = nullptr;
  actor = trust.lead(trust.other_team);
  EXPECT_THAT(ask(http::Method::get, path + "/versions").status, testing::AnyOf(403, 404));
  EXPECT_THAT(ask(http::Method::put, path, body("Four."), {{"If-Match", "\"2\""}}).status, testing::AnyOf(403, 404));
}

TEST_P(MessageWork, a_message_says_in_which_language_its_words_are) {
  seal_preferences(preferences("large_print", "cy"));
  ASSERT_EQ(invite().status, 201);
  EXPECT_EQ(take().at(0).language, "en") << "the Welsh is a draft still";
}

TEST_P(MessageWork, notify_says_what_became_of_a_text_to_whoever_has_the_token) {
  seal_safe(R"({"method":"sms","hours":[],"note":""})");
  const auto made = invite();
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  // Their call may come before we have written down that it was sent.
  EXPECT_EQ(receipt("permanent-failure", all[0].message_id, "a token that was agreed o").status, 401);
  EXPECT_EQ(receipt("permanent-failure", all[0].message_id, "").status, 401);
  EXPECT_EQ(value("SELECT delivery FROM message"), "");
  EXPECT_EQ(receipt("permanent-failure", all[0].message_id).status, 200);
  EXPECT_TRUE(report(all[0], Sent::How::sent)) << "and takes nothing from it";
  EXPECT_THAT(to_do(), HasSubstr(R"("delivery":"permanent-failure")"));
  EXPECT_EQ(ask(http::Method::post, std::string(made.header("Location")) + "/again").status, 409) << "its link has gone: they need a new one";
  ASSERT_EQ(receipt("delivered", all[0].message_id).status, 200);
  EXPECT_THAT(to_do(), Not(HasSubstr("Robin"))) << "the repeat of it arrived";
  ASSERT_EQ(receipt("temporary-failure", all[0].message_id).status, 200);
  EXPECT_EQ(value("SELECT delivery FROM message"), "delivered") << "and stays so";
  EXPECT_EQ(value("SELECT COUNT(*) || '' FROM audit WHERE action = 'message-not-delivered'"), "1");
}

TEST_P(MessageWork, what_notify_sends_of_others_and_what_is_no_receipt_changes_nothing) {
  for (const char* status : {"created", "sending", "sent", "anything"}) EXPECT_EQ(receipt(status, "x").status, 200) << status;
  EXPECT_EQ(receipt("delivered", "not-ours").status, 200);
  EXPECT_EQ(ask(http::Method::post, "/api/notify/delivery", R"({"reference":null,"status":"delivered"})", {{"Authorization", "Bearer a token that was agreed on"}}).status, 200);
  EXPECT_EQ(ask(http::Method::post, "/api/notify/delivery", "{", {{"Authorization", "Bearer a token that was agreed on"}}).status, 400);
  door->token = Text("");
  EXPECT_EQ(receipt("delivered", "x", "").status, 404) << "no token, no such address";
}

TEST_P(MessageWork, a_reminder_that_came_back_can_be_tried_again_or_seen_to) {
  ASSERT_EQ(invite().status, 201);
  ASSERT_TRUE(report(take().at(0), Sent::How::sent));
  now.wall = *care::parse_iso("2026-11-22T14:00:00Z");
  ASSERT_EQ(tell(), 1);
  const auto all = take();
  ASSERT_TRUE(report(all.at(0), Sent::How::sent));
  {
    auto t = pool().write();
    EXPECT_TRUE(note_delivery_of(*t, all[0].message_id, Delivery::permanent_failure, "dsn-5.1.1", now.wall));
    EXPECT_FALSE(note_delivery_of(*t, "nobody@example.org", Delivery::permanent_failure, "dsn-5.1.1", now.wall));
    ASSERT_TRUE(t->commit());
  }
  EXPECT_THAT(to_do(), HasSubstr("dsn-5.1.1"));
  auto t = pool().read();
  EXPECT_EQ(care::session_row(*t, trust.session)->missing.messages_failed, 1);
  t = nullptr;
  const std::string path = "/api/messages/" + all[0].id.text;
  EXPECT_EQ(ask(http::Method::post, path + "/again").status, 200);
  const auto again = take();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].message_id, all[0].message_id);
  ASSERT_TRUE(report(again[0], Sent::How::permanent, "smtp-550"));
  EXPECT_EQ(ask(http::Method::post, path + "/done").status, 200);
  EXPECT_THAT(to_do(), Not(HasSubstr("Robin")));
}

TEST_P(MessageWork, a_supporter_reads_when_and_not_whom_where_or_what) {
  for (const char* kind : {"interpreter", "carer"}) {
    run("DELETE FROM message_told");
    run("DELETE FROM message");
    run("DELETE FROM link_visit");
    run("DELETE FROM personal_link");
    run("DELETE FROM supporter");
    add_supporter(kind);
    run("UPDATE attendance SET planned = 'in_person'");
    actor = trust.facilitator();
    ASSERT_EQ(ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation", R"({"supporter":")" + trust.supporter.text + R"("})").status, 201);
    const auto all = take();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].payload.to.get(), "alex@example.org");
    const std::string text = all[0].payload.subject.get() + all[0].payload.with_secrets(all[0].payload.text, out.address) + all[0].payload.calendar.get();
    EXPECT_THAT(text, HasSubstr("Hello Alex Helper"));
    EXPECT_THAT(text, HasSubstr("Use your link to join by video."));
    for (const char* secret : {"Robin", "Linnet", "Ashley", "Heron", "panic", "Panic", "Elm House", "Talking"}) EXPECT_THAT(text, Not(HasSubstr(secret))) << kind;

    actor = supporter();
    const auto mine = ask(http::Method::get, "/api/mine");
    ASSERT_EQ(mine.status, 200);
    const std::string page(mine.text());
    EXPECT_THAT(page, HasSubstr(R"("supporter":true)"));
    EXPECT_THAT(page, HasSubstr("2026-11-23"));
    EXPECT_THAT(page, HasSubstr(R"("way":null)")) << "how the member takes part is theirs to tell";
    for (const char* secret : {"Robin", "Linnet", "Ashley", "robin@example.org", "900123", "anic", "Elm House"}) EXPECT_THAT(page, Not(HasSubstr(secret))) << kind;
    const std::string session = "/api/mine/sessions/" + trust.session.text;
    EXPECT_EQ(ask(http::Method::put, session + "/way", R"({"way":"phone"})").status, 403);
    EXPECT_EQ(value("SELECT planned FROM attendance WHERE membership = '" + trust.membership.text + "'"), "in_person");
    EXPECT_EQ(ask(http::Method::get, "/api/mine/opened").status, 403);
    const auto calendar = ask(http::Method::get, session + "/calendar");
    EXPECT_EQ(calendar.status, 200);
    EXPECT_THAT(std::string(calendar.text()), Not(HasSubstr("\nLOCATION")));
  }
}

TEST_P(MessageWork, a_supporter_is_told_of_changes_until_their_time_is_over) {
  add_supporter("interpreter");
  ASSERT_EQ(ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation", R"({"supporter":")" + trust.supporter.text + R"("})").status, 201);
  const auto invited = take();
  ASSERT_TRUE(report(invited.at(0), Sent::How::sent));
  run("UPDATE session SET local_time = '15:00', starts_us = starts_us + 3600000000, ends_us = ends_us + 3600000000, sequence = 1");
  ASSERT_EQ(tell(), 1) << "the member was not invited, the interpreter was";
  const auto moved = take();
  EXPECT_EQ(moved.at(0).payload.to.get(), "alex@example.org");
  ASSERT_TRUE(report(moved.at(0), Sent::How::sent));
  now.wall = *care::parse_iso("2026-11-23T14:45:00Z");
  actor = supporter();
  EXPECT_EQ(ask(http::Method::post, "/api/mine/sessions/" + trust.session.text + "/seat", "{}").status, 200) << "a seat of their own";
  EXPECT_EQ(value("SELECT role FROM seat_pass"), "supporter");
  run("UPDATE supporter SET until_us = " + std::to_string(now.wall.us));
  run("UPDATE session SET state = 'cancelled', cancelled_reason = 'venue', sequence = 2");
  EXPECT_EQ(tell(), 0);
  actor = trust.facilitator();
  EXPECT_EQ(ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation", R"({"supporter":")" + trust.supporter.text + R"("})").status, 409);
}

QUIETROOM_ON_BOTH_DATABASES(MessageWork);

}  // namespace
}  // namespace interop
