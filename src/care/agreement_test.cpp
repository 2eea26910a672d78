// SPDX-License-Identifier: Apache-2.0
// The group's agreement: rules without a database, then table and routes on both.
#include "care/agreement.h"

#include "care/agreement_routes.h"
#include "care/agreement_table.h"
#include "care/agreement_template_routes.h"
#include "care/preparation_for_tests.h"

namespace {

using namespace care;

AgreementText first_text() {
  return {.title = "Our agreement", .points = {"What is said here stays here.", "We come on time."},
          .easy = {{Symbol::lock, "We keep secrets."}}, .changed = {}};
}
std::vector<std::string> pointers(const FieldFaults& faults) {
  std::vector<std::string> out;
  for (const auto& f : faults) out.push_back(f.pointer);
  return out;
}

TEST(Agreement, has_plain_words_and_easy_read) {
  EXPECT_EQ(decide_agreement(first_text(), {}).value(), first_text());
  EXPECT_EQ(pointers(decide_agreement({}, {}).error()), (std::vector<std::string>{"/title", "/points", "/easy"}));
  auto spaced = first_text();
  spaced.points.push_back("  ");
  EXPECT_EQ(decide_agreement(spaced, {}).value(), first_text());
}
TEST(Agreement, a_later_version_says_what_is_new_and_is_not_the_same_again) {
  const Agreement before{.id = {}, .number = 1, .text = first_text(), .made = {}, .staff = {}};
  EXPECT_EQ(pointers(decide_agreement(first_text(), before).error()), (std::vector<std::string>{"/changed", "/points"}));
  auto later = first_text();
  later.points.emplace_back("Phones are silent.");
  later.changed = "Phones";
  EXPECT_TRUE(decide_agreement(later, before));
}
TEST(Agreement, is_short_enough_to_be_shown_in_a_room) {
  auto text = first_text();
  text.points.assign(14, std::string(399, 'a'));
  text.easy.assign(14, {Symbol::talk, std::string(239, 'b')});
  EXPECT_EQ(pointers(decide_agreement(text, {}).error()), std::vector<std::string>{"/points"});
}
TEST(Agreement, is_asked_for_until_this_version_is_accepted) {
  EXPECT_FALSE(is_to_be_asked({}, {}));
  const Agreement second{.id = {}, .number = 2, .text = {}, .made = {}, .staff = {}};
  EXPECT_TRUE(is_to_be_asked(second, {}));
  EXPECT_TRUE(is_to_be_asked(second, 1));
  EXPECT_FALSE(is_to_be_asked(second, 2));
}

class AgreementRoutes : public PreparedGroup {
 protected:
  void add_routes(http::Site& s, Desk& d) override {
    add_agreement_routes(s, d);
    add_agreement_template_routes(s, d);
  }
  [[nodiscard]] Actor administrator() const { return signed_in(staff, {{Role::administrator, {}}}, {}); }
  [[nodiscard]] std::string path() const { return "/api/groups/" + group.text + "/agreement"; }
  void write_first() {
    actor = facilitator();
    const auto made = post(path(), base::json::write(first_text()), 0);
    ASSERT_EQ(made.status, 201) << made.text();
  }
  void write_second() {
    actor = facilitator();
    auto later = first_text();
    later.points.emplace_back("Phones are silent.");
    later.changed = "Phones";
    ASSERT_EQ(post(path(), base::json::write(later), 1).status, 201);
  }
};
QUIETROOM_ON_BOTH_DATABASES(AgreementRoutes);

TEST_P(AgreementRoutes, a_member_accepts_this_version_and_is_asked_again_when_it_changes) {
  write_first();
  actor = member(robin, robins);
  EXPECT_TRUE(object_of(get("/api/mine/agreement"))["ask"].as_bool());
  ASSERT_EQ(post("/api/mine/agreement", R"({"number":1})").status, 200);
  EXPECT_EQ(post("/api/mine/agreement", R"({"number":1})").status, 200) << "again is nothing";
  EXPECT_FALSE(object_of(get("/api/mine/agreement"))["ask"].as_bool());
  write_second();
  actor = member(robin, robins);
  const auto now = object_of(get("/api/mine/agreement"));
  EXPECT_TRUE(now.at("ask").as_bool());
  EXPECT_EQ(now.at("accepted").as_object().at("number").as_int64(), 1);
  EXPECT_EQ(post("/api/mine/agreement", R"({"number":1})").status, 409) << "an old version is accepted no more";
}
TEST_P(AgreementRoutes, staff_note_what_somebody_said_aloud_or_signed_on_paper) {
  write_first();
  EXPECT_EQ(post("/api/memberships/" + ashs.text + "/agreement", R"({"number":1,"how":"self"})").status, 422);
  ASSERT_EQ(post("/api/memberships/" + ashs.text + "/agreement", R"({"number":1,"how":"on_paper"})").status, 204);
  const auto all = object_of(get(path()));
  const auto& members = all.at("members").as_array();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_TRUE(members[0].as_object().at("accepted").as_array().empty());
  const auto& noted = members[1].as_object().at("accepted").as_array().at(0).as_object();
  EXPECT_EQ(noted.at("how").as_string(), "on_paper");
  EXPECT_EQ(noted.at("by").as_string(), "Juniper Invented");
  EXPECT_EQ(members[1].as_object().at("name").as_string(), "Invented Person, no date of birth");
  EXPECT_EQ(all.at("versions").as_array().at(0).as_object().at("accepted").as_int64(), 1);
  auto t = pool().read();
  auto rows = t->query("SELECT staff, at_us FROM agreement_acceptance");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), staff.text);
  EXPECT_EQ(rows.integer(1), kNow.wall.us);
}
TEST_P(AgreementRoutes, who_accepted_which_version_when_stays_known) {
  write_first();
  ASSERT_EQ(post("/api/memberships/" + ashs.text + "/agreement", R"({"number":1,"how":"aloud"})").status, 204);
  write_second();
  ASSERT_EQ(post("/api/memberships/" + ashs.text + "/agreement", R"({"number":2,"how":"on_paper"})").status, 204);
  const auto all = object_of(get(path()));
  const auto& accepted = all.at("members").as_array().at(1).as_object().at("accepted").as_array();
  ASSERT_EQ(accepted.size(), 2U);
  EXPECT_EQ(accepted[0].as_object().at("number").as_int64(), 2);
  EXPECT_EQ(accepted[1].as_object().at("how").as_string(), "aloud");
  const auto& versions = all.at("versions").as_array();
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[1].as_object().at("text").as_object().at("points").as_array().size(), 2U) << "what they accepted then can be read";
}
TEST_P(AgreementRoutes, a_supporter_accepts_for_themselves_and_reads_nothing_else) {
  write_first();
  const SupporterId elm{"0198c0de-0000-7000-8000-00000000000e"};
  {
    auto t = pool().write();
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, alias_sealed, seat) VALUES ($1, 1, $2, 'carer', $3, $4, 50)", elm, robins,
           keys.seal({"supporter.name"}, elm.text, base::Redacted<std::string>("Invented Carer")),
           keys.seal({"supporter.alias"}, elm.text, base::Redacted<std::string>("Elm")));
    ASSERT_TRUE(t->commit());
  }
  actor = member(robin, robins);
  actor.kind = Actor::Kind::supporter;
  actor.supporter = elm;
  EXPECT_TRUE(object_of(get("/api/mine/agreement"))["ask"].as_bool());
  ASSERT_EQ(post("/api/mine/agreement", R"({"number":1})").status, 200);
  EXPECT_FALSE(object_of(get("/api/mine/agreement"))["ask"].as_bool());
  actor = member(robin, robins);
  EXPECT_TRUE(object_of(get("/api/mine/agreement"))["ask"].as_bool()) << "the supporter accepted for themselves, not for the member";
  write_second();
  actor = facilitator();
  ASSERT_EQ(post("/api/supporters/" + elm.text + "/agreement", R"({"number":2,"how":"aloud"})").status, 204);
  const auto all = object_of(get(path()));
  const auto& supporters = all.at("members").as_array().at(0).as_object().at("supporters").as_array();
  ASSERT_EQ(supporters.size(), 1U);
  EXPECT_EQ(supporters[0].as_object().at("alias").as_string(), "Elm");
  EXPECT_EQ(supporters[0].as_object().at("accepted").as_array().size(), 2U);
  {
    auto t = pool().write();
    t->run("UPDATE supporter SET until_us = $1", kNow.wall);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(post("/api/supporters/" + elm.text + "/agreement", R"({"number":2,"how":"aloud"})").status, 404) << "who comes along no more";
  actor = outsider();
  EXPECT_EQ(post("/api/supporters/" + elm.text + "/agreement", R"({"number":2,"how":"aloud"})").status, 404);
}
TEST_P(AgreementRoutes, a_version_is_written_on_the_newest_one_alone) {
  write_first();
  EXPECT_EQ(post(path(), base::json::write(first_text()), 0).status, 412);
  write_second();
  EXPECT_EQ(get(path()).header("ETag"), "\"2\"");
}
TEST_P(AgreementRoutes, others_do_not_see_it) {
  write_first();
  actor = outsider();
  EXPECT_EQ(get(path()).status, 404);
  EXPECT_EQ(post(path(), base::json::write(first_text()), 1).status, 404);
  EXPECT_EQ(post("/api/memberships/" + robins.text + "/agreement", R"({"number":1,"how":"aloud"})").status, 404);
  actor = team_lead();
  const auto seen = object_of(get(path()));
  EXPECT_FALSE(seen.at("current").is_null());
  EXPECT_TRUE(seen.at("members").is_null()) << "who accepted is part of their preparation: with a reason alone";
}
TEST_P(AgreementRoutes, the_trusts_template_is_offered_where_there_is_one) {
  actor = facilitator();
  EXPECT_TRUE(object_of(get(path()))["template"].is_null());
  auto t = pool().write();
  t->run("UPDATE trust SET settings = $1", R"({"agreement":)" + base::json::write(first_text()) + "}");
  ASSERT_TRUE(t->commit());
  EXPECT_EQ(object_of(get(path()))["template"].as_object()["title"].as_string(), "Our agreement");
}
TEST_P(AgreementRoutes, an_administrator_writes_the_template_and_a_group_begins_with_it) {
  constexpr const char* kTemplate = "/api/trust/agreement";
  {
    auto t = pool().write();
    t->run("UPDATE trust SET settings = $1", R"({"other":{"kept":true}})");
    ASSERT_TRUE(t->commit());
  }
  actor = administrator();
  const auto none = get(kTemplate);
  ASSERT_EQ(none.status, 200) << none.text();
  EXPECT_TRUE(object_of(none).at("text").is_null());
  auto wanted = first_text();
  wanted.changed = "nothing was before it";
  EXPECT_EQ(put(kTemplate, 7, base::json::write(wanted)).status, 412);
  EXPECT_EQ(put(kTemplate, 1, base::json::write(AgreementText{})).status, 422);
  const auto saved = put(kTemplate, 1, base::json::write(wanted));
  ASSERT_EQ(saved.status, 200) << saved.text();
  EXPECT_EQ(object_of(saved).at("text").as_object().at("changed").as_string(), "");
  EXPECT_EQ(put(kTemplate, 1, base::json::write(wanted)).status, 412) << "two who change it at once";
  {
    const auto t = pool().read();
    auto rows = t->query("SELECT settings FROM trust");
    ASSERT_TRUE(rows.next());
    EXPECT_NE(rows.text(0).find(R"("kept":true)"), std::string::npos) << "the other settings stay";
  }
  actor = facilitator();
  EXPECT_EQ(object_of(get(path()))["template"].as_object()["title"].as_string(), "Our agreement");
}
TEST_P(AgreementRoutes, nobody_else_reads_or_writes_the_template_there) {
  for (const auto& other : {facilitator(), team_lead(), signed_in(staff, {{Role::safety_officer, {}}}, {}), member(PersonId{staff.text}, MembershipId{staff.text})}) {
    actor = other;
    EXPECT_NE(get("/api/trust/agreement").status, 200);
    EXPECT_NE(put("/api/trust/agreement", 1, base::json::write(first_text())).status, 200);
  }
}

}  // namespace
