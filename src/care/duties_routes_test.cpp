// SPDX-License-Identifier: Apache-2.0
// Keeping records by the routes: periods, whose records go, holds and a death, as the roles may, on both databases.
#include "care/duties_routes.h"

#include "care/group_for_tests.h"
#include "care/legal_hold_table.h"
#include "care/retention_routes.h"
#include "care/retention_table.h"

namespace {

using namespace care;

class Duties : public TrustForTests {
 protected:
  void SetUp() override {
    TrustForTests::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    desk = std::make_unique<Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor(); });
    add_duties_routes(site(), *desk);
    add_retention_routes(site(), *desk);
  }
  void TearDown() override {
    desk = nullptr;
    TrustForTests::TearDown();
  }
  Answer as(int one, http::Method method, const std::string& target, const boost::json::value& body = nullptr, std::vector<http::Header> headers = {}) {
    who = one;
    return ask(method, target, body, std::move(headers));
  }
  static std::string person_at(int n, const std::string& rest) { return "/api/people/" + person(n).text + rest; }
  boost::json::object because(const char* reason = "claim") { return {{"reason", reason}, {"note", "A letter of 2 November"}}; }
  std::string last_audit() {
    auto t = pool().read();
    auto rows = t->query("SELECT action, data, subject_kind, subject, reason, actor FROM audit ORDER BY number DESC LIMIT 1");
    if (!rows.next()) return "";
    std::string out;
    for (int i = 0; i < 6; ++i) out += (i == 0 ? "" : " ") + rows.text(i);
    return out;
  }
  std::unique_ptr<Desk> desk;
};
QUIETROOM_ON_BOTH_DATABASES(Duties);

TEST_P(Duties, an_administrator_sets_a_period_that_is_safe_and_the_trail_says_from_what_to_what) {
  const auto before = as(10, http::Method::get, "/api/retention");
  ASSERT_EQ(before.status, 200);
  EXPECT_EQ(before.at("noticeDays").to_number<int>(), 30);
  EXPECT_TRUE(before.at("lastRun").is_null());
  EXPECT_EQ(before.size("rules"), kKept);
  const std::string rule = "/api/retention/rules/messages";
  EXPECT_EQ(as(10, http::Method::put, rule, {{"amount", 5}, {"unit", "years"}}).status, 428);
  const auto made = as(10, http::Method::put, rule, {{"amount", 5}, {"unit", "years"}}, {{"If-Match", "\"0\""}});
  ASSERT_EQ(made.status, 200) << boost::json::serialize(made.body);
  EXPECT_EQ(made.version(), 1);
  EXPECT_EQ(made.text("changedBy"), "Staff 10");
  EXPECT_EQ(last_audit(), "change settings retention-rule messages from-2-years-to-5-years " + staff(10).text);
  EXPECT_EQ(as(10, http::Method::put, rule, {{"amount", 6}, {"unit", "years"}}, {{"If-Match", "\"0\""}}).status, 412);
  EXPECT_EQ(as(10, http::Method::put, rule, {{"amount", 9}, {"unit", "with_record"}}, {{"If-Match", "\"1\""}}).version(), 2);
  EXPECT_EQ(load_periods(*pool().read())[Kept::messages], (Period{0, KeptUnit::with_record}));
  const auto wrong = as(10, http::Method::put, "/api/retention/rules/people", {{"amount", 1}, {"unit", "days"}}, {{"If-Match", "\"0\""}});
  EXPECT_EQ(wrong.faults(), std::vector<std::string>{"/amount too-short"});
  EXPECT_EQ(as(10, http::Method::put, "/api/retention/rules/people", {{"amount", "a"}, {"unit", "weeks"}}, {{"If-Match", "\"0\""}}).status, 422);
  for (const char* none : {"places", "technical", "everything"})
    EXPECT_EQ(as(10, http::Method::put, std::string("/api/retention/rules/") + none, {{"amount", 1}, {"unit", "years"}}, {{"If-Match", "\"0\""}}).status, 404);
  for (const int other : {1, 4, 6, 7, 8, 9}) EXPECT_EQ(as(other, http::Method::put, rule, {{"amount", 1}, {"unit", "years"}}, {{"If-Match", "\"2\""}}).status, 403);
}

TEST_P(Duties, a_lead_sees_whose_records_of_their_team_go_and_an_administrator_how_many) {
  const std::int64_t years = 366LL * 24 * 3'600 * kSecond;
  ASSERT_TRUE(run_retention(pool(), keys, entropy, {now.us + 25 * years}, false));
  const auto shown = as(4, http::Method::get, "/api/retention/records?limit=4");
  EXPECT_EQ(shown.size(), 4U);
  EXPECT_EQ(as(4, http::Method::get, "/api/retention/records?limit=4&after=" + shown.text("next")).size(), 2U);
  EXPECT_EQ(as(5, http::Method::get, "/api/retention/records").size(), 3U);
  EXPECT_EQ(shown.text("items", 0, "name"), "Person 1");
  for (const int other : {1, 6, 7, 8, 9, 10}) EXPECT_EQ(as(other, http::Method::get, "/api/retention/records").status, 403) << other;
  const auto counts = as(10, http::Method::get, "/api/retention");
  EXPECT_EQ(counts.at("days", 0, "kinds", 0, "items").to_number<int>(), 9);
  EXPECT_EQ(boost::json::serialize(counts.body).find("Person"), std::string::npos);
}

