// SPDX-License-Identifier: Apache-2.0
// Accounts: the rules as values, and administrators at work, on both databases.
#include "identity/office_for_tests.h"

namespace {

using identity::AccountForm;
using identity::test::Answer;
using identity::RoleAt;

const care::TeamId kNorth{"00000000-0000-7000-8000-000000000003"};
const RoleAt kFacilitates{"facilitator", {kNorth}}, kAdministers{"administrator", {}};

std::string first_fault(const base::Result<identity::AccountChanges, identity::Faults>& r) {
  return r ? "" : r.error().front().pointer + " " + r.error().front().code;
}

TEST(AccountRule, says_what_is_wrong_at_its_field) {
  const AccountForm good{.name = " Robin Ash ", .email = " Robin.Ash@Example.org", .active = true, .standings = {kFacilitates}};
  const auto checked = identity::checked(good);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->name, "Robin Ash");
  EXPECT_EQ(checked->email, "robin.ash@example.org");
  const auto with = [&](auto change) {
    AccountForm f = good;
    change(f);
    const auto r = identity::checked(f);
    return r ? std::string() : r.error().front().pointer + " " + r.error().front().code;
  };
  EXPECT_EQ(with([](auto& f) { f.name = "  "; }), "/name missing");
  EXPECT_EQ(with([](auto& f) { f.name = std::string(201, 'a'); }), "/name too-long");
  EXPECT_EQ(with([](auto& f) { f.name = "Robin\nAsh"; }), "/name letters");
  EXPECT_EQ(with([](auto& f) { f.email = ""; }), "/email missing");
  for (const char* email : {"robin", "robin@", "@example.org", "robin@example", "a b@example.org", "a@b@example.org", "a@.org", "a@example..org", "<a@example.org>"})
    EXPECT_EQ(with([&](auto& f) { f.email = email; }), "/email email") << email;
  EXPECT_EQ(with([](auto& f) { f.standings = {{"member", {}}}; }), "/standings/0/role unknown-value");
  EXPECT_EQ(with([](auto& f) { f.standings = {{"king", {}}}; }), "/standings/0/role unknown-value");
  EXPECT_EQ(with([](auto& f) { f.standings = {{"facilitator", {}}}; }), "/standings/0/team missing") << "a facilitator of everything there is not";
  EXPECT_EQ(with([](auto& f) { f.standings = {{"administrator", {kNorth}}}; }), "/standings/0/team not-asked");
  EXPECT_EQ(with([](auto& f) { f.standings = {kFacilitates, kFacilitates}; }), "/standings/0 twice");
}

TEST(AccountRule, gives_and_takes_what_differs) {
  const AccountForm now{.name = "Robin Ash", .email = "robin@example.org", .active = true, .standings = {kFacilitates, kAdministers}};
  AccountForm next = now;
  next.standings = {kAdministers, {"team_lead", {kNorth}}};
  EXPECT_EQ(first_fault(identity::decide({.now = now, .own = true, .last_administrator = true}, next)), "/standings own") << "a role for themselves";
  const auto c = identity::decide({.now = now, .own = false, .last_administrator = true}, next);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->given, (std::vector<RoleAt>{{"team_lead", {kNorth}}}));
  EXPECT_EQ(c->taken, (std::vector<RoleAt>{kFacilitates}));
  EXPECT_FALSE(c->ends_sign_ins);
}

TEST(AccountRule, keeps_an_administrator_and_nobody_shuts_themselves_out) {
  const AccountForm now{.name = "Robin Ash", .email = "robin@example.org", .active = true, .standings = {kAdministers}};
  AccountForm closed = now, stripped = now;
  closed.active = false;
  stripped.standings.clear();
  EXPECT_EQ(first_fault(identity::decide({.now = now, .own = true, .last_administrator = false}, closed)), "/active own");
  EXPECT_EQ(first_fault(identity::decide({.now = now, .own = true, .last_administrator = false}, stripped)), "/standings own");
  EXPECT_EQ(first_fault(identity::decide({.now = now, .own = false, .last_administrator = true}, closed)), "/active last");
  EXPECT_EQ(first_fault(identity::decide({.now = now, .own = false, .last_administrator = true}, stripped)), "/standings last");
  const auto c = identity::decide({.now = now, .own = false, .last_administrator = false}, closed);
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->ends_sign_ins);
}

class StaffAccounts : public identity::test::OfficeOnBothDatabases {
 protected:
  void SetUp() override {
    OfficeOnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    add("admin@example.org", {kAdministers});
    admin = signed_in("admin@example.org");
  }
  static std::string form(const std::string& email, const std::string& standings, const char* active = "true") {
    return R"({"name":"Hazel Elm","email":")" + email + R"(","active":)" + active + R"(,"standings":)" + standings + "}";
  }
  std::string of_north() const { return R"([{"role":"facilitator","team":")" + north.text + R"("}])"; }
  Answer change(Browser& b, const std::string& id, const std::string& body, const std::string& version) {
    return ask(b, http::Method::put, "/api/staff/" + id, body, {{"If-Match", "\"" + version + "\""}});
  }
  Browser admin;
};
QUIETROOM_ON_BOTH_DATABASES(StaffAccounts);

