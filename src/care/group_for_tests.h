// SPDX-License-Identifier: Apache-2.0
// A small trust for the tests of groups: two teams, staff of every role, people, and a site that answers as the actor that the
// test chose. Everybody is invented. Not for the product. One thread.
#pragma once
#include <boost/json.hpp>
#include <mutex>

#include "care/desk_routes.h"
#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/membership_routes.h"
#include "care/register_routes.h"
#include "care/session_routes.h"
#include "care/session_seat_routes.h"
#include "care/team_routes.h"
#include "store/database_for_tests.h"

namespace care {

inline constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDayOfTest = 24 * kHour;

// A UUID that says what it is for: kind and number.
inline std::string uuid_for_tests(int kind, int number) {
  char out[40];
  std::snprintf(out, sizeof out, "0198c0de-%04x-7000-8000-%012x", kind, number);
  return out;
}

// For handlers that run at once.
class SharedEntropy final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override {
    const std::scoped_lock hold(lock_);
    inner_.fill(out);
  }

 private:
  std::mutex lock_;
  store::SeededEntropy inner_{7};
};

class TrustForTests : public store::OnBothDatabases {
 public:
  static TeamId team(int n) { return {uuid_for_tests(3, n)}; }
  static StaffId staff(int n) { return {uuid_for_tests(4, n)}; }
  static PersonId person(int n) { return {uuid_for_tests(5, n)}; }

