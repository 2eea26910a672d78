// SPDX-License-Identifier: Apache-2.0
// A change of contact: what may be wished, the code by the old safe way, staff in its place, and that nothing changes before.
#include "interop/contact_change.h"

#include <gmock/gmock.h>

#include "interop/outbox_for_tests.h"

namespace interop {
namespace {

using testing::HasSubstr;
using testing::Not;

WantedContact wanted(Channel method, std::string to) { return {.method = {method}, .to = Text(std::move(to)), .address = {}, .postcode = {}}; }

TEST(ContactWish, is_kept_in_one_form_or_refused_at_its_field) {
  EXPECT_EQ(settle(wanted(Channel::sms, " 07700 900 456 "))->to.get(), "+447700900456");
  EXPECT_EQ(settle(wanted(Channel::email, "New@Example.ORG"))->to.get(), "New@example.org");
  const auto at = [](WantedContact w) {
    const auto r = settle(std::move(w));
    return r ? std::string("kept") : r.error().front().pointer + " " + r.error().front().code;
  };
  EXPECT_EQ(at(wanted(Channel::sms, "01632 960001")), "/to mobile") << "no texts there";
  EXPECT_EQ(at(wanted(Channel::telephone, "01632 960001")), "kept");
  EXPECT_EQ(at(wanted(Channel::telephone, "123")), "/to telephone");
  EXPECT_EQ(at(wanted(Channel::email, "nobody")), "/to email");
  EXPECT_EQ(at({.method = {Channel::letter}, .to = {}, .address = {Text(" ")}, .postcode = Text("M1 1AE")}), "/address missing");
  EXPECT_EQ(at({.method = {Channel::letter}, .to = {}, .address = {Text("1 New Row")}, .postcode = Text("M1")}), "/postcode postcode");
  EXPECT_EQ(at({.method = {Channel::letter}, .to = {}, .address = std::vector<Text>(7, Text("x")), .postcode = Text("M1 1AE")}), "/address too-long");
  const auto letter = settle({.method = {Channel::letter}, .to = Text("left over"), .address = {Text("1 New Row"), Text("")}, .postcode = Text("m11ae")});
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->address.size(), 1U);
  EXPECT_EQ(letter->postcode.get(), "M1 1AE");
}

TEST(ContactWish, changes_the_way_and_what_it_needs_alone) {
  care::Identity before;
  before.contacts.email = Text("robin@example.org");
  before.contacts.mobile = Text("+447700900123");
  before.contacts.postcode = Text("M1 1AE");
  before.safe_contact.note = Text("never leave a voicemail");
  const auto after = applied(before, wanted(Channel::telephone, "+441632960001"), {});
  EXPECT_EQ(after.safe_contact.method.value, care::SafeMethod::telephone);
  EXPECT_EQ(after.contacts.telephone.get(), "+441632960001");
  EXPECT_EQ(after.contacts.mobile.get(), "+447700900123");
  EXPECT_EQ(after.contacts.email.get(), "robin@example.org");
  EXPECT_EQ(after.safe_contact.note.get(), "never leave a voicemail");
  EXPECT_FALSE(says_already(before, wanted(Channel::telephone, "+441632960001")));
  EXPECT_TRUE(says_already(after, wanted(Channel::telephone, "+441632960001")));
}

TEST(ContactWish, may_be_about_the_hours_alone) {
  care::Identity before;
  before.contacts.email = Text("robin@example.org");
  before.safe_contact.method.value = care::SafeMethod::email;
  WantedContact w;
  EXPECT_EQ(settle(w).error().front().pointer, "/method") << "nothing is wished";
  w.hours = std::vector<care::SafeHours>{{.days = {1, 3}, .from = "18:00", .to = "20:00"}};
  const auto settled = settle(w);
  ASSERT_TRUE(settled);
  EXPECT_FALSE(says_already(before, *settled));
  const auto after = applied(before, *settled, {});
  EXPECT_EQ(after.safe_contact.hours, *w.hours);
  EXPECT_EQ(after.safe_contact.method.value, care::SafeMethod::email);
  EXPECT_EQ(after.contacts.email.get(), "robin@example.org");
  EXPECT_TRUE(says_already(after, *settled));
  w.hours->clear();
  EXPECT_FALSE(says_already(after, w)) << "at any time is another wish than none";
}

TEST(Code, has_six_digits_and_is_typed_as_people_do) {
  EXPECT_EQ(code_from(42), "000042");
  EXPECT_EQ(code_from(~std::uint64_t{0}).size(), kCodeDigits);
  EXPECT_EQ(code_key(" 12-34 56"), "123456");
}

class ContactChangeTest : public Outbox {
 protected:
  static constexpr const char* kMine = "/api/mine/contact-change";
  void SetUp() override {
    Outbox::SetUp();
    actor = trust.member();
  }
  http::Response wish(const std::string& check, const std::string& method = "sms", const std::string& to = "07700 900456") {
    return ask(http::Method::post, kMine, base::json::print(boost::json::object{
        {"wanted", {{"method", method}, {"to", to}, {"address", boost::json::array{}}, {"postcode", ""}}}, {"check", check}}));
  }
  http::Response type(const std::string& code) { return ask(http::Method::post, std::string(kMine) + "/confirm", base::json::print(boost::json::object{{"code", code}})); }
  // The code that went out, from the message itself.
  std::string code_sent() {
    for (const Leased& m : take()) {
      const std::string text = m.payload.with_secrets(m.payload.text, out.address);
      const std::size_t at = text.find("type this code on your page:\n\n");
      if (at == std::string::npos) continue;
      EXPECT_TRUE(report(m, Sent::How::sent));
      return text.substr(at + 30, kCodeDigits);
    }
    return "none";
  }
  std::string of_person(const std::string& more = "") const { return "/api/people/" + trust.person.text + "/contact-change" + more; }
  std::string method() { return std::string(base::json::name_of(*identity().safe_contact.method.value)); }
  std::string change_state() { return value("SELECT state FROM contact_change ORDER BY asked_us DESC, id DESC"); }
};

TEST_P(ContactChangeTest, nothing_changes_until_the_code_that_the_old_way_brought_is_typed) {
  const auto asked = wish("code");
  ASSERT_EQ(asked.status, 201) << asked.text();
  EXPECT_EQ(written, 1);
  EXPECT_EQ(method(), "email");
  EXPECT_EQ(identity().contacts.mobile.get(), "+447700900123");
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].channel, Channel::email);
  EXPECT_EQ(all[0].payload.to.get(), "robin@example.org") << "by the old way";
  const std::string text = all[0].payload.subject.get() + all[0].payload.with_secrets(all[0].payload.text, out.address);
  for (const char* secret : {"panic", "Panic", "Talking", "Ashley", "900456", "{code}"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  const std::size_t at = text.find("page:\n\n");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(type(text.substr(at + 7, kCodeDigits)).status, 200);
  EXPECT_EQ(method(), "sms");
  EXPECT_EQ(identity().contacts.mobile.get(), "+447700900456");
  EXPECT_EQ(identity().contacts.email.get(), "robin@example.org") << "the rest stays";
  EXPECT_EQ(change_state(), "confirmed");
  EXPECT_EQ(type(text.substr(at + 7, kCodeDigits)).status, 409) << "a code works once";
}

TEST_P(ContactChangeTest, safe_hours_change_in_the_same_way_and_what_waits_to_go_out_keeps_to_them) {
  const auto wish_hours = [&](boost::json::array hours, const std::string& check) {
    return ask(http::Method::post, kMine, base::json::print(boost::json::object{
        {"wanted", {{"method", nullptr}, {"to", ""}, {"address", boost::json::array{}}, {"postcode", ""}, {"hours", std::move(hours)}}}, {"check", check}}));
  };
  const auto stretch = [](boost::json::array days, const char* from, const char* to) {
    return boost::json::object{{"days", std::move(days)}, {"from", from}, {"to", to}};
  };
  EXPECT_THAT(std::string(wish_hours({stretch({}, "18:00", "20:00")}, "team").text()), HasSubstr("/wanted/hours/0/days"));
  EXPECT_THAT(std::string(wish_hours({stretch({1}, "20:00", "18:00")}, "team").text()), HasSubstr("/wanted/hours/0/to"));
  EXPECT_THAT(std::string(wish_hours({}, "team").text()), HasSubstr("/wanted/hours")) << "any time, as it is";
  const auto asked = wish_hours({stretch({3, 1, 3}, "18:00", "20:00")}, "team");
  ASSERT_EQ(asked.status, 201) << asked.text();
  EXPECT_TRUE(identity().safe_contact.hours.empty()) << "nothing changes before it is checked";
  actor = trust.lead(trust.team);
  ASSERT_EQ(ask(http::Method::post, of_person("/confirm"), "", {{"If-Match", "\"1\""}}).status, 204);
  const auto hours = identity().safe_contact.hours;
  ASSERT_EQ(hours.size(), 1U);
  EXPECT_EQ(hours[0].days, (std::vector{1, 3}));
  EXPECT_EQ(hours[0].from, "18:00");
  EXPECT_EQ(method(), "email");
}

TEST_P(ContactChangeTest, five_wrong_codes_and_the_right_one_opens_nothing_more) {
  ASSERT_EQ(wish("code").status, 201);
  const std::string code = code_sent();
  ASSERT_EQ(code.size(), kCodeDigits);
  const std::string wrong = code == "000000" ? "000001" : "000000";
  for (int left = 4; left >= 0; --left) {
    const auto r = type(wrong);
    EXPECT_EQ(r.status, 200);
    EXPECT_THAT(std::string(r.text()), HasSubstr(R"({"confirmed":false,"triesLeft":)" + std::to_string(left)));
  }
  EXPECT_THAT(std::string(type(code).text()), HasSubstr(R"("confirmed":false)"));
  EXPECT_EQ(method(), "email");
  EXPECT_EQ(change_state(), "waiting") << "the team can still confirm it";
}

TEST_P(ContactChangeTest, it_is_over_after_two_weeks) {
  ASSERT_EQ(wish("code").status, 201);
  const std::string code = code_sent();
  pass(14 * 24 * 3600);
  EXPECT_EQ(type(code).status, 409);
  EXPECT_EQ(method(), "email");
  auto t = pool().write();
  EXPECT_EQ(expire_changes(*t, now.wall), 1);
  EXPECT_EQ(expire_changes(*t, now.wall), 0);
  ASSERT_TRUE(t->commit());
  t = nullptr;
  EXPECT_EQ(change_state(), "expired");
}

TEST_P(ContactChangeTest, who_wants_the_team_to_check_gets_no_message_that_somebody_could_read) {
  ASSERT_EQ(wish("team").status, 201);
  EXPECT_TRUE(take().empty());
  EXPECT_THAT(std::string(type("000000").text()), HasSubstr(R"("confirmed":false)"));
  actor = trust.lead(trust.team);
  const auto shown = ask(http::Method::get, of_person());
  ASSERT_EQ(shown.status, 200);
  EXPECT_THAT(std::string(shown.text()), HasSubstr("+447700900456"));
  const std::string etag(shown.header("ETag"));
  EXPECT_EQ(ask(http::Method::post, of_person("/confirm")).status, 428) << "what was seen is what is confirmed";
  EXPECT_EQ(ask(http::Method::post, of_person("/confirm"), "", {{"If-Match", "\"9\""}}).status, 412);
  EXPECT_EQ(method(), "email");
  EXPECT_EQ(ask(http::Method::post, of_person("/confirm"), "", {{"If-Match", etag}}).status, 204);
  EXPECT_EQ(method(), "sms");
  EXPECT_EQ(value("SELECT settled_by FROM contact_change"), trust.staff.text);
  EXPECT_THAT(std::string(ask(http::Method::get, of_person()).text()), HasSubstr(R"("change":null)"));
}

TEST_P(ContactChangeTest, staff_refuse_it_and_the_code_is_dead_with_its_message) {
  ASSERT_EQ(wish("code").status, 201);
  actor = trust.lead(trust.team);
  EXPECT_EQ(ask(http::Method::post, of_person("/refuse"), "", {{"If-Match", "\"1\""}}).status, 204);
  EXPECT_TRUE(take().empty()) << "it had not gone out";
  EXPECT_EQ(state(), "withdrawn not-wanted");
  actor = trust.member();
  EXPECT_EQ(type("000000").status, 409);
  EXPECT_EQ(change_state(), "refused");
}

TEST_P(ContactChangeTest, who_may_confirm_is_who_may_write_the_record) {
  ASSERT_EQ(wish("team").status, 201);
  const auto confirm = [&] { return ask(http::Method::post, of_person("/confirm"), "", {{"If-Match", "\"1\""}}).status; };
  const auto listed = [&] { return std::string(ask(http::Method::get, "/api/contact-changes").text()); };
  actor = trust.facilitator();
  EXPECT_EQ(confirm(), 403);
  EXPECT_THAT(listed(), HasSubstr("Robin Sample")) << "they see that it waits";
  actor = trust.lead(trust.other_team);
  EXPECT_EQ(confirm(), 404);
  EXPECT_THAT(listed(), Not(HasSubstr("Robin")));
  for (const care::Role r : {care::Role::it_support, care::Role::trainer, care::Role::evaluator, care::Role::administrator, care::Role::safety_officer}) {
    actor.standings = {{r, {}}};
    EXPECT_THAT(confirm(), testing::AnyOf(403, 404)) << care::to_text(r);
    EXPECT_THAT(listed(), Not(HasSubstr("Robin"))) << care::to_text(r);
  }
  actor = trust.member();
  EXPECT_EQ(confirm(), 403);
  add_supporter("carer");
  actor = supporter();
  EXPECT_EQ(wish("team").status, 403) << "not for the person whom they support";
  EXPECT_EQ(ask(http::Method::get, kMine).status, 403);
  EXPECT_EQ(type("000000").status, 403);
  EXPECT_EQ(method(), "email");
}

TEST_P(ContactChangeTest, three_wishes_a_day_and_the_latest_counts) {
  ASSERT_EQ(wish("code", "sms", "07700 900456").status, 201);
  ASSERT_EQ(wish("code", "sms", "07700 900457").status, 201);
  ASSERT_EQ(wish("team", "telephone", "01632 960001").status, 201);
  const auto fourth = wish("team", "sms", "07700 900458");
  EXPECT_EQ(fourth.status, 429);
  EXPECT_THAT(std::string(fourth.text()), HasSubstr("call your team"));
  EXPECT_EQ(value("SELECT COUNT(*) || '' FROM contact_change WHERE state = 'waiting'"), "1");
  EXPECT_TRUE(take().empty()) << "the codes of the earlier ones do not go out any more";
  pass(24 * 3600 + 1);
  EXPECT_EQ(wish("team", "sms", "07700 900458").status, 201);
}

TEST_P(ContactChangeTest, what_cannot_be_kept_is_said_at_its_field_and_what_is_so_already_too) {
  const auto bad = wish("team", "sms", "nothing");
  EXPECT_EQ(bad.status, 422);
  EXPECT_THAT(std::string(bad.text()), HasSubstr(R"("pointer":"/wanted/to")"));
  EXPECT_THAT(std::string(wish("team", "email", "robin@example.org").text()), HasSubstr("already"));
  seal_safe(R"({"method":"none","hours":[],"note":""})");
  const auto none = wish("code");
  EXPECT_EQ(none.status, 422);
  EXPECT_THAT(std::string(none.text()), HasSubstr(R"("pointer":"/check")"));
  EXPECT_THAT(std::string(ask(http::Method::get, kMine).text()), HasSubstr(R"("codeBy":null)"));
  EXPECT_EQ(wish("team").status, 201);
}

TEST_P(ContactChangeTest, the_code_waits_for_the_safe_hours_and_a_call_is_on_the_list_of_calls) {
  seal_safe(R"({"method":"email","hours":[{"days":[1],"from":"12:00","to":"13:00"}],"note":""})");
  ASSERT_EQ(wish("code").status, 201);
  EXPECT_TRUE(take().empty()) << "it is ten";
  pass(2 * 3600);
  EXPECT_EQ(take().size(), 1U);
  seal_safe(R"({"method":"telephone","hours":[],"note":"never leave a voicemail"})");
  ASSERT_EQ(wish("code").status, 201);
  actor = trust.facilitator();
  const auto list = std::string(ask(http::Method::get, "/api/messages/to-do").text());
  EXPECT_THAT(list, HasSubstr(R"("kind":"contact_check")"));
  const auto one = ask(http::Method::get, "/api/messages/" + value("SELECT id FROM message WHERE channel = 'telephone'"));
  EXPECT_THAT(std::string(one.text()), HasSubstr("never leave a voicemail"));
  EXPECT_THAT(std::string(one.text()), HasSubstr("type this code")) << "staff say it on the phone";
}

TEST_P(ContactChangeTest, it_can_be_taken_back) {
  ASSERT_EQ(wish("code").status, 201);
  EXPECT_EQ(ask(http::Method::del, kMine).status, 204);
  EXPECT_EQ(ask(http::Method::del, kMine).status, 204) << "twice is once";
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(change_state(), "withdrawn");
}

TEST_P(ContactChangeTest, what_waits_to_go_out_goes_the_new_way) {
  actor = trust.facilitator();
  seal_safe(R"({"method":"email","hours":[{"days":[1],"from":"12:00","to":"13:00"}],"note":""})");
  ASSERT_EQ(invite().status, 201);
  actor = trust.member();
  ASSERT_EQ(wish("team").status, 201);
  actor = trust.lead(trust.team);
  ASSERT_EQ(ask(http::Method::post, of_person("/confirm"), "", {{"If-Match", "\"1\""}}).status, 204);
  pass(2 * 3600);
  const auto all = take();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].channel, Channel::sms);
  EXPECT_EQ(all[0].payload.to.get(), "+447700900456");
  EXPECT_THAT(all[0].payload.with_secrets(all[0].payload.sms, out.address), HasSubstr("/mine#"));
}

TEST_P(ContactChangeTest, the_wish_and_the_code_are_sealed_and_forgotten) {
  ASSERT_EQ(wish("code").status, 201);
  const std::string code = code_sent();
  ASSERT_EQ(code.size(), kCodeDigits);
  actor = trust.facilitator();
  const auto shown = ask(http::Method::get, "/api/messages/" + value("SELECT id FROM message"));
  EXPECT_THAT(std::string(shown.text()), Not(HasSubstr(code))) << "staff do not read what was sent";
  auto t = pool().read();
  auto rows = t->query("SELECT wanted_sealed, code_sealed FROM contact_change");
  ASSERT_TRUE(rows.next());
  EXPECT_THAT(std::string(base::as_text(rows.bytes(0))), Not(HasSubstr("900456")));
  EXPECT_THAT(std::string(base::as_text(rows.bytes(1))), Not(HasSubstr(code)));
}

QUIETROOM_ON_BOTH_DATABASES(ContactChangeTest);

}  // namespace
}  // namespace interop
