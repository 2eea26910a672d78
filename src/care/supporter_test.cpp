// SPDX-License-Identifier: Apache-2.0
// Who comes along with a member, on both databases: added with what their link asks, sealed, seated far from members, ended at once.
#include "care/supporter.h"

#include <gmock/gmock.h>

#include "care/link_for_tests.h"
#include "care/link_routes.h"
#include "care/supporter_routes.h"
#include "care/zone.h"

namespace care {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Supporter, is_kept_in_one_form_or_refused_at_each_field) {
  NewSupporter s{.kind = SupporterKind::carer, .name = Personal(" Alex Helper "), .alias = Personal("Alex"),
                 .contacts = {.email = Personal(""), .mobile = Personal("07700 900555"), .postcode = Personal("m22bb")}};
  const auto kept = settle(s, {Personal("Linnet")});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->name.get(), "Alex Helper");
  EXPECT_EQ(kept->contacts.mobile.get(), "+447700900555");
  EXPECT_EQ(kept->contacts.postcode.get(), "M2 2BB");
  const auto taken = settle(s, {Personal("ALEX")});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().front().pointer, "/alias");
  s = {.kind = SupporterKind::carer, .name = Personal(""), .alias = Personal(""), .contacts = {.email = Personal("x"), .mobile = Personal("1"), .postcode = Personal("")}};
  const auto bad = settle(s, {});
  ASSERT_FALSE(bad);
  std::vector<std::string> at;
  for (const auto& f : bad.error()) at.push_back(f.pointer);
  EXPECT_THAT(at, testing::ElementsAre("/name", "/alias", "/contacts/email", "/contacts/mobile", "/contacts/postcode"));
}

class Supporters : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, *parse_iso("2026-11-23T14:00:00Z"), "2026-11-23", "14:00");
    desk = std::make_unique<Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor; });
    add_supporter_routes(site, *desk);
    door = std::unique_ptr<LinkDoor>(new LinkDoor{pool(), keys, entropy});
    add_link_routes(site, *desk, *door);
  }
  http::Response ask(http::Method method, const std::string& path, std::string body = "", std::vector<http::Header> more = {}) {
    auto r = request_for(method, path, std::move(body));
    r.headers.insert(r.headers.end(), more.begin(), more.end());
    return site.handle(r, now);
  }
  http::Response add(const std::string& alias) {
    return ask(http::Method::post, all(), R"({"kind":"interpreter","name":"Alex Helper","alias":")" + alias +
                                              R"(","contacts":{"email":"alex@example.org","mobile":"07700 900555","postcode":"M2 2BB"}})");
  }
  std::string all() const { return "/api/memberships/" + trust.membership.text + "/supporters"; }
  std::string id_of(const http::Response& made) { return std::string(base::json::parse(made.text(), {})->at("id").as_string()); }

  SmallTrust trust;
  Actor actor = trust.facilitator();
  base::Now now{.instant = {}, .wall = *parse_iso("2026-11-16T10:00:00Z")};
  http::Site site{{}, nullptr};
  std::unique_ptr<LinkDoor> door;
  std::unique_ptr<Desk> desk;
};

