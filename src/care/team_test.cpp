// SPDX-License-Identifier: Apache-2.0
// Making services and teams, moving a team, closing one: the rules case by case, and the routes on both databases.
#include "care/team.h"

#include <gmock/gmock.h>

#include "care/group_routes.h"
#include "care/person_for_tests.h"
#include "care/team_routes.h"
#include "care/team_settings_routes.h"

namespace care {
namespace {

using Lines = std::vector<std::string>;

Lines lines(const auto& result) {
  Lines out;
  if (!result)
    for (const auto& f : result.error()) out.push_back(f.pointer + " " + f.code);
  return out;
}

const TeamForm kTeam{.name = "North", .service = ServiceId{"s"}, .duty_number = "01632 960 001", .closed = false};
AroundTeam known() { return {.before = kTeam, .administrator = true, .service_known = true, .name_taken = false, .open_groups = 0}; }

TEST(TeamRules, a_team_has_a_name_of_its_own_a_service_and_a_number_that_can_be_rung) {
  EXPECT_EQ(lines(decide_team(kTeam, known())), Lines{});
  TeamForm t = kTeam;
  t.name = "  ";
  t.duty_number = "ring us";
  AroundTeam a = known();
  a.service_known = false;
  EXPECT_EQ(lines(decide_team(t, a)).size(), 3U);
  t = kTeam;
  t.duty_number = "";
  EXPECT_TRUE(decide_team(t, known())) << "the trust's stands in";
  t.duty_number = "12";
  EXPECT_EQ(lines(decide_team(t, known())), Lines{"/dutyNumber telephone"});
  a = known();
  a.name_taken = true;
  EXPECT_EQ(lines(decide_team(kTeam, a)), Lines{"/name taken"});
  t = kTeam;
  t.name = std::string(121, 'n');
  EXPECT_EQ(lines(decide_team(t, known())).size(), 1U);
}

TEST(TeamRules, a_team_closes_only_without_open_groups_and_opens_again) {
  TeamForm t = kTeam;
  t.closed = true;
  EXPECT_TRUE(decide_team(t, known()));
  AroundTeam a = known();
  a.open_groups = 2;
  EXPECT_EQ(lines(decide_team(t, a)), Lines{"/closed open-groups"});
  a.before = std::nullopt;
  a.open_groups = 0;
  EXPECT_EQ(lines(decide_team(t, a)), Lines{"/closed new"});
  a = known();
  a.before->closed = true;
  EXPECT_TRUE(decide_team(kTeam, a));
}

TEST(TeamRules, a_lead_changes_the_duty_number_alone) {
  AroundTeam a = known();
  a.administrator = false;
  TeamForm t = kTeam;
  t.duty_number = "01632 960 777";
  EXPECT_TRUE(decide_team(t, a));
  t.name = "Another";
  t.service = ServiceId{"other"};
  t.closed = true;
  EXPECT_EQ(lines(decide_team(t, a)), (Lines{"/name administrator", "/service administrator", "/closed administrator"}));
}

TEST(TeamRules, a_trust_has_a_name_a_zone_that_there_is_and_a_number) {
  EXPECT_TRUE(decide_trust({.name = "Trust", .zone = "Europe/London", .duty_number = "01632 960000"}));
  EXPECT_EQ(lines(decide_trust({.name = "", .zone = "Europe/Nowhere", .duty_number = ""})).size(), 3U);
}

class TeamRoutes : public PeopleWorld {
 protected:
  void SetUp() override {
    PeopleWorld::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    add_team_settings_routes(site, *desk);
    add_team_routes(site, *desk);
    add_group_routes(site, *desk);
    who = staff(other, {{Role::administrator, {}}});
  }
  http::Response put(const std::string& path, std::int64_t version, const std::string& body) {
    return ask(http::Method::put, path, body, {{"If-Match", "\"" + std::to_string(version) + "\""}});
  }
  std::string team_body(const std::string& name, const std::string& service, bool closed = false, const std::string& number = "") const {
    return base::json::print(boost::json::object{{"name", name}, {"service", service}, {"dutyNumber", number}, {"closed", closed}});
  }
  std::string teams(const std::string& query = "") {
    std::string out;
    const auto answer = json(get("/api/teams" + query));
    for (const auto& t : answer.at("items").as_array()) out += std::string(t.at("name").as_string()) + " ";
    return out;
  }
  std::string new_group(const TeamId& team) const {
    return base::json::print(boost::json::object{
        {"team", team.text}, {"name", "Tide two"}, {"programme", ""}, {"zone", "Europe/London"}, {"ways", boost::json::array{"video", "phone"}},
        {"oneWayReason", ""}, {"oneWayAlternative", ""}, {"software", "quietroom"}, {"venue", ""}, {"capacity", 8},
        {"confidentialityPlan", {{"endToEnd", true}, {"phoneGateway", false}, {"captioner", false}, {"membersMayShare", false}, {"watermark", false}, {"note", ""}}},
        {"facilitators", boost::json::array{{{"staff", frances.text}, {"role", "facilitator"}, {"alias", "Fern"}}}}});
  }
};

TEST_P(TeamRoutes, an_administrator_makes_a_service_and_a_team_moves_it_and_closes_it) {
  const auto service = ask(http::Method::post, "/api/services", R"({"name":" New service "})");
  ASSERT_EQ(service.status, 201) << service.text();
  const std::string made(json(service).at("id").as_string());
  EXPECT_EQ(json(service).at("name").as_string(), "New service");
  EXPECT_EQ(faults(ask(http::Method::post, "/api/services", R"({"name":"new SERVICE"})")), Lines{"/name taken"});
  const auto renamed = put("/api/services/" + made, 1, R"({"name":"Another name"})");
  ASSERT_EQ(renamed.status, 200) << renamed.text();
  EXPECT_EQ(json(renamed).at("name").as_string(), "Another name");
  const auto team = ask(http::Method::post, "/api/teams", team_body("West", made));
  ASSERT_EQ(team.status, 201) << team.text();
  const std::string at = "/api/teams/" + std::string(json(team).at("id").as_string());
  EXPECT_EQ(teams(), "North South West ");
  EXPECT_EQ(faults(ask(http::Method::post, "/api/teams", team_body("west", made))), Lines{"/name taken"});
  EXPECT_EQ(ask(http::Method::put, at, team_body("West", uuid(4))).status, 428);
  EXPECT_EQ(put(at, 9, team_body("West", uuid(4))).status, 412);
  const auto moved = put(at, 1, team_body("West", uuid(4), false, "01632 960 555"));
  ASSERT_EQ(moved.status, 200) << moved.text();
  EXPECT_EQ(json(moved).at("service").as_string(), uuid(4));
  EXPECT_EQ(faults(put(at, 2, team_body("North", uuid(4)))), Lines{"/name taken"});
  EXPECT_EQ(put(at, 2, team_body("West", uuid(4), true)).status, 200);
  EXPECT_EQ(teams(), "North South ");
  EXPECT_EQ(teams("?closed=true"), "North South West ");
  EXPECT_EQ(put(at, 3, team_body("West", uuid(4), false)).status, 200) << "it opens again";
  EXPECT_EQ(teams(), "North South West ");
}

TEST_P(TeamRoutes, a_team_with_open_groups_stays_and_a_closed_one_takes_nobody) {
  const std::string at = "/api/teams/" + south.text;
  EXPECT_EQ(json(get(at)).at("openGroups").as_int64(), 1);
  EXPECT_EQ(faults(put(at, 1, team_body("South", uuid(4), true))), Lines{"/closed open-groups"});
  auto t = pool().write();
  t->run("UPDATE therapy_group SET closed_us = 1 WHERE team = $1", south);
  ASSERT_TRUE(t->commit());
  t = nullptr;
  ASSERT_EQ(put(at, 1, team_body("South", uuid(4), true)).status, 200);
  who = lead(south);
  EXPECT_EQ(faults(ask(http::Method::post, "/api/groups", new_group(south))), (Lines{"/team not-known", "/facilitators/0/staff not-known"}));
  const std::string empty = R"({"team":")" + south.text + R"(","identity":{"legalName":"Robin Sample","preferredName":"","nhsNumber":"","birthDate":null,)"
                            R"("contacts":{"email":"","mobile":"","telephone":"","address":[],"postcode":"","addressConfirmed":null},)"
                            R"("safeContact":{"method":null,"hours":[],"note":""},"emergencyContact":{"name":"","relation":"","telephone":""}},)"
                            R"("needs":{"preferences":{"way":null,"software":"","language":"","interpreter":"","format":null},"needs":[]}})";
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people", empty)), Lines{"/team team"});
}

TEST_P(TeamRoutes, a_lead_changes_the_number_of_their_team_and_nothing_else) {
  who = lead(north);
  const std::string at = "/api/teams/" + north.text;
  EXPECT_EQ(put(at, 1, team_body("North", uuid(4), false, "01632 960 321")).status, 200);
  EXPECT_EQ(faults(put(at, 2, team_body("Mine", uuid(4), false, "01632 960 321"))), Lines{"/name administrator"});
  EXPECT_EQ(get("/api/teams/" + south.text).status, 404);
  EXPECT_EQ(get("/api/trust").status, 403);
  EXPECT_EQ(ask(http::Method::post, "/api/services", R"({"name":"Mine"})").status, 403);
  who = facilitator({calm});
  EXPECT_EQ(get(at).status, 404);
}

TEST_P(TeamRoutes, the_trust_is_changed_with_its_version_and_made_where_there_is_none) {
  const auto before = get("/api/trust");
  EXPECT_EQ(json(before).at("name").as_string(), "Trust");
  const std::string body = R"({"name":"Moorland Trust","zone":"Europe/London","dutyNumber":"01632 960 000"})";
  EXPECT_EQ(put("/api/trust", 4, body).status, 412);
  EXPECT_EQ(put("/api/trust", 1, body).status, 200);
  EXPECT_EQ(json(get("/api/trust")).at("name").as_string(), "Moorland Trust");
  EXPECT_EQ(faults(put("/api/trust", 2, R"({"name":"","zone":"Mars/Base","dutyNumber":"no"})")).size(), 3U);
}

TEST_P(TeamRoutes, whoever_writes_a_plan_reads_the_names_of_their_team) {
  auto t = pool().write();
  const auto role = [&](int id, const StaffId& staff, const char* name, std::optional<TeamId> team, std::optional<std::int64_t> until = {}) {
    t->run("INSERT INTO staff_role (id, staff, role, team, from_us, until_us) VALUES ($1, $2, $3, $4, 0, $5)", uuid(id), staff, name, team, until);
  };
  role(901, frances, "team_lead", north);
  role(902, lewis, "facilitator", north);
  role(903, other, "facilitator", south);
  ASSERT_TRUE(t->commit());
  t = nullptr;
  who = facilitator({calm});
  EXPECT_EQ(names(get("/api/groups/" + calm.text + "/colleagues")), (Lines{"Lewis Facilitator"})) << "a lead who is no facilitator could not lead it";
  EXPECT_EQ(get("/api/groups/" + calm.text + "/colleagues").text().find("@"), std::string_view::npos);
  EXPECT_EQ(get("/api/groups/" + tide.text + "/colleagues").status, 404);
  who = staff(other, {{Role::it_support, {}}});
  EXPECT_EQ(get("/api/groups/" + calm.text + "/colleagues").status, 403);
  t = pool().write();
  t->run("UPDATE staff SET active = 0 WHERE id = $1", lewis);
  ASSERT_TRUE(t->commit());
  t = nullptr;
  who = lead(north);
  EXPECT_EQ(names(get("/api/groups/" + calm.text + "/colleagues")), Lines{}) << "a closed account cannot be chosen";
}

QUIETROOM_ON_BOTH_DATABASES(TeamRoutes);

}  // namespace
}  // namespace care
