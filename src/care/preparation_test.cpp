// SPDX-License-Identifier: Apache-2.0
// Preparation: rules without a database, then table and routes on both.
#include "care/preparation.h"

#include "care/preparation_for_tests.h"
#include "care/preparation_routes.h"
#include "care/preparation_table.h"
#include "care/session_table.h"

namespace {

using namespace care;

WantedPreparation everything_said() {
  WantedPreparation w;
  for (const auto& [part, name] : json_names(Part{})) w.record.parts.push_back({part, PartState::done, {}});
  w.record.overheard = "Nobody: the flat is hers";
  w.record.questions = {{"Can my manager find out?", "No. We tell nobody at work."}};
  w.record.place = "Kitchen table";
  w.record.headphones.value = Headphones::lent;
  w.record.technology.value = Tried::works;
  w.record.way.value = Way::video;
  w.record.communication = "None";
  w.record.safety.helps = "Walking the dog";
  w.record.emergency = {"Invented Sibling", "sister", "01632 960001"};
  w.conflict = {{Knows::somebody}, "Works with Ash: we spoke with both"};
  w.alias = "Robin";
  w.disguise = {PictureDisguise::blur, VoiceDisguise::lower};
  return w;
}
PartAnswer& part(WantedPreparation& w, Part which) {
  return *std::ranges::find(w.record.parts, which, &PartAnswer::part);
}
std::vector<std::string> pointers(const FieldFaults& faults) {
  std::vector<std::string> out;
  for (const auto& f : faults) out.push_back(f.pointer);
  return out;
}

TEST(Preparation, nothing_is_chosen_beforehand_and_everything_is_missing) {
  const WantedPreparation fresh;
  EXPECT_EQ(missing_before_first(fresh.record).size(), kParts);
  EXPECT_FALSE(fresh.record.way.value || fresh.record.headphones.value || fresh.record.technology.value || fresh.conflict.knows.value);
  EXPECT_TRUE(faults_in(fresh, {}, {}, {}).empty()) << "a page that was only opened can be saved";
}
TEST(Preparation, with_every_part_said_nothing_is_missing) {
  const auto w = everything_said();
  EXPECT_TRUE(faults_in(w, {}, {}, {}).empty());
  EXPECT_TRUE(missing_before_first(w.record).empty());
}
TEST(Preparation, a_part_that_is_done_holds_what_it_asks_for) {
  struct Case {
    const char* pointer;
    std::function<void(WantedPreparation&)> take;
  };
  const std::vector<Case> cases{
      {"/record/overheard", [](auto& w) { w.record.overheard = "  "; }},
      {"/record/questions/0/answer", [](auto& w) { w.record.questions[0].answer.clear(); }},
      {"/record/place", [](auto& w) { w.record.place.clear(); }},
      {"/record/headphones", [](auto& w) { w.record.headphones.value.reset(); }},
      {"/record/technology", [](auto& w) { w.record.technology.value.reset(); }},
      {"/alias", [](auto& w) { w.alias.clear(); }},
      {"/conflict/knows", [](auto& w) { w.conflict.knows.value.reset(); }},
      {"/conflict/note", [](auto& w) { w.conflict.note.clear(); }},
      {"/record/way", [](auto& w) { w.record.way.value.reset(); }},
      {"/record/communication", [](auto& w) { w.record.communication.clear(); }},
      {"/record/safety/helps", [](auto& w) { w.record.safety.helps.clear(); }},
      {"/record/emergency/telephone", [](auto& w) { w.record.emergency.telephone.clear(); }},
  };
  for (const auto& c : cases) {
    auto w = everything_said();
    c.take(w);
    EXPECT_EQ(pointers(faults_in(w, {}, {}, {})), std::vector<std::string>{c.pointer});
  }
}
TEST(Preparation, an_open_part_may_hold_anything) {
  auto w = everything_said();
  part(w, Part::place).state = PartState::open;
  w.record.place.clear();
  EXPECT_TRUE(faults_in(w, {}, {}, {}).empty());
  EXPECT_EQ(missing_before_first(w.record), std::vector{Part::place});
}
TEST(Preparation, each_session_to_come_has_its_way_or_they_decide_each_time) {
  const SessionId first{"0198c0de-0000-7000-8000-000000000101"}, second{"0198c0de-0000-7000-8000-000000000102"};
  auto w = everything_said();
  w.sessions = {{first, {Way::phone}}, {second, {}}};
  EXPECT_EQ(pointers(faults_in(w, {}, {first, second}, {})), std::vector<std::string>{"/sessions/1/way"}) << "a preference in general is no answer for a day";
  w.sessions[1].way.value = Way::in_person;
  EXPECT_TRUE(faults_in(w, {}, {first, second}, {}).empty());
  const SessionId later{"0198c0de-0000-7000-8000-000000000103"};
  w.sessions.push_back({later, {}});
  EXPECT_TRUE(faults_in(w, {}, {first, second, later}, w.record).empty()) << "a session that was planned since keeps nothing else from being saved";
  w.sessions.pop_back();
  EXPECT_EQ(pointers(faults_in(w, {}, {first, second, later}, {})), std::vector<std::string>{"/sessions"}) << "a session that the page did not know";
  w.sessions = {{first, {}}, {second, {}}};
  w.record.way_note = "Decides each time";
  EXPECT_TRUE(faults_in(w, {}, {first, second}, {}).empty());
}
TEST(Preparation, every_part_that_may_be_declined_asks_for_the_reason_and_keeps_it) {
  int asked = 0;
  for (const auto& [which, name] : json_names(Part{})) {
    if (!may_be_declined(which)) continue;
    auto w = everything_said();
    part(w, which) = {which, PartState::declined, " "};
    const auto faults = faults_in(w, {}, {}, {});
    ASSERT_EQ(faults.size(), 1U) << name;
    EXPECT_TRUE(faults.front().pointer.ends_with("/reason")) << faults.front().pointer;
    part(w, which).reason = "In their own words";
    EXPECT_TRUE(faults_in(w, {}, {}, {}).empty()) << name;
    EXPECT_TRUE(missing_before_first(w.record).empty()) << name;
    ++asked;
  }
  EXPECT_EQ(asked, 10);
}
TEST(Preparation, what_is_declined_keeps_its_reason_and_is_not_missing) {
  auto w = everything_said();
  part(w, Part::emergency) = {Part::emergency, PartState::declined, ""};
  EXPECT_EQ(pointers(faults_in(w, {}, {}, {})).size(), 1U);
  part(w, Part::emergency).reason = "Has nobody they would want rung";
  EXPECT_TRUE(faults_in(w, {}, {}, {}).empty());
  EXPECT_TRUE(missing_before_first(w.record).empty());
}
TEST(Preparation, the_services_own_duties_cannot_be_declined) {
  for (const auto which : {Part::group, Part::confidentiality, Part::conflict}) {
    auto w = everything_said();
    part(w, which) = {which, PartState::declined, "no time"};
    EXPECT_FALSE(faults_in(w, {}, {}, {}).empty());
  }
}
TEST(Preparation, an_alias_is_one_persons_whatever_its_capitals) {
  EXPECT_EQ(pointers(faults_in(everything_said(), {base::Redacted<std::string>("rObIn")}, {}, {})), std::vector<std::string>{"/alias"});
}
TEST(Preparation, an_alias_is_held_to_the_rules_of_a_card) {
  const auto fault = [](std::string alias, const std::vector<base::Redacted<std::string>>& others) {
    auto w = everything_said();
    w.alias = std::move(alias);
    const auto faults = faults_in(w, others, {}, {});
    return faults.empty() ? std::string() : faults.front().pointer + " " + faults.front().code;
  };
  const std::vector<base::Redacted<std::string>> others{base::Redacted<std::string>("Little  Wren"), base::Redacted<std::string>("")};
  EXPECT_EQ(fault(" little wren ", others), "/alias taken") << "spaces around or doubled do not make it another's";
  EXPECT_EQ(fault(std::string(41, 'x'), {}), "/alias too-long");
  EXPECT_EQ(fault("Wren\nWren", {}), "/alias characters");
  EXPECT_EQ(fault(std::string(40, 'x'), others), "");
  auto open = everything_said();
  open.alias.clear();
  part(open, Part::alias).state = PartState::open;
  EXPECT_TRUE(faults_in(open, others, {}, {}).empty()) << "who has none yet is nobody's double";
}
TEST(Preparation, finishing_prepares_who_waits_and_leaves_who_has_joined) {
  const auto w = everything_said();
  EXPECT_EQ(finish(w.record, MembershipState::referred).value(), MembershipState::prepared);
  EXPECT_EQ(finish(w.record, MembershipState::joined).value(), std::nullopt);
  EXPECT_FALSE(finish(w.record, MembershipState::stopped));
  auto open = w;
  part(open, Part::safety).state = PartState::open;
  ASSERT_FALSE(finish(open.record, MembershipState::waiting));
  EXPECT_EQ(pointers(finish(open.record, MembershipState::waiting).error()), std::vector<std::string>{"/safety"});
}

class PreparationRoutes : public PreparedGroup {
 protected:
  void add_routes(http::Site& s, Desk& d) override { add_preparation_routes(s, d); }
  [[nodiscard]] std::string path() const { return "/api/memberships/" + robins.text + "/preparation"; }
  // With a way for the session that is to come, where nothing is said of it.
  [[nodiscard]] std::string said(WantedPreparation w) const {
    if (w.sessions.empty()) w.sessions = {{session, w.record.way}};
    return base::json::write(w);
  }
};
QUIETROOM_ON_BOTH_DATABASES(PreparationRoutes);

TEST_P(PreparationRoutes, is_saved_step_by_step_and_gone_on_with_later) {
  actor = facilitator();
  const auto first = get(path());
  ASSERT_EQ(first.status, 200) << first.text();
  EXPECT_EQ(first.header("ETag"), "\"0\"");
  EXPECT_EQ(object_of(first)["missing"].as_array().size(), kParts);
  auto w = everything_said();
  for (auto& p : w.record.parts)
    if (p.part != Part::overheard) p.state = PartState::open;
  const auto saved = put(path(), 0, said(w));
  ASSERT_EQ(saved.status, 200) << saved.text();
  EXPECT_EQ(saved.header("ETag"), "\"1\"");
  const auto again = get(path());
  EXPECT_EQ(object_of(again)["record"].as_object()["overheard"].as_string(), "Nobody: the flat is hers");
  EXPECT_EQ(object_of(again)["alias"].as_string(), "Robin");
  EXPECT_EQ(object_of(again)["disguise"].as_object()["picture"].as_string(), "blur");
  EXPECT_EQ(object_of(again)["missing"].as_array().size(), kParts - 1);
}
TEST_P(PreparationRoutes, two_who_write_at_once_do_not_overwrite_each_other) {
  actor = facilitator();
  ASSERT_EQ(put(path(), 0, said(everything_said())).status, 200);
  EXPECT_EQ(put(path(), 0, said(everything_said())).status, 412);
  EXPECT_EQ(ask(http::Method::put, path(), said(everything_said()), {}).status, 428);
}
TEST_P(PreparationRoutes, what_is_wrong_is_said_by_its_field_and_nothing_is_saved) {
  actor = facilitator();
  auto w = everything_said();
  w.record.place.clear();
  const auto r = put(path(), 0, said(w));
  EXPECT_EQ(r.status, 422);
  EXPECT_NE(r.text().find("/record/place"), std::string_view::npos);
  EXPECT_EQ(get(path()).header("ETag"), "\"0\"");
}
TEST_P(PreparationRoutes, finishing_moves_the_membership_to_prepared_and_expects_the_person) {
  actor = facilitator();
  ASSERT_EQ(post(path() + "/finish", "", 0).status, 422);
  ASSERT_EQ(put(path(), 0, said(everything_said())).status, 200);
  const auto r = post(path() + "/finish", "", 1);
  ASSERT_EQ(r.status, 200) << r.text();
  EXPECT_EQ(object_of(r)["state"].as_string(), "prepared");
  auto t = pool().read();
  auto steps = t->query("SELECT state, staff FROM membership_step WHERE membership = $1", robins);
  ASSERT_TRUE(steps.next());
  EXPECT_EQ(steps.text(0), "prepared");
  EXPECT_EQ(steps.text(1), staff.text);
  auto expected = t->query("SELECT COUNT(*) FROM attendance WHERE membership = $1", robins);
  ASSERT_TRUE(expected.next());
  EXPECT_EQ(expected.integer(0), 1);
}
TEST_P(PreparationRoutes, the_way_of_each_session_goes_into_the_register) {
  actor = facilitator();
  auto w = everything_said();
  w.sessions = {{session, {Way::phone}}};
  const auto saved = put(path(), 0, said(w));
  ASSERT_EQ(saved.status, 200) << saved.text();
  EXPECT_EQ(object_of(saved)["sessions"].as_array().at(0).as_object()["way"].as_string(), "phone");
  w.sessions[0].way.value.reset();
  EXPECT_TRUE(object_of(put(path(), 1, said(w)))["sessions"].as_array().at(0).as_object()["way"].is_null());
  w.sessions[0].session = SessionId{"0198c0de-0000-7000-8000-0000000000ff"};
  EXPECT_EQ(put(path(), 2, said(w)).status, 422);
}
TEST_P(PreparationRoutes, nobody_outside_learns_that_there_is_something) {
  actor = outsider();
  EXPECT_EQ(get(path()).status, 404);
  EXPECT_EQ(put(path(), 0, said(everything_said())).status, 404);
  actor = member(robin, robins);
  EXPECT_EQ(get(path()).status, 403) << "members have no route to it: the conflict check is never shown to them";
}
TEST_P(PreparationRoutes, a_team_lead_reads_with_a_reason_and_writes_nothing) {
  actor = team_lead();
  EXPECT_EQ(get(path()).status, 403);
  const auto r = get(path(), "complaint");
  EXPECT_EQ(r.status, 200) << r.text();
  EXPECT_EQ(audited("read", "preparation", "complaint"), 1);
  EXPECT_EQ(put(path(), 0, said(everything_said())).status, 403);
}
TEST_P(PreparationRoutes, readiness_says_what_each_person_still_needs) {
  actor = facilitator();
  auto w = everything_said();
  part(w, Part::safety) = {Part::safety, PartState::declined, "Would rather talk about it later"};
  part(w, Part::technology).state = PartState::open;
  ASSERT_EQ(put(path(), 0, said(w)).status, 200);
  const auto r = get("/api/groups/" + group.text + "/readiness");
  ASSERT_EQ(r.status, 200) << r.text();
  const auto items = object_of(r)["items"].as_array();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].as_object().at("alias").as_string(), "Robin");
  EXPECT_EQ(base::json::print(items[0].as_object().at("missing")), R"(["technology"])");
  EXPECT_EQ(base::json::print(items[0].as_object().at("declined")), R"(["safety"])");
  EXPECT_EQ(items[1].as_object().at("missing").as_array().size(), kParts);
  EXPECT_EQ(items[1].as_object().at("waysNotSaid").as_int64(), 1);
  {
    auto t = pool().read();
    auto read = t->query("SELECT COUNT(DISTINCT person) FROM audit WHERE action = 'read' AND data = 'preparation' AND subject_kind = 'membership' AND person <> ''");
    ASSERT_TRUE(read.next());
    EXPECT_EQ(read.integer(0), 2) << "each of them reads on their own page who looked";
  }
  actor = outsider();
  EXPECT_EQ(get("/api/groups/" + group.text + "/readiness").status, 404);
}
TEST_P(PreparationRoutes, today_counts_who_is_not_prepared) {
  const auto shown = [&] { return session_row(*pool().read(), session)->missing.not_prepared; };
  EXPECT_EQ(count_not_prepared(*pool().read(), group), 2);
  EXPECT_EQ(shown(), 2);
  actor = facilitator();
  ASSERT_EQ(put(path(), 0, said(everything_said())).status, 200);
  EXPECT_EQ(count_not_prepared(*pool().read(), group), 1) << "the state is as before: what counts is what is missing";
  EXPECT_EQ(shown(), 1);
  {
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'joined' WHERE id = $1", ashs);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(shown(), 1) << "who joined without the conversation is not prepared";
}
TEST_P(PreparationRoutes, a_choice_declined_keeps_its_reason_from_saving_to_the_end) {
  actor = facilitator();
  auto w = everything_said();
  for (auto& p : w.record.parts)
    if (may_be_declined(p.part)) p = {p.part, PartState::declined, "Because of " + std::string(base::json::name_of(p.part))};
  w.sessions = {{session, {}}};
  ASSERT_EQ(put(path(), 0, said(w)).status, 200);
  ASSERT_EQ(post(path() + "/finish", "", 1).status, 200);
  int kept = 0;
  for (const auto& each : object_of(get(path()))["record"].as_object()["parts"].as_array()) {
    const auto& p = each.as_object();
    if (p.at("state").as_string() != "declined") continue;
    EXPECT_EQ(std::string(p.at("reason").as_string()), "Because of " + std::string(p.at("part").as_string()));
    ++kept;
  }
  EXPECT_EQ(kept, 10);
}
TEST_P(PreparationRoutes, what_was_said_stands_sealed_and_the_persons_own_part_is_without_the_conflict_check) {
  actor = facilitator();
  ASSERT_EQ(put(path(), 0, said(everything_said())).status, 200);
  auto t = pool().read();
  auto rows = t->query("SELECT record_sealed, conflict_sealed FROM preparation");
  ASSERT_TRUE(rows.next());
  for (int column : {0, 1}) {
    const auto bytes = base::as_text(rows.bytes(column));
    for (const char* word : {"kitchen", "Kitchen", "Walking", "Ash", "somebody"}) EXPECT_EQ(bytes.find(word), std::string_view::npos);
  }
  const auto own = persons_own_record(*t, keys, robins);
  ASSERT_TRUE(own);
  const std::string text = base::json::write(*own);
  EXPECT_NE(text.find("Kitchen table"), std::string::npos);
  EXPECT_EQ(text.find("conflict"), std::string::npos);
  EXPECT_EQ(text.find("Works with Ash"), std::string::npos);
}

}  // namespace