 protected:
  // Teams 1 and 2. Staff: 1 and 2 facilitate in team 1, 3 in team 2; 4 leads team 1, 5 team 2; 6 IT support, 7 trainer, 8 safety
  // officer, 9 evaluator, 10 administrator; 11 left. People 1 to 6 in team 1, 7 to 9 in team 2.
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->run("INSERT INTO trust VALUES ($1, 1, 'Invented Trust', 'Europe/London', '0300 000 0000', '{}')", uuid_for_tests(1, 1));
    t->run("INSERT INTO service VALUES ($1, 1, $2, 'Talking')", uuid_for_tests(2, 1), uuid_for_tests(1, 1));
    for (int n = 1; n <= 2; ++n)
      t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, $4)", team(n), uuid_for_tests(2, 1), "Team " + std::to_string(n), n == 1 ? "0300 000 0001" : "");
    struct Works {
      int one;
      Role role;
      int where;
    };
    for (const auto& [one, role, where] : std::initializer_list<Works>{{1, Role::facilitator, 1}, {2, Role::facilitator, 1}, {3, Role::facilitator, 2},
             {4, Role::team_lead, 1}, {5, Role::team_lead, 2}, {6, Role::it_support, 0}, {7, Role::trainer, 0}, {8, Role::safety_officer, 0},
             {9, Role::evaluator, 0}, {10, Role::administrator, 0}, {11, Role::facilitator, 1}}) {
      t->run("INSERT INTO staff VALUES ($1, 1, $2, $3, $4, 1)", staff(one), "Staff " + std::to_string(one), "s" + std::to_string(one) + "@example.org",
             one != 11);
      t->run("INSERT INTO staff_role VALUES ($1, $2, $3, $4, 0, NULL)", uuid_for_tests(6, one), staff(one), to_text(role),
             where == 0 ? std::nullopt : std::optional(team(where)));
    }
    for (int n = 1; n <= 9; ++n) {
      const std::string id = person(n).text;
      t->run("INSERT INTO person (id, version, team, legal_name_sealed, made_us, changed_us) VALUES ($1, 1, $2, $3, 1, 1)", id, team(n <= 6 ? 1 : 2),
             keys.seal({"person.legal_name"}, id, base::Redacted<std::string>("Person " + std::to_string(n))));
    }
    ASSERT_TRUE(t->commit());
    desk_ = std::make_unique<Desk>(pool(), keys, drawn_, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor(); });
    for (const auto add : {add_group_routes, add_session_routes, add_membership_routes, add_register_routes, add_session_seat_routes, add_team_routes})
      add(site_, *desk_);
  }
  void TearDown() override { desk_ = nullptr; }

  // As the tables have them at this moment.
  Actor actor() {
    if (visitor_) return *visitor_;
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = staff(who);
    auto t = pool().read();
    auto roles = t->query("SELECT role, team FROM staff_role WHERE staff = $1", a.staff);
    while (roles.next()) a.standings.push_back({parse_role(roles.text(0)).value_or(Role::member), {roles.maybe_text(1).value_or("")}});
    auto groups = t->query("SELECT group_id FROM group_facilitator WHERE staff = $1", a.staff);
    while (groups.next()) a.facilitates.push_back(groups.id<GroupId>(0));
    return a;
  }

  struct Answer {
    int status = 0;
    boost::json::value body;
    std::string etag;
    // By path: at("items", 0, "name").
    template <class... Steps>
    [[nodiscard]] boost::json::value at(const Steps&... steps) const {
      boost::json::value v = body;
      (void)(enter(v, steps) && ...);
      return v;
    }
    template <class... Steps>
    [[nodiscard]] std::string text(const Steps&... steps) const {
      const auto v = at(steps...);
      return v.is_string() ? std::string(v.get_string()) : boost::json::serialize(v);
    }
    [[nodiscard]] std::int64_t version() const { return at("version").is_int64() ? at("version").get_int64() : 0; }
    [[nodiscard]] std::size_t size(const char* of = "items") const { return at(of).is_array() ? at(of).get_array().size() : 0; }
    // "pointer code" of every fault.
    [[nodiscard]] std::vector<std::string> faults() const {
      std::vector<std::string> out;
      if (at("errors").is_array())
        for (const auto& e : at("errors").get_array())
          out.push_back(std::string(e.at("pointer").as_string()) + " " + std::string(e.at("code").as_string()));
      return out;
    }

   private:
    static bool enter(boost::json::value& v, const char* key) {
      const auto* found = v.is_object() ? v.get_object().if_contains(key) : nullptr;
      boost::json::value next = found == nullptr ? boost::json::value() : *found;
      v = std::move(next);
      return true;
    }
    static bool enter(boost::json::value& v, int i) {
      boost::json::value next = v.is_array() && static_cast<std::size_t>(i) < v.get_array().size() ? v.get_array()[static_cast<std::size_t>(i)] : boost::json::value();
      v = std::move(next);
      return true;
    }
  };
  Answer ask(http::Method method, const std::string& target, const boost::json::value& body = nullptr, std::vector<http::Header> headers = {}) {
    http::Request r{.method = method, .target = http::parse_target(target).value_or(http::Target{}), .headers = std::move(headers),
                    .body = base::Redacted<std::string>(body.is_null() ? "" : boost::json::serialize(body)), .peer = {}, .path_values = {}};
    if (!body.is_null()) r.headers.push_back({"Content-Type", "application/json"});
    ++now.us;  // one after the other
    const http::Response given = site_.handle(std::move(r), {{now.us}, now});
    Answer a{.status = given.status, .body = nullptr, .etag = std::string(given.header("ETag"))};
    boost::system::error_code ignored;
    if (!given.text().empty()) a.body = boost::json::parse(given.text(), ignored);
    return a;
  }
  Answer get(const std::string& target) { return ask(http::Method::get, target); }
  Answer post(const std::string& target, const boost::json::value& body) { return ask(http::Method::post, target, body); }
  Answer put(const std::string& target, const boost::json::value& body, std::int64_t version) {
    return ask(http::Method::put, target, body, {{"If-Match", "\"" + std::to_string(version) + "\""}});
  }

  static boost::json::object plan(int in_team = 1, int facilitator = 1) {
    return {{"team", team(in_team).text}, {"name", "Living with worry"}, {"programme", "Worry"}, {"zone", "Europe/London"},
            {"ways", {"in_person", "video"}}, {"oneWayReason", ""}, {"oneWayAlternative", ""}, {"software", "quietroom"}, {"venue", "Room 2"},
            {"capacity", 3},
            {"confidentialityPlan", {{"endToEnd", true}, {"phoneGateway", false}, {"captioner", false}, {"membersMayShare", false},
                                     {"watermark", false}, {"note", ""}}},
            {"facilitators", boost::json::array{{{"staff", staff(facilitator).text}, {"role", "facilitator"}, {"alias", "Ash"}}}}};
  }
  static boost::json::object weekly(const char* first, const char* time, int count) {
    return {{"firstDate", first}, {"startTime", time}, {"minutes", 90}, {"everyDays", 7}, {"count", count}, {"exceptions", boost::json::array{}}};
  }
  // Made by the lead of its team.
  GroupId make_group(int in_team = 1, int facilitator = 1, const char* name = "Living with worry") {
    const int before = std::exchange(who, in_team == 1 ? 4 : 5);
    auto wanted = plan(in_team, facilitator);
    wanted["name"] = name;
    const Answer made = post("/api/groups", wanted);
    who = before;
    EXPECT_EQ(made.status, 201) << boost::json::serialize(made.body);
    return {made.text("id")};
  }
  std::vector<SessionId> make_series(const GroupId& group, const char* first, const char* time, int count, int as = 4) {
    const int before = std::exchange(who, as);
    const Answer made = post("/api/groups/" + group.text + "/series", weekly(first, time, count));
    who = before;
    EXPECT_EQ(made.status, 201) << boost::json::serialize(made.body);
    std::vector<SessionId> out;
    for (std::size_t i = 0; i < made.size("sessions"); ++i) out.push_back({made.text("sessions", static_cast<int>(i), "id")});
    return out;
  }
  // Referred and, where said, brought to a state with a place.
  MembershipId make_member(const GroupId& group, int who_is_it, const char* state = "prepared", int as = 4) {
    const int before = std::exchange(who, as);
    const Answer made = post("/api/groups/" + group.text + "/members", {{"person", person(who_is_it).text}});
    EXPECT_EQ(made.status, 201) << boost::json::serialize(made.body);
    const MembershipId id{made.text("id")};
    for (const char* next : {"prepared", "joined"}) {
      if (std::string_view(state) == "referred") break;
      EXPECT_EQ(post("/api/memberships/" + id.text + "/state", {{"state", next}, {"reason", ""}, {"note", ""}}).status, 200);
      if (std::string_view(state) == next) break;
    }
    who = before;
    return id;
  }

  int who = 4;                                          // who asks
  std::optional<Actor> visitor_;                        // instead of them
  base::WallTime now{std::int64_t{1'790'000'000} * kSecond};  // 2026-09-21T14:13:20Z

  http::Site& site() { return site_; }
  Desk& desk() { return *desk_; }

 private:
  http::Site site_{http::SitePolicy{}, nullptr};
  SharedEntropy drawn_;
  std::unique_ptr<Desk> desk_;
};

}  // namespace care
