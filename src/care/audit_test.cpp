// SPDX-License-Identifier: Apache-2.0
// The audit trail as each may look at it, on both databases.
#include "care/audit_routes.h"
#include "store/database_for_tests.h"

namespace {

using care::Actor;
using care::PersonId;

const PersonId kRobin{"00000000-0000-7000-8000-000000000001"}, kHazel{"00000000-0000-7000-8000-000000000002"};
const std::string kStaff = "00000000-0000-7000-8000-000000000009";

class AuditPage : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    desk = std::make_unique<care::Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> care::OrAnswer<Actor> { return actor; });
    care::add_audit_routes(site, *desk);
    auto t = pool().write();
    t->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, 'Rowan Birch', 'rowan@example.org', 1, 1)", kStaff);
    const auto row = [&](const char* data, const PersonId& person) {
      return store::AuditEntry{.at = {1'763'863'200'000'000}, .actor_kind = "staff", .actor = kStaff, .action = "read", .data = data,
                               .subject_kind = "person", .subject = person.text, .person = person.text, .reason = {}, .note = {}};
    };
    store::append_audit(*t, {row("identity", kRobin), row("identity", kHazel), row("incidents", {}), row("needs", kRobin)});
    ASSERT_TRUE(t->commit());
  }
  void as(care::Role role) {
    actor = {};
    actor.kind = Actor::Kind::staff;
    actor.staff = care::StaffId{kStaff};
    actor.standings = {{role, {}}};
  }
  boost::json::value get(const std::string& path, int status = 200) {
    http::Request r;
    r.target = *http::parse_target(path);
    const auto answer = site.handle(std::move(r), {.instant = {1}, .wall = {2}});
    EXPECT_EQ(answer.status, status) << answer.text();
    return base::json::parse(answer.text(), {.bytes = 1 << 20}).value_or(boost::json::value{});
  }
  std::vector<std::int64_t> numbers(const boost::json::value& v) {
    std::vector<std::int64_t> out;
    for (const auto& item : v.at("items").as_array()) out.push_back(item.at("number").as_int64());
    return out;
  }
  Actor actor;
  http::Site site{{}, nullptr};
  std::unique_ptr<care::Desk> desk;
};
QUIETROOM_ON_BOTH_DATABASES(AuditPage);

TEST_P(AuditPage, an_administrator_sees_every_row_newest_first_and_looking_is_a_row_itself) {
  as(care::Role::administrator);
  const auto page = get("/api/audit");
  EXPECT_EQ(numbers(page), (std::vector<std::int64_t>{4, 3, 2, 1}));
  const auto& last = page.at("items").as_array().at(0);
  EXPECT_EQ(last.at("actorName").as_string(), "Rowan Birch");
  EXPECT_EQ(last.at("at").as_string(), "2025-11-23T02:00:00Z");
  EXPECT_EQ(numbers(get("/api/audit?person=" + kRobin.text)), (std::vector<std::int64_t>{4, 1}));
  EXPECT_EQ(numbers(get("/api/audit?actor=" + kStaff)).size(), 6U) << "with the two looks before";
  get("/api/audit?person=robin", 400);
}

TEST_P(AuditPage, is_filtered_by_what_it_is_about_and_until_when) {
  as(care::Role::administrator);
  EXPECT_EQ(numbers(get("/api/audit?data=identity")), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(numbers(get("/api/audit?data=identity&person=" + kRobin.text)), (std::vector<std::int64_t>{1}));
  EXPECT_TRUE(numbers(get("/api/audit?until=2025-11-22&data=needs")).empty()) << "written on 23 November";
  EXPECT_EQ(numbers(get("/api/audit?until=2025-11-23&data=needs")), (std::vector<std::int64_t>{4}));
  get("/api/audit?data=secrets", 400);
  get("/api/audit?until=2025-02-30", 400);
}

TEST_P(AuditPage, comes_in_pages) {
  as(care::Role::administrator);
  const auto first = get("/api/audit?limit=3");
  EXPECT_EQ(numbers(first), (std::vector<std::int64_t>{4, 3, 2}));
  const auto second = get("/api/audit?limit=3&after=" + std::string(first.at("next").as_string()));
  EXPECT_EQ(numbers(second), (std::vector<std::int64_t>{1}));
  EXPECT_TRUE(second.at("next").is_null());
  get("/api/audit?after=made-up", 400);
}

TEST_P(AuditPage, a_safety_officer_sees_safety_s_rows_and_other_roles_none) {
  as(care::Role::safety_officer);
  EXPECT_EQ(numbers(get("/api/audit")), (std::vector<std::int64_t>{3}));
  EXPECT_TRUE(numbers(get("/api/audit?person=" + kRobin.text)).empty());
  for (const auto role : {care::Role::facilitator, care::Role::team_lead, care::Role::it_support, care::Role::trainer, care::Role::evaluator}) {
    as(role);
    get("/api/audit", 403);
  }
}

TEST_P(AuditPage, a_member_sees_who_opened_their_own_record_and_a_supporter_does_not) {
  actor.kind = Actor::Kind::member;
  actor.person = kRobin;
  EXPECT_EQ(numbers(get("/api/audit?person=" + kHazel.text)), (std::vector<std::int64_t>{4, 1})) << "whatever is asked for";
  actor.kind = Actor::Kind::supporter;
  get("/api/audit", 403);
}

}  // namespace