TEST_P(StaffAccounts, an_administrator_makes_one_and_its_owner_sets_it_up_by_a_link_that_works_once) {
  const auto made = post(admin, "/api/staff", form("Hazel@example.org", of_north()), {{"Idempotency-Key", "k1"}});
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.at("/email"), "hazel@example.org");
  EXPECT_EQ(post(admin, "/api/staff", form("Hazel@example.org", of_north()), {{"Idempotency-Key", "k1"}}).text, made.text) << "repeated, made once";
  const std::string id = made.at("/id");
  const auto link = post(admin, "/api/staff/" + id + "/set-up-link", R"({"secondFactor":false})");
  ASSERT_EQ(link.status, 201);
  EXPECT_TRUE(link.at("/link").starts_with("https://groups.example.org/staff/set-up#"));
  const std::string secret = link.at("/link").substr(link.at("/link").find('#') + 1);
  Browser hazel;
  const auto set_up = [&](const std::string& l, const std::string& p) {
    return post(hazel, "/api/sign-in/set-up", R"({"link":")" + l + R"(","password":")" + p + R"("})");
  };
  EXPECT_EQ(set_up(secret, "short").at("/errors/0/code"), "too-short") << "and the link still works";
  EXPECT_EQ(set_up(std::string(43, 'x'), "three dry red hats").status, 404);
  EXPECT_EQ(set_up(secret, "three dry red hats").at("/next"), "set-up-second-factor");
  EXPECT_EQ(set_up(secret, "three dry red hats").status, 404);
  EXPECT_EQ(get(hazel, "/api/me").status, 401);
  Browser again;
  EXPECT_EQ(password(again, "hazel@example.org", "three dry red hats").at("/next"), "set-up-second-factor");
}

TEST_P(StaffAccounts, where_passwords_are_off_no_link_makes_one) {
  const auto robin = add("robin@example.org", {kFacilitates});
  const std::string path = "/api/staff/" + robin.text + "/set-up-link";
  const auto link = post(admin, path, R"({"secondFactor":true})").at("/link");
  office->settings.local = false;
  EXPECT_EQ(post(admin, path, R"({"secondFactor":true})").status, 409);
  Browser b;
  const std::string old = R"({"link":")" + link.substr(link.find('#') + 1) + R"(","password":"three dry red hats"})";
  EXPECT_EQ(post(b, "/api/sign-in/set-up", old).status, 403);
  office->settings.local = true;
  EXPECT_EQ(post(b, "/api/sign-in/set-up", old).status, 200) << "and it was not used up";
}

