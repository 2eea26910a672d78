// SPDX-License-Identifier: Apache-2.0
// The safety plan of a person at one look: for whom it opens, with which reason, and that the place stands in it only where the
// glass was broken, for as long as it is.
#include <gmock/gmock.h>

#include "care/person_safety_routes.h"
#include "care/preparation_for_tests.h"
#include "care/preparation_table.h"
#include "care/today_place_table.h"

namespace care {
namespace {

using testing::HasSubstr;
using testing::Not;

class PersonSafety : public PreparedGroup {
 protected:
  void add_routes(http::Site& site, Desk& desk) override { add_person_safety_routes(site, desk); }
  void SetUp() override {
    PreparedGroup::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    WantedPreparation wanted;
    wanted.record.safety = {.signs = "Goes quiet", .helps = "A walk", .people = "Sister", .if_line_drops = "Ring the mobile"};
    wanted.record.emergency = {.name = "Wren Invented", .relation = "sister", .telephone = "07700 900555"};
    wanted.record.overheard = "The neighbour";
    wanted.conflict.note = "Knows Heron";
    auto t = pool().write();
    ASSERT_TRUE(save_preparation(*t, keys, robins, {}, wanted, staff, kNow.wall));
    save_place(*t, keys, entropy, {.session = session, .group = group, .seat = 11, .role = "member", .holder_kind = "membership", .holder = robins.text, .person = robin},
               {.kind = PlaceKind::address, .text = "4 Made Up Lane", .ward = {}}, kNow.wall);
    ASSERT_TRUE(t->commit());
  }
  std::string path(const PersonId& of) const { return "/api/people/" + of.text + "/safety"; }
};

TEST_P(PersonSafety, opens_to_the_facilitator_of_their_group_without_the_place) {
  actor = facilitator();
  const auto answer = get(path(robin));
  ASSERT_EQ(answer.status, 200) << answer.text();
  EXPECT_THAT(std::string(answer.text()), HasSubstr("Ring the mobile"));
  EXPECT_THAT(std::string(answer.text()), HasSubstr("07700 900555"));
  EXPECT_EQ(object_of(answer).at("placeOpen"), false);
  for (const char* hidden : {"Made Up Lane", "Heron", "neighbour", "Tuesday"}) EXPECT_THAT(std::string(answer.text()), Not(HasSubstr(hidden)));
  EXPECT_EQ(audited("read", "preparation"), 1);
}

TEST_P(PersonSafety, asks_a_team_lead_for_a_reason_and_an_outsider_learns_nothing) {
  actor = team_lead();
  EXPECT_THAT(std::string(get(path(robin)).text()), HasSubstr("reason-wanted"));
  const auto answer = get(path(robin), "safeguarding");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(std::string(answer.text()), HasSubstr("Goes quiet"));
  EXPECT_EQ(audited("read", "preparation", "safeguarding"), 1);
  actor = outsider();
  EXPECT_EQ(get(path(robin), "safeguarding").status, 404);
  EXPECT_EQ(audited("refused", "preparation"), 1);
}

TEST_P(PersonSafety, broken_glass_opens_plan_and_place_of_that_person_alone_and_is_audited_as_such) {
  actor = outsider();
  actor.opened = {robin};
  const auto answer = get(path(robin));
  ASSERT_EQ(answer.status, 200) << answer.text();
  EXPECT_THAT(std::string(answer.text()), HasSubstr("Goes quiet"));
  EXPECT_THAT(std::string(answer.text()), HasSubstr("4 Made Up Lane"));
  EXPECT_THAT(std::string(answer.text()), Not(HasSubstr("Tuesday")));
  EXPECT_EQ(audited("read-broken-glass", "preparation"), 1);
  EXPECT_EQ(audited("read-broken-glass", "place"), 1);
  EXPECT_EQ(get(path(ash)).status, 404);
  actor.opened = {};  // the hour is over
  EXPECT_EQ(get(path(robin)).status, 404);
}

TEST_P(PersonSafety, says_so_where_nothing_was_agreed_or_said) {
  actor = outsider();
  actor.opened = {ash};
  const auto answer = object_of(get(path(ash)));
  EXPECT_EQ(answer.at("plans").as_array().size(), 0U);
  EXPECT_EQ(answer.at("placeOpen"), true);
  EXPECT_TRUE(answer.at("place").is_null());
}

QUIETROOM_ON_BOTH_DATABASES(PersonSafety);

}  // namespace
}  // namespace care
