// SPDX-License-Identifier: Apache-2.0
// A trust with one group, two people in it and a session to come, all invented, and a site whose caller a test chooses: for the tests of
// preparation, agreement and place. Written by SQL, so that they need no other slice. Not for the product. One thread.
#pragma once
#include <optional>
#include <string>

#include "care/desk_routes.h"
#include "store/database_for_tests.h"

namespace care {

class PreparedGroup : public store::OnBothDatabases {
 protected:
  static constexpr std::int64_t kHour = 3'600'000'000;
  static constexpr base::Now kNow{.instant = {1'000'000}, .wall = {1'795'000'000'000'000}};
  const TeamId team{"0198c0de-0000-7000-8000-000000000003"}, other_team{"0198c0de-0000-7000-8000-000000000004"};
  const StaffId staff{"0198c0de-0000-7000-8000-000000000005"};
  const GroupId group{"0198c0de-0000-7000-8000-000000000006"};
  const SessionId session{"0198c0de-0000-7000-8000-000000000007"};
  const PersonId robin{"0198c0de-0000-7000-8000-000000000008"}, ash{"0198c0de-0000-7000-8000-000000000009"};
  const MembershipId robins{"0198c0de-0000-7000-8000-00000000000a"}, ashs{"0198c0de-0000-7000-8000-00000000000b"};

  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Invented Trust', 'Europe/London', '', '{}')",
           "0198c0de-0000-7000-8000-000000000001");
    t->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Invented Service')", "0198c0de-0000-7000-8000-000000000002",
           "0198c0de-0000-7000-8000-000000000001");
    for (const auto& id : {team, other_team})
      t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $1, '')", id, "0198c0de-0000-7000-8000-000000000002");
    t->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, 'Juniper Invented', 'juniper@example.org', 1, 0)", staff);
    t->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, "
           "software, venue, capacity, confidentiality_plan, made_us, closed_us) VALUES ($1, 1, $2, 'Tuesday group', '', 'Europe/London', "
           "1, 1, 1, '', '', 'quietroom', '', 8, '{\"endToEnd\":true,\"phoneGateway\":false,\"captioner\":false,\"membersMayShare\":false,"
           "\"watermark\":false,\"note\":\"\"}', 0, NULL)", group, team);
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Juniper', 1)", group, staff);
    t->run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, "
           "state, cancelled_reason, room, ended_us, sequence) VALUES ($1, 1, $2, NULL, 1, '2026-11-24', '14:00', 90, $3, $4, '', 'quietroom', "
           "'planned', '', NULL, NULL, 0)", session, group, kNow.wall.us + kHour, kNow.wall.us + 2 * kHour);
    add(*t, robin, robins, 11, true);
    add(*t, ash, ashs, 12, false);
    ASSERT_TRUE(t->commit());
    desk_.emplace(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor; });
    add_routes(site, *desk_);
  }
  virtual void add_routes(http::Site& site, Desk& desk) = 0;

  void add(store::Transaction& t, const PersonId& person, const MembershipId& membership, int seat, bool at_home) {
    const std::string contacts = R"({"email":"","mobile":"","telephone":"","address":["1 Plain Street","Wexcombe"],"postcode":"ZZ99 3AA",)"
                                 R"("addressConfirmed":)" + std::string(at_home ? R"("2026-10-01")" : "null") + "}";
    t.run("INSERT INTO person (id, version, team, legal_name_sealed, contacts_sealed, made_us, changed_us) VALUES ($1, 1, $2, $3, $4, 0, 0)",
          person, team, keys.seal({"person.legal_name"}, person.text, base::Redacted<std::string>("Invented Person")),
          keys.seal({"person.contacts"}, person.text, base::Redacted<std::string>(contacts)));
    t.run("INSERT INTO membership (id, version, group_id, person, state, reason, seat, made_us, changed_us) VALUES ($1, 1, $2, $3, 'waiting', '', "
          "$4, 0, 0)", membership, group, person, seat);
  }

  static Actor signed_in(StaffId who, std::vector<Standing> standings, std::vector<GroupId> groups) {
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = std::move(who);
    a.standings = std::move(standings);
    a.facilitates = std::move(groups);
    return a;
  }
  [[nodiscard]] Actor facilitator() const { return signed_in(staff, {{Role::facilitator, team}}, {group}); }
  [[nodiscard]] Actor outsider() const { return signed_in(staff, {{Role::facilitator, other_team}}, {}); }
  [[nodiscard]] Actor team_lead() const { return signed_in(staff, {{Role::team_lead, team}}, {}); }
  [[nodiscard]] static Actor member(const PersonId& person, const MembershipId& membership) {
    Actor a;
    a.kind = Actor::Kind::member;
    a.person = person;
    a.membership = membership;
    return a;
  }

  struct Asking {
    std::optional<std::int64_t> version{};
    std::string reason{};
  };
  http::Response ask(http::Method method, const std::string& path, const std::string& body, const Asking& asking) {
    http::Request r;
    r.method = method;
    auto target = http::parse_target(path);
    EXPECT_TRUE(target);
    if (target) r.target = *target;
    r.headers = {{"Content-Type", "application/json"}, {"Host", "localhost"}};
    if (asking.version) r.headers.push_back({"If-Match", "\"" + std::to_string(*asking.version) + "\""});
    if (!asking.reason.empty()) r.headers.push_back({"Quietroom-Reason", asking.reason});
    r.body = base::Redacted<std::string>(body);
    return site.handle(std::move(r), kNow);
  }
  http::Response get(const std::string& path, const std::string& reason = {}) { return ask(http::Method::get, path, "", {.reason = reason}); }
  http::Response put(const std::string& path, std::int64_t version, const std::string& body) {
    return ask(http::Method::put, path, body, {.version = version});
  }
  http::Response post(const std::string& path, const std::string& body, std::optional<std::int64_t> version = {}) {
    return ask(http::Method::post, path, body, {.version = version});
  }
  // How many audit rows have this action, kind of data and reason.
  std::int64_t audited(const std::string& action, const std::string& data, const std::string& reason = {}) {
    auto t = pool().read();
    auto rows = t->query("SELECT COUNT(*) FROM audit WHERE action = $1 AND data = $2 AND reason = $3", action, data, reason);
    return rows.next() ? rows.integer(0) : -1;
  }

  Actor actor;
  http::Site site{{}, nullptr};

 private:
  std::optional<Desk> desk_;
};

inline boost::json::object object_of(const http::Response& r) {
  const auto value = base::json::parse(r.text(), {.bytes = 1 << 20, .depth = 16});
  return value && value->is_object() ? value->get_object() : boost::json::object{};
}

}  // namespace care