TEST_P(Supporters, one_is_changed_in_place_with_their_own_alias_kept_and_nobody_elses_taken) {
  const auto made = add("Alex");
  ASSERT_EQ(made.status, 201) << made.text();
  const std::string path = "/api/supporters/" + id_of(made);
  const auto body = [](const std::string& alias) {
    return R"({"kind":"carer","name":"Alex Better-Helper","alias":")" + alias + R"(","contacts":{"email":"","mobile":"07700 900777","postcode":"M3 3AA"}})";
  };
  EXPECT_EQ(ask(http::Method::put, path, body("Alex")).status, 428);
  EXPECT_EQ(ask(http::Method::put, path, body("Alex"), {{"If-Match", "\"9\""}}).status, 412);
  EXPECT_EQ(ask(http::Method::put, path, body("Linnet"), {{"If-Match", "\"1\""}}).status, 422) << "a member's";
  const auto changed = ask(http::Method::put, path, body("Alex"), {{"If-Match", "\"1\""}});
  ASSERT_EQ(changed.status, 200) << changed.text();
  EXPECT_THAT(std::string(changed.text()), testing::AllOf(HasSubstr("Alex Better-Helper"), HasSubstr("+447700900777"), HasSubstr("\"version\":2")));
  EXPECT_EQ(ask(http::Method::post, path + "/end", "", {{"If-Match", "\"2\""}}).status, 204);
  EXPECT_EQ(ask(http::Method::put, path, body("Alex"), {{"If-Match", "\"3\""}}).status, 409) << "who comes no more is not changed";
}
TEST_P(Supporters, one_is_added_with_a_seat_of_their_own_and_nothing_personal_in_the_clear) {
  const auto made = add("Alex");
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_EQ(add("alex").status, 422) << "two of one name in a room";
  ASSERT_EQ(add("Sasha").status, 201);
  EXPECT_THAT(std::string(ask(http::Method::get, all()).text()), HasSubstr("Alex Helper"));
  auto t = pool().read();
  auto rows = t->query("SELECT seat, name_sealed, contacts_sealed, alias_sealed FROM supporter ORDER BY seat");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), kFirstSupporterSeat);
  for (int column = 1; column < 4; ++column) EXPECT_THAT(std::string(base::as_text(rows.bytes(column))), Not(HasSubstr("lex")));
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), kFirstSupporterSeat + 1);
}

TEST_P(Supporters, their_link_asks_two_things_of_theirs_and_opens_nothing_once_their_time_is_over) {
  const std::string id = id_of(add("Alex"));
  const auto link = ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/link", R"({"supporter":")" + id + R"("})");
  ASSERT_EQ(link.status, 201) << link.text();
  const std::string secret(base::json::parse(link.text(), {})->at("link").as_string());
  const auto look = [&] { return ask(http::Method::post, "/api/links/look", R"({"link":")" + secret + R"("})"); };
  EXPECT_THAT(std::string(look().text()), HasSubstr(R"("asks":["postcode","mobile_end"])"));
  const auto confirm = [&](const char* postcode, const char* mobile) {
    return ask(http::Method::post, "/api/links/confirm", R"({"link":")" + secret + R"(","answers":[{"asked":"postcode","text":")" + postcode +
                                                             R"("},{"asked":"mobile_end","text":")" + mobile + R"("}]})").status;
  };
  EXPECT_EQ(confirm("M1 1AE", "0123"), 403) << "those of the member whom they support open nothing";
  EXPECT_EQ(confirm("M2 2BB", "0555"), 200);
  EXPECT_EQ(ask(http::Method::post, "/api/supporters/" + id + "/end").status, 428);
  EXPECT_EQ(ask(http::Method::post, "/api/supporters/" + id + "/end", "", {{"If-Match", "\"1\""}}).status, 204);
  EXPECT_EQ(look().status, 404);
  EXPECT_THAT(std::string(ask(http::Method::get, all()).text()), HasSubstr(R"("endedAt":"2026-11-16T10:00:00Z")"));
  auto t = pool().read();
  EXPECT_FALSE(t->query("SELECT 1 FROM link_visit").next());
}

TEST_P(Supporters, who_may_change_them_is_who_may_write_the_group_s_plan) {
  const std::string id = id_of(add("Alex"));
  const auto end = [&] { return ask(http::Method::post, "/api/supporters/" + id + "/end", "", {{"If-Match", "\"1\""}}).status; };
  actor = trust.lead(trust.other_team);
  EXPECT_EQ(ask(http::Method::get, all()).status, 404);
  EXPECT_EQ(add("Sasha").status, 404);
  EXPECT_EQ(end(), 404);
  for (const Role r : {Role::it_support, Role::trainer, Role::evaluator, Role::administrator}) {
    actor.standings = {{r, {}}};
    EXPECT_THAT(add("Sasha").status, testing::AnyOf(403, 404)) << to_text(r);
    EXPECT_THAT(ask(http::Method::get, all()).status, testing::AnyOf(403, 404)) << to_text(r);
  }
  actor = trust.member();
  EXPECT_EQ(ask(http::Method::get, all()).status, 403);
  actor = trust.lead(trust.team);
  EXPECT_EQ(end(), 204);
}

QUIETROOM_ON_BOTH_DATABASES(Supporters);

}  // namespace
}  // namespace care