TEST_P(StaffAccounts, a_link_ends_after_a_week_and_where_a_newer_one_was_given_and_can_replace_a_lost_phone) {
  const auto robin = add("robin@example.org", {kFacilitates});
  Browser before = signed_in("robin@example.org");
  const auto give = [&](const char* ask) {
    const auto link = post(admin, "/api/staff/" + robin.text + "/set-up-link", ask).at("/link");
    return link.substr(link.find('#') + 1);
  };
  Browser b;
  const auto use = [&](const std::string& link) {
    return post(b, "/api/sign-in/set-up", R"({"link":")" + link + R"(","password":"three dry red hats"})");
  };
  const std::string first = give(R"({"secondFactor":false})"), second = give(R"({"secondFactor":true})");
  EXPECT_EQ(use(first).status, 404);
  EXPECT_EQ(get(before, "/api/me").status, 200);
  EXPECT_EQ(use(second).at("/next"), "set-up-second-factor") << "the old one is gone with the phone";
  EXPECT_EQ(get(before, "/api/me").status, 401);
  const std::string third = give(R"({"secondFactor":false})");
  pass(7 * 24 * 3'600 + 1);
  EXPECT_EQ(use(third).status, 404);
}

TEST_P(StaffAccounts, are_changed_by_one_person_at_a_time_and_a_closed_one_is_signed_out) {
  const auto robin = add("robin@example.org", {kFacilitates});
  Browser b = signed_in("robin@example.org");
  const std::string path = "/api/staff/" + robin.text;
  EXPECT_EQ(get(admin, path).header("ETag"), "\"1\"");
  EXPECT_EQ(ask(admin, http::Method::put, path, form("robin@example.org", of_north())).status, 428);
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", of_north()), "1").status, 200);
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", of_north()), "1").status, 412);
  EXPECT_EQ(change(admin, robin.text, form("admin@example.org", of_north()), "2").at("/errors/0/code"), "taken");
  const std::string unknown = R"([{"role":"facilitator","team":"00000000-0000-7000-8000-00000000ffff"}])";
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", unknown), "2").at("/errors/0/pointer"), "/standings/0/team");
  const auto as_lead = change(admin, robin.text, form("robin@example.org", R"([{"role":"team_lead","team":")" + south.text + R"("}])"), "2");
  EXPECT_EQ(as_lead.at("/standings/0/role"), "team_lead");
  EXPECT_EQ(count("SELECT COUNT(*) FROM staff_role WHERE role = 'facilitator' AND until_us IS NOT NULL"), 1) << "what was stays on record";
  EXPECT_EQ(get(b, "/api/me").at("/standings/0/role"), "team_lead");
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", "[]", "false"), "3").status, 200);
  EXPECT_EQ(get(b, "/api/me").status, 401);
  EXPECT_EQ(post(admin, path + "/set-up-link", R"({"secondFactor":false})").status, 409);
}

TEST_P(StaffAccounts, who_leaves_a_team_leaves_its_groups_and_none_is_left_without_a_facilitator) {
  const auto robin = add("robin@example.org", {kFacilitates}), hazel = add("hazel@example.org", {kFacilitates});
  const std::string group = "0198c0de-0000-7000-8000-0000000000f1";
  {
    auto t = pool().write();
    t->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, software, venue, "
           "capacity, confidentiality_plan, made_us, closed_us) VALUES ($1, 1, $2, 'Calm', '', 'Europe/London', 1, 1, 1, '', '', 'quietroom', '', 8, '{}', 1, NULL)",
           group, north);
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Robin', 1)", group, robin);
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'co_facilitator', 'Hazel', 2)", group, hazel);
    ASSERT_TRUE(t->commit());
  }
  Browser b = signed_in("robin@example.org");
  EXPECT_EQ(get(b, "/api/me").at("/facilitates/0/id"), group);
  const std::string of_south = R"([{"role":"facilitator","team":")" + south.text + R"("}])";
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", of_south), "1").at("/errors/0/code"), "leads-groups");
  EXPECT_EQ(change(admin, hazel.text, form("hazel@example.org", of_south), "1").status, 200);
  EXPECT_EQ(count("SELECT COUNT(*) FROM group_facilitator"), 1);
  EXPECT_EQ(audited("leave-group"), 1);
  // However it came to stand there: it opens nothing for who is no facilitator any more.
  {
    auto t = pool().write();
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Hazel', 2)", group, hazel);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(change(admin, hazel.text, form("hazel@example.org", "[]"), "2").status, 200);
  EXPECT_EQ(change(admin, robin.text, form("robin@example.org", of_south), "1").at("/errors/0/code"), "leads-groups") << "hazel could not lead it";
  auto t = pool().read();
  EXPECT_TRUE(identity::actor_of(*t, hazel, now.wall).facilitates.empty());
  EXPECT_EQ(identity::actor_of(*t, robin, now.wall).facilitates.size(), 1U);
}

TEST_P(StaffAccounts, the_last_administrator_stays_and_all_sign_ins_of_somebody_can_be_ended) {
  const std::string own = get(admin, "/api/me").at("/id");
  EXPECT_EQ(change(admin, own, form("admin@example.org", "[]"), "1").at("/errors/0/code"), "own");
  const auto robin = add("robin@example.org", {kFacilitates});
  Browser b = signed_in("robin@example.org");
  EXPECT_EQ(ask(admin, http::Method::del, "/api/staff/" + robin.text + "/sign-ins").status, 204);
  EXPECT_EQ(get(b, "/api/me").status, 401);
}

TEST_P(StaffAccounts, a_lead_reads_those_of_their_team_and_nobody_else_is_told_that_there_is_one) {
  const auto robin = add("robin@example.org", {kFacilitates});
  add("lead@example.org", {{"team_lead", {north}}});
  add("other@example.org", {{"team_lead", {south}}});
  add("it@example.org", {{"it_support", {}}});
  Browser lead = signed_in("lead@example.org"), other = signed_in("other@example.org"), it = signed_in("it@example.org");
  const std::string path = "/api/staff/" + robin.text;
  EXPECT_EQ(get(lead, path).status, 200);
  EXPECT_EQ(change(lead, robin.text, form("robin@example.org", "[]"), "1").status, 403);
  EXPECT_EQ(post(lead, "/api/staff", form("x@example.org", "[]")).status, 403);
  EXPECT_EQ(get(other, path).status, 404);
  EXPECT_EQ(get(it, path).status, 403);
  EXPECT_EQ(get(admin, "/api/staff/00000000-0000-7000-8000-00000000ffff").status, 404);
}

TEST_P(StaffAccounts, the_trail_of_sign_ins_and_accounts_is_whole_and_holds_no_address) {
  post(admin, "/api/staff", form("hazel@example.org", of_north()));
  Browser b;
  password(b, "nobody@example.org", "not the password");
  auto t = pool().read();
  const auto verdict = store::verify_audit(*t);
  EXPECT_GE(verdict.rows, 4);
  EXPECT_EQ(verdict.first_wrong, std::nullopt);
  auto rows = t->query("SELECT actor_kind, actor, action, data, subject_kind, subject, person, reason, note FROM audit");
  while (rows.next())
    for (int i = 0; i < 9; ++i) EXPECT_EQ(rows.text(i).find("example.org"), std::string::npos) << rows.text(i);
}

}  // namespace