TEST_P(Duties, a_hold_is_set_and_lifted_by_the_lead_with_a_reason_and_both_are_on_record) {
  const auto before = as(4, http::Method::get, person_at(1, "/duties"));
  ASSERT_EQ(before.status, 200);
  EXPECT_EQ(before.size("holds"), 0U);
  EXPECT_FALSE(before.at("ends").is_null()) << "nobody's member: their time has begun";
  EXPECT_EQ(as(4, http::Method::post, person_at(1, "/hold"), {{"reason", "curious"}, {"note", " "}}).faults(),
            (std::vector<std::string>{"/reason reason", "/note missing"}));
  const auto held = as(4, http::Method::post, person_at(1, "/hold"), because());
  ASSERT_EQ(held.status, 200) << boost::json::serialize(held.body);
  EXPECT_EQ(held.text("holds", 0, "note"), "A letter of 2 November");
  EXPECT_EQ(held.text("holds", 0, "setBy"), "Staff 4");
  EXPECT_EQ(last_audit(), "hold identity person " + person(1).text + " claim " + staff(4).text);
  EXPECT_EQ(as(4, http::Method::post, person_at(1, "/hold"), because()).status, 409);
  EXPECT_EQ(as(10, http::Method::get, "/api/retention").at("holds").to_number<int>(), 1);
  {
    auto t = pool().read();
    EXPECT_TRUE(is_held(*t, {.person = person(1), .group = {}}));
    auto rows = t->query("SELECT note_sealed FROM legal_hold");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(base::as_text(rows.bytes(0)).find("letter"), std::string_view::npos);
  }
  EXPECT_EQ(as(4, http::Method::post, person_at(1, "/hold/lift"), {{"note", ""}}).faults(), std::vector<std::string>{"/note missing"});
  const auto lifted = as(4, http::Method::post, person_at(1, "/hold/lift"), {{"note", "The claim is over"}});
  EXPECT_EQ(lifted.text("holds", 0, "liftedBy"), "Staff 4");
  EXPECT_EQ(last_audit(), "lift-hold identity person " + person(1).text + "  " + staff(4).text);
  EXPECT_EQ(as(4, http::Method::post, person_at(1, "/hold/lift"), {{"note", "Again"}}).status, 409);
  EXPECT_EQ(as(4, http::Method::post, person_at(1, "/hold"), because("inquest")).size("holds"), 2U);
}

TEST_P(Duties, a_hold_on_a_group_keeps_its_people_and_says_so) {
  const GroupId group = make_group();
  make_member(group, 2);
  const auto held = as(4, http::Method::post, "/api/groups/" + group.text + "/hold", because("inquiry"));
  ASSERT_EQ(held.status, 200) << boost::json::serialize(held.body);
  EXPECT_TRUE(held.at("ends").is_null()) << "a member's record is there";
  EXPECT_EQ(as(4, http::Method::get, "/api/groups/" + group.text + "/duties").text("holds", 0, "reason"), "inquiry");
  const auto person_of_it = as(4, http::Method::get, person_at(2, "/duties"));
  EXPECT_EQ(person_of_it.text("heldByGroups", 0, "name"), "Living with worry");
  EXPECT_TRUE(person_of_it.at("ends").is_null()) << "in use";
  EXPECT_TRUE(is_held(*pool().read(), {.person = person(2), .group = {}}));
  EXPECT_EQ(as(4, http::Method::post, "/api/groups/" + group.text + "/hold/lift", {{"note", "Over"}}).status, 200);
  EXPECT_FALSE(is_held(*pool().read(), {.person = person(2), .group = {}}));
}

TEST_P(Duties, a_death_shortens_the_time_and_can_be_taken_back) {
  const auto before = as(4, http::Method::get, person_at(1, "/duties"));
  const std::string match = "\"" + std::to_string(before.version()) + "\"";
  EXPECT_EQ(as(4, http::Method::put, person_at(1, "/death"), {{"date", "2099-01-01"}}, {{"If-Match", match}}).faults(), std::vector<std::string>{"/date date"});
  {
    auto t = pool().write();
    t->run("UPDATE person SET changed_us = $1", now);
    ASSERT_TRUE(t->commit());
  }
  const auto noted = as(4, http::Method::put, person_at(1, "/death"), {{"date", "2026-02-03"}}, {{"If-Match", match}});
  ASSERT_EQ(noted.status, 200) << boost::json::serialize(noted.body);
  EXPECT_EQ(noted.text("died"), "2026-02-03");
  EXPECT_EQ(noted.text("ends"), "2036-02-03");
  EXPECT_EQ(as(4, http::Method::put, person_at(1, "/death"), {{"date", nullptr}}, {{"If-Match", match}}).status, 412);
  const auto taken = as(4, http::Method::put, person_at(1, "/death"), {{"date", nullptr}}, {{"If-Match", noted.etag}});
  EXPECT_EQ(taken.text("ends"), "2046-09-21");
}

TEST_P(Duties, nobody_but_the_lead_of_the_team_keeps_a_record) {
  const GroupId group = make_group();
  make_member(group, 1);
  for (const int other : {1, 2, 3, 5, 6, 7, 8, 9, 10})
    for (const std::string& at : {person_at(1, ""), "/api/groups/" + group.text}) {
      const auto refused = [](int status) { return status == 403 || status == 404; };
      EXPECT_TRUE(refused(as(other, http::Method::get, at + "/duties", nullptr, {{"Quietroom-Reason", "safeguarding"}}).status)) << other << at;
      EXPECT_TRUE(refused(as(other, http::Method::post, at + "/hold", because()).status)) << other << at;
      EXPECT_TRUE(refused(as(other, http::Method::post, at + "/hold/lift", {{"note", "x"}}).status)) << other << at;
    }
  auto t = pool().read();
  EXPECT_EQ(holds_standing(*t), 0);
}

}  // namespace
