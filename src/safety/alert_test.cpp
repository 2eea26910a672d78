// SPDX-License-Identifier: Apache-2.0
// Alerts: rules without a database, then table and routes on both.
#include "safety/alert.h"

#include "care/preparation_for_tests.h"
#include "care/today_place_routes.h"
#include "safety/alert_routes.h"
#include "safety/alert_seat_routes.h"
#include "safety/alert_table.h"

namespace {

using namespace care;
using namespace safety;
using safety::raise;

const StaffId kWren{"w"}, kFern{"f"}, kStranger{"s"};
const std::vector<StaffId> kPossible{kWren, kFern};

TEST(Alert, is_held_by_one_who_takes_it_hands_it_over_or_lets_go) {
  struct Case {
    AlertState now;
    StaffId actor;
    std::optional<StaffId> wanted;
    base::Result<AlertStep, AlertRefusal> then;
  };
  const AlertState free{}, wrens{.holder = kWren, .closed = false}, over{.holder = kWren, .closed = true};
  using enum AlertRefusal;
  const std::vector<Case> cases{
      {free, kWren, kWren, AlertStep::taken},
      {free, kWren, kFern, std::unexpected(not_held)},  // nobody gives away what they do not hold
      {free, kStranger, kStranger, std::unexpected(not_held)},
      {free, kWren, std::nullopt, std::unexpected(not_held)},
      {wrens, kWren, kFern, AlertStep::handed_over},
      {wrens, kWren, kStranger, std::unexpected(held_by_another)},
      {wrens, kWren, kWren, std::unexpected(nothing_new)},
      {wrens, kWren, std::nullopt, AlertStep::let_go},
      {wrens, kFern, kFern, AlertStep::taken_over},
      {wrens, kFern, std::nullopt, std::unexpected(not_held)},
      {wrens, kStranger, kStranger, std::unexpected(held_by_another)},
      {over, kFern, kFern, std::unexpected(closed)},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& c = cases[i];
    const auto found = decide_holder(c.now, c.actor, c.wanted, kPossible);
    ASSERT_EQ(found.has_value(), c.then.has_value()) << i;
    if (found) {
      EXPECT_EQ(found->step, *c.then) << i;
      EXPECT_EQ(found->holder, c.wanted) << i;
    } else {
      EXPECT_EQ(found.error(), c.then.error()) << i;
    }
  }
}
TEST(Alert, is_closed_by_whoever_holds_it_with_what_came_of_it) {
  EXPECT_EQ(refuse_close({}, kWren), AlertRefusal::not_held);
  EXPECT_EQ(refuse_close({.holder = kFern, .closed = false}, kWren), AlertRefusal::held_by_another);
  EXPECT_EQ(refuse_close({.holder = kWren, .closed = true}, kWren), AlertRefusal::closed);
  EXPECT_EQ(refuse_close({.holder = kWren, .closed = false}, kWren), std::nullopt);
  EXPECT_TRUE(faults_in(WantedClose{AlertOutcome::spoke, ""}).empty());
  EXPECT_EQ(faults_in(WantedClose{AlertOutcome::passed_on, " "}).front().pointer, "/note");
  EXPECT_EQ(faults_in(WantedClose{AlertOutcome::not_reached, ""}).front().pointer, "/note");
  EXPECT_TRUE(faults_in(WantedClose{AlertOutcome::not_reached, "Rang three times"}).empty());
}
TEST(Alert, is_seen_by_the_teams_leads_and_the_groups_facilitators_alone) {
  const Where where{.teams = {{"t1"}}, .groups = {{"g1"}}, .person = {"p"}, .staff = {}};
  const auto sees = [&](std::vector<Standing> standings, std::vector<GroupId> groups) {
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = kWren;
    a.standings = std::move(standings);
    a.facilitates = std::move(groups);
    return may_see(a, where);
  };
  EXPECT_TRUE(sees({{Role::facilitator, {"t1"}}}, {{"g1"}}));
  EXPECT_TRUE(sees({{Role::team_lead, {"t1"}}}, {}));
  EXPECT_FALSE(sees({{Role::facilitator, {"t1"}}}, {{"g2"}}));
  EXPECT_FALSE(sees({{Role::team_lead, {"t2"}}}, {}));
  for (const auto role : {Role::safety_officer, Role::it_support, Role::administrator, Role::trainer, Role::evaluator}) EXPECT_FALSE(sees({{role, {}}}, {}));
  Actor member;
  member.kind = Actor::Kind::member;
  member.person = {"p"};
  EXPECT_FALSE(may_see(member, where));
}

class AlertRoutes : public PreparedGroup {
 protected:
  const StaffId lead{"0198c0de-0000-7000-8000-0000000000aa"}, second{"0198c0de-0000-7000-8000-0000000000ab"};
  const SupporterId elm{"0198c0de-0000-7000-8000-0000000000ac"};
  void add_routes(http::Site& s, Desk& d) override {
    add_alert_routes(s, d);
    add_alert_seat_routes(s, {pool(), keys, entropy});
    add_today_place_routes(s, d, holds_alert);
  }
  void SetUp() override {
    PreparedGroup::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    for (const auto& [id, name] : {std::pair(lead, "Rowan Invented"), std::pair(second, "Wren Invented")})
      t->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, $2, $2, 1, 0)", id, name);
    t->run("INSERT INTO staff_role (id, staff, role, team, from_us, until_us) VALUES ($1, $1, 'team_lead', $2, 0, NULL)", lead, team);
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'co_facilitator', 'Wren', 2)", group, second);
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, alias_sealed, seat) VALUES ($1, 1, $2, 'carer', $3, $4, 50)", elm, robins,
           keys.seal({"supporter.name"}, elm.text, base::Redacted<std::string>("Invented Carer")),
           keys.seal({"supporter.alias"}, elm.text, base::Redacted<std::string>("Elm")));
    t->run("UPDATE membership SET state = 'joined', alias_sealed = $1 WHERE id = $2",
           keys.seal({"membership.alias"}, robins.text, base::Redacted<std::string>("Teasel")), robins);
    const auto pass = [&](const char* link, const char* role, const char* kind, const std::string& holder, int seat) {
      t->run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
             crypto::sha256(base::as_bytes(std::string_view(link))), session, seat, role, kind, holder, kNow.wall.us + kHour);
    };
    pass("robins-link", "member", "membership", robins.text, 11);
    pass("elms-link", "supporter", "supporter", elm.text, 50);
    pass("junipers-link", "facilitator", "staff", staff.text, 1);
    ASSERT_TRUE(t->commit());
  }
  [[nodiscard]] Actor the_lead() const { return signed_in(lead, {{Role::team_lead, team}}, {}); }
  [[nodiscard]] Actor co_facilitator() const { return signed_in(second, {{Role::facilitator, team}}, {group}); }
  [[nodiscard]] std::string place_path() const { return "/api/sessions/" + session.text + "/places/11"; }
  http::Response from_seat(const char* link, int seat, const char* kind) {
    return post("/api/arrival/alert", R"({"link":")" + std::string(link) + R"(","seat":)" + std::to_string(seat) + R"(,"kind":")" + kind + R"("})");
  }
  boost::json::array open() { return object_of(get("/api/alerts"))["items"].as_array(); }
  std::string the_open_one() {
    const auto all = open();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? "" : std::string(all[0].as_object().at("id").as_string());
  }
  http::Response hold(const std::string& id, std::int64_t version, const std::optional<StaffId>& who) {
    return post("/api/alerts/" + id + "/holder", R"({"holder":)" + (who ? "\"" + who->text + "\"" : std::string("null")) + "}", version);
  }
  http::Response close(const std::string& id, std::int64_t version, const char* body = R"({"outcome":"spoke","note":"Rang them: they are safe"})") {
    return post("/api/alerts/" + id + "/close", body, version);
  }
  void says_where(const PersonId& person, const MembershipId& membership, int seat) {
    auto t = pool().write();
    save_place(*t, keys, entropy, {.session = session, .room = 0, .group = group, .seat = seat, .role = "member", .holder_kind = "membership",
                                   .holder = membership.text, .person = person},
               {PlaceKind::address, "14 Mill Lane, Wexcombe", ""}, kNow.wall);
    ASSERT_TRUE(t->commit());
  }
};
QUIETROOM_ON_BOTH_DATABASES(AlertRoutes);

