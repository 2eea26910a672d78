// SPDX-License-Identifier: Apache-2.0
// A small trust for tests of people: two teams, three groups, staff of every role, and a site whose doorkeeper lets in whom the
// test says. Names are invented. Not for the product. One thread.
#pragma once
#include <fmt/format.h>

#include <set>

#include "care/person_break_glass_routes.h"
#include "care/person_routes.h"
#include "care/person_search_table.h"
#include "store/database_for_tests.h"

namespace care {

inline constexpr base::WallTime kTestNow{1'795'000'000'000'000};  // 2026-11-18

inline Identity some_identity(std::string legal_name) {
  Identity it;
  it.legal_name = Personal(std::move(legal_name));
  return it;
}

class PeopleWorld : public store::OnBothDatabases {
 protected:
  TeamId north{uuid(1)}, south{uuid(2)};
  GroupId calm{uuid(11)}, hope{uuid(12)}, tide{uuid(13)};  // calm and hope are the north team's, tide is the south's
  StaffId frances{uuid(21)}, lewis{uuid(22)}, other{uuid(23)};

  static std::string uuid(int n) { return fmt::format("00000000-0000-7000-8000-{:012}", n); }

  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto tx = pool().write();
    tx->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Trust', 'Europe/London', '', '{}')", uuid(3));
    tx->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Service')", uuid(4), uuid(3));
    for (const auto& [team, name] : {std::pair(north, "North"), std::pair(south, "South")})
      tx->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, '01632 960999')", team, uuid(4), name);
    for (const auto& [staff, name] : {std::pair(frances, "Frances Lead"), std::pair(lewis, "Lewis Facilitator"), std::pair(other, "Other Clinician")})
      tx->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, $2, $3, 1, 1)", staff, name, staff.text + "@example.org");
    for (const auto& [group, team, name] : {std::tuple(calm, north, "Calm"), std::tuple(hope, north, "Hope"), std::tuple(tide, south, "Tide")})
      tx->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, "
              "one_way_alternative, software, venue, capacity, confidentiality_plan, made_us) VALUES ($1, 1, $2, $3, '', 'Europe/London', "
              "1, 1, 1, '', '', 'quietroom', '', 12, '{}', 1)", group, team, name);
    ASSERT_TRUE(tx->commit());
    desk = std::make_unique<Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return who; });
    add_person_search_routes(site, *desk);
    add_person_routes(site, *desk);
    add_person_protected_routes(site, *desk);
    add_person_break_glass_routes(site, *desk);
  }

  PersonId add_person(const TeamId& team, Identity typed, const std::vector<GroupId>& groups = {}, Needs needs = {}) {
    const auto settled = settle(std::move(typed), date_of(kTestNow), "");
    EXPECT_TRUE(settled);
    auto tx = pool().write();
    const auto id = base::new_id<PersonId>(entropy, {kTestNow.us + made_++ * 1'000});
    insert_person(*tx, keys, entropy, id, team, *settled, needs, kTestNow);
    for (const GroupId& g : groups) add_member(*tx, g, id);
    EXPECT_TRUE(tx->commit());
    return id;
  }
  MembershipId add_member(store::Transaction& tx, const GroupId& group, const PersonId& person) {
    const auto id = base::new_id<MembershipId>(entropy, kTestNow);
    tx.run("INSERT INTO membership (id, version, group_id, person, state, reason, moved_to, alias_sealed, disguise_sealed, seat, made_us, "
           "changed_us) VALUES ($1, 1, $2, $3, 'joined', '', NULL, $4, NULL, $5, $6, $6)",
           id, group, person, keys.seal({"membership.alias"}, id.text, Personal("Heron")), 100 + made_++, kTestNow);
    return id;
  }

  static Actor staff(StaffId id, std::vector<Standing> standings, std::vector<GroupId> facilitates = {}) {
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = std::move(id);
    a.standings = std::move(standings);
    a.facilitates = std::move(facilitates);
    return a;
  }
  Actor lead(const TeamId& team) const { return staff(frances, {{Role::team_lead, team}}); }
  Actor facilitator(std::vector<GroupId> groups) const { return staff(lewis, {{Role::facilitator, north}}, std::move(groups)); }
  static Actor member(const PersonId& person) {
    Actor a;
    a.kind = Actor::Kind::member;
    a.person = person;
    return a;
  }

  http::Response ask(http::Method method, std::string path, std::string body = {}, std::vector<http::Header> headers = {}) {
    http::Request r;
    r.method = method;
    const std::size_t mark = path.find('?');
    r.target.path = path.substr(0, mark);
    if (mark != std::string::npos) {
      const std::string query = path.substr(mark + 1);
      const std::size_t equal = query.find('=');
      r.target.query = {{query.substr(0, equal), query.substr(equal + 1)}};
    }
    if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
    r.headers = std::move(headers);
    r.body = base::Redacted<std::string>(std::move(body));
    return site.handle(std::move(r), {.instant = {1}, .wall = now});
  }
  http::Response get(std::string path, std::vector<http::Header> headers = {}) { return ask(http::Method::get, std::move(path), {}, std::move(headers)); }
  http::Response search(std::string_view what) {
    return ask(http::Method::post, "/api/people/search", base::json::print({{"search", what}}));
  }
  // The names of the rows of an answer, in order.
  static std::vector<std::string> names(const http::Response& r) {
    std::vector<std::string> out;
    const auto read = base::json::parse(r.text(), {.bytes = 1 << 20, .depth = 16});
    if (!read || !read->is_object() || !read->get_object().contains("items")) return {fmt::format("answer {}: {}", r.status, r.text())};
    for (const auto& item : read->at("items").as_array()) out.emplace_back(item.at("name").as_string());
    return out;
  }
  static boost::json::value json(const http::Response& r) {
    auto read = base::json::parse(r.text(), {.bytes = 1 << 20, .depth = 16});
    return read ? *read : boost::json::value(nullptr);
  }
  // "pointer code" of each fault.
  static std::vector<std::string> faults(const http::Response& r) {
    std::vector<std::string> out;
    const auto read = json(r);
    if (!read.is_object() || !read.get_object().contains("errors")) return {fmt::format("answer {}: {}", r.status, r.text())};
    for (const auto& e : read.at("errors").as_array())
      out.push_back(std::string(e.at("pointer").as_string()) + " " + std::string(e.at("code").as_string()));
    return out;
  }
  // "action data person reason" of the audit rows from number `from` on.
  std::vector<std::string> audit_rows(std::int64_t from = 1) {
    auto tx = pool().read();
    auto rows = tx->query("SELECT action, data, person, reason FROM audit WHERE number >= $1 ORDER BY number", from);
    std::vector<std::string> out;
    while (rows.next())
      out.push_back(rows.text(0) + " " + rows.text(1) + " " + rows.text(2) + (rows.text(3).empty() ? "" : " " + rows.text(3)));
    return out;
  }
  std::int64_t audit_end() {
    auto tx = pool().read();
    auto rows = tx->query("SELECT number FROM audit_head");
    return rows.next() ? rows.integer(0) + 1 : 1;
  }

  Actor who;
  base::WallTime now = kTestNow;
  http::Site site{{}, nullptr};
  std::unique_ptr<Desk> desk;

 private:
  int made_ = 0;
};

}  // namespace care
