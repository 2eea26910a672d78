// SPDX-License-Identifier: Apache-2.0
// A personal link: the questions and their answers, the pause after wrong ones, who may make and withdraw it, and that what it
// shows before the answers are right says nothing of whose it is. Both databases.
#include "care/link.h"

#include <gmock/gmock.h>

#include "care/link_for_tests.h"
#include "care/link_routes.h"
#include "care/link_table.h"

namespace care {
namespace {

using Text = base::Redacted<std::string>;
using testing::HasSubstr;
using testing::Not;

KnownThings everything() {
  return {.birth_date = Text("1980-02-29"), .postcode = Text("M1 1AE"), .mobile = Text("+447700900123"), .nhs_number = Text("9990000026")};
}

TEST(Link, asks_two_things_that_are_on_record) {
  EXPECT_EQ(asked_of(everything()), (std::vector{Asked::birth_date, Asked::postcode}));
  auto k = everything();
  k.birth_date = {};
  EXPECT_EQ(asked_of(k), (std::vector{Asked::postcode, Asked::mobile_end}));
  k.postcode = {};
  EXPECT_EQ(asked_of(k), (std::vector{Asked::mobile_end, Asked::nhs_end}));
  k.mobile = {};
  EXPECT_EQ(asked_of(k).size(), 1U);
}

TEST(Link, takes_an_answer_however_it_is_typed) {
  for (const char* typed : {"29/2/1980", "29 02 1980", "1980-02-29", "29021980", "29.02.1980"}) EXPECT_EQ(answer_key(Asked::birth_date, typed), "19800229") << typed;
  for (const char* typed : {"", "February", "2/1980", "29/2/80", "1/2/3/4"}) EXPECT_EQ(answer_key(Asked::birth_date, typed), "") << typed;
  EXPECT_EQ(answer_key(Asked::postcode, " m1 1ae"), "M11AE");
  EXPECT_EQ(answer_key(Asked::mobile_end, "07700 900 123"), "0123");
  EXPECT_EQ(answer_key(Asked::nhs_end, "999 000 0026"), "0026");
  EXPECT_EQ(answer_key(Asked::nhs_end, "26"), "");
}

TEST(Link, opens_with_both_answers_and_with_no_fewer) {
  const auto k = everything();
  const GivenAnswer born{Asked::birth_date, Text("29/2/1980")}, lives{Asked::postcode, Text("m11ae")};
  EXPECT_TRUE(all_right(k, {born, lives}));
  EXPECT_TRUE(all_right(k, {lives, born}));
  EXPECT_FALSE(all_right(k, {born}));
  EXPECT_FALSE(all_right(k, {born, born}));
  EXPECT_FALSE(all_right(k, {born, {Asked::postcode, Text("m11af")}}));
  EXPECT_FALSE(all_right(k, {born, {Asked::mobile_end, Text("0123")}})) << "only what was asked counts";
  EXPECT_FALSE(all_right({}, {{Asked::birth_date, Text("")}, {Asked::postcode, Text("")}})) << "nothing on record is no answer";
}

TEST(Link, stays_shut_twice_as_long_after_each_further_wrong_answer) {
  EXPECT_EQ(shut_for(4).us, 0);
  EXPECT_EQ(shut_for(5), base::Duration::seconds(15 * 60));
  EXPECT_EQ(shut_for(6), base::Duration::seconds(30 * 60));
  EXPECT_EQ(shut_for(7), base::Duration::seconds(60 * 60));
  EXPECT_EQ(shut_for(1'000'000), base::Duration::seconds(24 * 3600));
}

class LinkRoutes : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, {now.wall.us + 3600'000'000}, "2026-11-23", "14:00");
    door = std::make_unique<LinkDoor>(pool(), keys, entropy, [this](store::Transaction&, const MembershipId& m, const SupporterId& s) {
      EXPECT_TRUE(s.empty());
      taken_back.push_back(m);
    });
    desk = std::make_unique<Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor; });
    add_link_routes(site, *desk, *door);
  }
  http::Response ask(http::Method method, std::string_view at, std::string body = "") {
    return site.handle(request_for(method, at, std::move(body)), now);
  }
  http::Response make() { return ask(http::Method::post, path, "{}"); }
  std::string made_link() { return field_of(make(), "link"); }
  static std::string field_of(const http::Response& r, std::string_view name) {
    const auto v = base::json::parse(r.text(), {});
    if (!v || !v->is_object()) return {};
    const auto* f = v->as_object().if_contains(name);
    return f == nullptr || !f->is_string() ? std::string{} : std::string(std::string_view(f->as_string()));
  }
  http::Response confirm(const std::string& link, const std::string& born, const std::string& postcode = "M1 1AE") {
    return ask(http::Method::post, "/api/links/confirm", R"({"link":")" + link + R"(","answers":[{"asked":"birth_date","text":")" + born +
               R"("},{"asked":"postcode","text":")" + postcode + R"("}]})");
  }
  http::Response look(const std::string& link) { return ask(http::Method::post, "/api/links/look", R"({"link":")" + link + R"("})"); }
  std::optional<Actor> visitor(const std::string& visit) {
    return visitor_of(*pool().read(), hash_secret(visit), now.wall);
  }

  SmallTrust trust;
  Actor actor = trust.facilitator();
  base::Now now{.instant = {}, .wall = {1'700'000'000'000'000}};
  http::Site site{{}, nullptr};
  std::unique_ptr<LinkDoor> door;
  std::vector<MembershipId> taken_back;
  std::unique_ptr<Desk> desk;
  const std::string path = "/api/memberships/" + trust.membership.text + "/link";
};

TEST_P(LinkRoutes, a_link_says_nothing_of_whose_it_is_until_two_things_are_right) {
  const std::string link = made_link();
  ASSERT_EQ(link.size(), 43U);
  const auto question = look(link);
  EXPECT_EQ(question.status, 200);
  EXPECT_EQ(question.text(), R"({"asks":["birth_date","postcode"],"dutyNumber":"01632 960 001","shutSeconds":0})");
  const auto wrong = confirm(link, "1/3/1980");
  EXPECT_EQ(wrong.status, 403);
  for (const char* secret : {"Robin", "panic", "Panic", "M1", "1980", "example.org"}) EXPECT_THAT(std::string(wrong.text()), Not(HasSubstr(secret)));
  EXPECT_THAT(std::string(wrong.text()), HasSubstr("01632 960 001"));
  const auto right = confirm(link, "29/2/1980");
  ASSERT_EQ(right.status, 200);
  const auto who = visitor(field_of(right, "visit"));
  ASSERT_TRUE(who);
  EXPECT_EQ(who->kind, Actor::Kind::member);
  EXPECT_EQ(who->person, trust.person);
  EXPECT_EQ(who->membership, trust.membership);
}

TEST_P(LinkRoutes, looking_changes_nothing) {
  const std::string link = made_link();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(look(link).status, 200);
  EXPECT_EQ(confirm(link, "29/2/1980").status, 200);
}

TEST_P(LinkRoutes, five_wrong_answers_shut_it_for_a_quarter_of_an_hour_even_to_the_right_ones) {
  const std::string link = made_link();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(confirm(link, "1/1/1970").status, 403);
  EXPECT_EQ(confirm(link, "1/1/1970").status, 429);
  const auto shut = confirm(link, "29/2/1980");
  EXPECT_EQ(shut.status, 429);
  EXPECT_EQ(shut.header("Retry-After"), "900");
  now.wall.us += 899'000'000;
  EXPECT_EQ(confirm(link, "29/2/1980").status, 429);
  now.wall.us += 1'000'000;
  EXPECT_EQ(confirm(link, "1/1/1970").status, 429) << "the next wrong one shuts it for longer";
  now.wall.us += 1'799'000'000;
  EXPECT_EQ(confirm(link, "29/2/1980").status, 429);
  now.wall.us += 1'000'000;
  EXPECT_EQ(confirm(link, "29/2/1980").status, 200);
  EXPECT_EQ(confirm(link, "1/1/1970").status, 403) << "a right answer begins the count anew";
}

TEST_P(LinkRoutes, a_new_link_withdraws_the_old_and_its_visits) {
  const std::string first = made_link();
  const std::string visit = field_of(confirm(first, "29/2/1980"), "visit");
  ASSERT_TRUE(visitor(visit));
  const std::string second = made_link();
  EXPECT_NE(first, second);
  EXPECT_EQ(look(first).status, 404);
  EXPECT_FALSE(visitor(visit));
  EXPECT_EQ(look(second).status, 200);
  EXPECT_TRUE(taken_back.empty());
  EXPECT_EQ(ask(http::Method::del, path).status, 204);
  EXPECT_EQ(look(second).status, 404);
  EXPECT_EQ(taken_back, std::vector{trust.membership}) << "what waits to carry it is told";
}

TEST_P(LinkRoutes, the_link_of_somebody_who_stopped_opens_nothing_at_once) {
  const std::string link = made_link();
  const std::string visit = field_of(confirm(link, "29/2/1980"), "visit");
  auto t = pool().write();
  t->run("UPDATE membership SET state = 'stopped', reason = 'own-wish' WHERE id = $1", trust.membership);
  ASSERT_TRUE(t->commit());
  EXPECT_EQ(look(link).status, 404);
  EXPECT_EQ(confirm(link, "29/2/1980").status, 404);
  EXPECT_FALSE(visitor(visit));
  EXPECT_EQ(make().status, 409);
}

TEST_P(LinkRoutes, a_visit_is_over_after_twelve_hours) {
  const std::string visit = field_of(confirm(made_link(), "29/2/1980"), "visit");
  now.wall.us += kVisitLasts.us - 1;
  EXPECT_TRUE(visitor(visit));
  now.wall.us += 1;
  EXPECT_FALSE(visitor(visit));
}

TEST_P(LinkRoutes, is_made_by_facilitators_and_leads_of_the_group_and_by_nobody_else) {
  EXPECT_EQ(make().status, 201);
  actor = trust.lead(trust.team);
  EXPECT_EQ(make().status, 201);
  actor = trust.lead(trust.other_team);
  EXPECT_EQ(make().status, 404);
  actor = trust.facilitator();
  actor.facilitates.clear();
  EXPECT_EQ(make().status, 404);
  for (const Role r : {Role::it_support, Role::trainer, Role::safety_officer, Role::evaluator, Role::administrator}) {
    actor.standings = {{r, {}}};
    EXPECT_THAT(make().status, testing::AnyOf(403, 404)) << to_text(r);
  }
  actor = trust.member();
  EXPECT_EQ(make().status, 403);
}

TEST_P(LinkRoutes, needs_two_things_on_record) {
  auto t = pool().write();
  t->run("UPDATE person SET birth_date_sealed = NULL, contacts_sealed = NULL WHERE id = $1", trust.person);
  ASSERT_TRUE(t->commit());
  const auto r = make();
  EXPECT_EQ(r.status, 422);
  EXPECT_THAT(std::string(r.text()), HasSubstr("two-things-needed"));
}

TEST_P(LinkRoutes, hostile_bodies_are_refused_and_change_nothing) {
  for (const char* body : {"", "{", "[]", R"({"link":1})", R"({"link":"x","more":1})", R"({"link":""})"})
    EXPECT_THAT(ask(http::Method::post, "/api/links/look", body).status, testing::AnyOf(400, 415)) << body;
  EXPECT_EQ(look("nobody-ever-made-this").status, 404);
  EXPECT_EQ(confirm("nobody-ever-made-this", "29/2/1980").status, 404);
}

TEST_P(LinkRoutes, only_hashes_are_stored) {
  const std::string link = made_link();
  const auto t = pool().read();
  auto rows = t->query("SELECT hash FROM personal_link");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.bytes(0).size(), 32U);
  EXPECT_EQ(std::string(base::as_text(rows.bytes(0))).find(link), std::string::npos);
}

QUIETROOM_ON_BOTH_DATABASES(LinkRoutes);

}  // namespace
}  // namespace care