TEST_P(AlertRoutes, a_facilitator_raises_one_from_the_room_and_the_team_sees_it) {
  ASSERT_EQ(from_seat("junipers-link", 11, "drop_off").status, 204);
  for (const auto& who : {facilitator(), co_facilitator(), the_lead()}) {
    actor = who;
    const auto all = open();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].as_object().at("kind").as_string(), "drop_off");
    EXPECT_EQ(all[0].as_object().at("alias").as_string(), "Teasel");
    EXPECT_TRUE(all[0].as_object().at("holder").is_null());
  }
  actor = signed_in(StaffId{other_team.text}, {{Role::facilitator, other_team}}, {});
  EXPECT_TRUE(open().empty());
  actor = signed_in(staff, {{Role::safety_officer, {}}}, {});
  EXPECT_EQ(get("/api/alerts").status, 403);
  EXPECT_EQ(audited("raise", "incidents"), 1);
}
TEST_P(AlertRoutes, raised_again_it_is_the_same_and_says_how) {
  ASSERT_EQ(from_seat("junipers-link", 11, "drop_off").status, 204);
  ASSERT_EQ(from_seat("junipers-link", 11, "drop_off").status, 204);
  ASSERT_EQ(from_seat("robins-link", 11, "help").status, 204) << "a person's own page asks for them";
  actor = facilitator();
  const auto whole = object_of(get("/api/alerts/" + the_open_one()));
  const auto& steps = whole.at("steps").as_array();
  ASSERT_EQ(steps.size(), 2U) << "the same said twice is one step";
  EXPECT_EQ(steps[0].as_object().at("by").as_string(), "Juniper Invented");
  EXPECT_EQ(steps[1].as_object().at("origin").as_string(), "person");
  EXPECT_EQ(whole.at("alert").as_object().at("kind").as_string(), "help");
  const auto names = whole.at("mayHold").as_array();
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[1].as_object().at("name").as_string(), "Rowan Invented");
}
TEST_P(AlertRoutes, a_member_or_supporter_asks_for_help_for_themselves_alone) {
  EXPECT_EQ(from_seat("robins-link", 12, "help").status, 403);
  EXPECT_EQ(from_seat("robins-link", 11, "worried").status, 403);
  EXPECT_EQ(from_seat("unknown", 11, "help").status, 404);
  EXPECT_EQ(from_seat("junipers-link", 1, "worried").status, 404) << "a facilitator's own seat";
  ASSERT_EQ(from_seat("elms-link", 50, "help").status, 204);
  actor = facilitator();
  const auto all = open();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].as_object().at("supporter").as_bool());
  EXPECT_EQ(all[0].as_object().at("alias").as_string(), "Elm");
  EXPECT_EQ(post("/api/arrival/alerts", R"({"link":"robins-link"})").status, 403);
  EXPECT_EQ(object_of(post("/api/arrival/alerts", R"({"link":"junipers-link"})")).at("items").as_array().size(), 1U);
}
TEST_P(AlertRoutes, from_the_register_it_is_raised_by_membership) {
  actor = facilitator();
  const std::string path = "/api/sessions/" + session.text + "/alerts";
  const auto made = post(path, R"({"membership":")" + robins.text + R"(","kind":"worried"})");
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_EQ(object_of(made).at("alert").as_object().at("seat").as_int64(), 11);
  EXPECT_EQ(post(path, R"({"kind":"worried"})").status, 422);
  EXPECT_EQ(post(path, R"({"membership":")" + group.text + R"(","kind":"worried"})").status, 422);
  EXPECT_EQ(post(path, R"({"membership":")" + robins.text + R"(","kind":"bored"})").status, 422);
  actor = outsider();
  EXPECT_EQ(post(path, R"({"membership":")" + robins.text + R"(","kind":"worried"})").status, 404);
}
TEST_P(AlertRoutes, one_holds_it_hands_it_over_and_closes_it) {
  ASSERT_EQ(from_seat("junipers-link", 11, "worried").status, 204);
  actor = facilitator();
  const auto id = the_open_one();
  EXPECT_EQ(close(id, 1).status, 409) << "who does not hold it does not close it";
  ASSERT_EQ(hold(id, 1, staff).status, 200);
  actor = the_lead();
  EXPECT_EQ(hold(id, 1, lead).status, 412) << "somebody was quicker";
  EXPECT_EQ(close(id, 2).status, 409);
  actor = facilitator();
  EXPECT_EQ(hold(id, 2, StaffId{other_team.text}).status, 422);
  ASSERT_EQ(hold(id, 2, lead).status, 200);
  actor = the_lead();
  EXPECT_EQ(close(id, 3, R"({"outcome":"passed_on","note":""})").status, 422);
  const auto closed = close(id, 3);
  ASSERT_EQ(closed.status, 200) << closed.text();
  EXPECT_EQ(object_of(closed).at("note").as_string(), "Rang them: they are safe");
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(object_of(get("/api/alerts?state=closed"))["items"].as_array().size(), 1U);
  EXPECT_EQ(close(id, 4).status, 409);
  std::string steps;
  for (const auto& s : object_of(get("/api/alerts/" + id)).at("steps").as_array()) steps += std::string(s.as_object().at("what").as_string()) + " ";
  EXPECT_EQ(steps, "raised taken handed_over closed ");
  {
    auto t = pool().read();
    auto rows = t->query("SELECT note_sealed FROM safety_alert");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(base::as_text(rows.bytes(0)).find("safe"), std::string_view::npos);
  }
  ASSERT_EQ(from_seat("junipers-link", 11, "help").status, 204) << "after it a new one";
  EXPECT_EQ(open().size(), 1U);
}
TEST_P(AlertRoutes, a_colleague_takes_it_over_and_that_stands_on_record) {
  ASSERT_EQ(from_seat("junipers-link", 11, "help").status, 204);
  actor = facilitator();
  const auto id = the_open_one();
  ASSERT_EQ(hold(id, 1, staff).status, 200);
  actor = co_facilitator();
  EXPECT_EQ(hold(id, 2, lead).status, 409) << "one does not give away what another holds";
  ASSERT_EQ(hold(id, 2, second).status, 200);
  EXPECT_EQ(audited("taken_over", "incidents"), 1);
  ASSERT_EQ(hold(id, 3, std::nullopt).status, 200);
  EXPECT_TRUE(open()[0].as_object().at("holder").is_null());
}
TEST_P(AlertRoutes, whoever_leads_the_team_opens_the_place_while_they_hold_the_open_alert) {
  says_where(robin, robins, 11);
  ASSERT_EQ(from_seat("junipers-link", 11, "drop_off").status, 204);
  actor = the_lead();
  const auto id = the_open_one();
  EXPECT_EQ(get(place_path(), "drop-off").status, 403) << "it is open, and not theirs";
  ASSERT_EQ(hold(id, 1, lead).status, 200);
  EXPECT_EQ(get(place_path()).status, 403) << "and only with a reason";
  const auto opened = get(place_path(), "drop-off");
  ASSERT_EQ(opened.status, 200) << opened.text();
  EXPECT_NE(opened.text().find("14 Mill Lane"), std::string_view::npos);
  EXPECT_EQ(audited("read", "place", "drop-off"), 1);
  ASSERT_EQ(close(id, 2).status, 200);
  EXPECT_EQ(get(place_path(), "drop-off").status, 403) << "and no longer";
}
TEST_P(AlertRoutes, keeps_the_place_while_it_is_open_said_before_or_after) {
  const base::WallTime long_after{kNow.wall.us + 100 * kHour};
  says_where(ash, ashs, 12);
  ASSERT_EQ(from_seat("junipers-link", 11, "drop_off").status, 204);
  says_where(robin, robins, 11);
  {
    auto t = pool().write();
    EXPECT_EQ(forget_places(*t, long_after), 1) << "Ash's";
    EXPECT_TRUE(load_place(*t, keys, session, 0, 11));
    ASSERT_TRUE(t->commit());
  }
  actor = facilitator();
  const auto id = the_open_one();
  ASSERT_EQ(hold(id, 1, staff).status, 200);
  ASSERT_EQ(close(id, 2).status, 200);
  auto t = pool().write();
  EXPECT_EQ(forget_places(*t, long_after), 1) << "the ordinary hours count again";
}
TEST_P(AlertRoutes, the_service_raises_one_by_itself_with_its_audit_row) {
  {
    auto t = pool().write();
    EXPECT_FALSE(raise_from_call(*t, entropy, session, 1, AlertKind::drop_off, kNow.wall)) << "facilitators are nobody's alert";
    const auto first = raise_from_call(*t, entropy, session, 12, AlertKind::drop_off, kNow.wall);
    ASSERT_TRUE(first && first->fresh);
    EXPECT_EQ(first->person, ash);
    EXPECT_FALSE(raise_from_call(*t, entropy, session, 12, AlertKind::drop_off, kNow.wall)->fresh);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(audited("change", "incidents", "from-the-call"), 2);
  actor = facilitator();
  EXPECT_EQ(object_of(get("/api/alerts/" + the_open_one())).at("steps").as_array().size(), 1U);
}

}  // namespace
