// SPDX-License-Identifier: Apache-2.0
#include "care/access.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace {

using namespace care;

std::string table() {
  std::string out = "| data |";
  constexpr std::string_view kNames[] = {"member",  "supporter",      "facilitator", "team lead",    "IT support",
                                         "trainer", "safety officer", "evaluator",   "administrator"};
  for (const auto name : kNames) out += " " + std::string(name) + " |";
  out += "\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (std::size_t d = 0; d < kData; ++d) {
    out += "| " + std::string(title_of(static_cast<Data>(d))) + " |";
    for (std::size_t r = 0; r < kRoles; ++r) out += " " + cell_text(cell(static_cast<Data>(d), static_cast<Role>(r))) + " |";
    out += "\n";
  }
  return out;
}

TEST(Access, is_the_table_of_the_documents) {
  std::ifstream in(QUIETROOM_SOURCE_DIR "/docs/access.md");
  const std::string document{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(document.find(table()), std::string::npos) << "docs/access.md should hold:\n" << table();
}

Actor staff(std::vector<Standing> standings, std::vector<GroupId> groups = {}) {
  Actor a;
  a.kind = Actor::Kind::staff;
  a.staff = {"s"};
  a.standings = std::move(standings);
  a.facilitates = std::move(groups);
  return a;
}
const Where kPerson{.teams = {{"t1"}}, .groups = {{"g1"}}, .person = {"p"}, .staff = {}};

TEST(Access, a_facilitator_sees_the_people_of_their_own_groups_alone) {
  EXPECT_TRUE(may(staff({{Role::facilitator, {"t1"}}}, {{"g1"}}), Data::identity, Access::read, kPerson).allowed);
  EXPECT_FALSE(may(staff({{Role::facilitator, {"t1"}}}, {{"g2"}}), Data::identity, Access::read, kPerson).allowed);
  EXPECT_FALSE(may(staff({{Role::facilitator, {"t1"}}}, {{"g1"}}), Data::identity, Access::write, kPerson).allowed);
}
TEST(Access, a_team_lead_writes_in_their_own_team_alone) {
  EXPECT_TRUE(may(staff({{Role::team_lead, {"t1"}}}), Data::identity, Access::write, kPerson).allowed);
  EXPECT_FALSE(may(staff({{Role::team_lead, {"t2"}}}), Data::identity, Access::read, kPerson).allowed);
}
TEST(Access, an_administrator_sees_no_patient) {
  for (const auto data : {Data::identity, Data::booking_card, Data::needs, Data::preparation, Data::membership, Data::attendance, Data::place})
    for (const auto access : {Access::read, Access::write})
      EXPECT_FALSE(may(staff({{Role::administrator, {}}}), data, access, kPerson).allowed);
}
TEST(Access, a_reason_is_asked_for_where_no_other_role_opens_it) {
  EXPECT_TRUE(may(staff({{Role::safety_officer, {}}}), Data::identity, Access::read, kPerson).needs_reason);
  EXPECT_FALSE(may(staff({{Role::safety_officer, {}}, {Role::team_lead, {"t1"}}}), Data::identity, Access::read, kPerson).needs_reason);
}
TEST(Access, broken_glass_opens_identity_safety_plan_and_place_of_that_person_alone) {
  Actor a = staff({{Role::facilitator, {"t2"}}});
  EXPECT_FALSE(may(a, Data::identity, Access::read, kPerson).allowed);
  a.opened = {{"p"}};
  for (const auto data : {Data::identity, Data::preparation, Data::place}) EXPECT_TRUE(may(a, data, Access::read, kPerson).broke_glass);
  EXPECT_FALSE(may(a, Data::identity, Access::write, kPerson).allowed);
  EXPECT_FALSE(may(a, Data::attendance, Access::read, kPerson).allowed);
  a.opened = {{"q"}};
  EXPECT_FALSE(may(a, Data::identity, Access::read, kPerson).allowed);
}
TEST(Access, a_place_opens_to_a_team_lead_by_an_open_alert_that_they_hold_alone) {
  const Actor lead = staff({{Role::team_lead, {"t1"}}});
  EXPECT_FALSE(may(lead, Data::place, Access::read, kPerson).allowed);
  Where held = kPerson;
  held.alert_held = true;
  EXPECT_TRUE(may(lead, Data::place, Access::read, held).allowed);
  EXPECT_TRUE(may(lead, Data::place, Access::read, held).needs_reason);
  EXPECT_FALSE(may(lead, Data::place, Access::write, held).allowed);
  EXPECT_FALSE(may(staff({{Role::team_lead, {"t2"}}}), Data::place, Access::read, held).allowed) << "an alert opens nothing in another team";
  for (const auto role : {Role::it_support, Role::trainer, Role::safety_officer, Role::evaluator, Role::administrator})
    EXPECT_FALSE(may(staff({{role, {}}}), Data::place, Access::read, held).allowed) << to_text(role);
  EXPECT_TRUE(may(staff({{Role::facilitator, {"t1"}}}, {{"g1"}}), Data::place, Access::read, kPerson).needs_reason) << "that session's facilitators need none";
}
TEST(Access, a_member_reads_their_own_and_nobody_elses) {
  Actor a;
  a.kind = Actor::Kind::member;
  a.person = {"p"};
  EXPECT_TRUE(may(a, Data::identity, Access::read, kPerson).allowed);
  EXPECT_FALSE(may(a, Data::identity, Access::write, kPerson).allowed);
  EXPECT_TRUE(may(a, Data::needs, Access::write, kPerson).allowed);
  a.person = {"q"};
  EXPECT_FALSE(may(a, Data::identity, Access::read, kPerson).allowed);
  a.person = {};
  EXPECT_FALSE(may(a, Data::identity, Access::read, {}).allowed) << "nobody is not oneself";
}
TEST(Access, figures_open_no_row) {
  EXPECT_FALSE(may(staff({{Role::evaluator, {}}}), Data::attendance, Access::read, kPerson).allowed);
  EXPECT_FALSE(might(staff({{Role::evaluator, {}}}), Data::attendance, Access::read));
}
TEST(Access, nobody_without_a_standing_gets_anything) {
  for (std::size_t d = 0; d < kData; ++d)
    for (const auto access : {Access::read, Access::write})
      EXPECT_FALSE(may(staff({}), static_cast<Data>(d), access, kPerson).allowed);
}

}  // namespace
