// SPDX-License-Identifier: Apache-2.0
// What helps somebody of a session, in words, for the facilitators of that session: who may read it, and that the reading is on record.
#include "care/preparation_for_tests.h"
#include "care/preparation_table.h"
#include "care/session_needs_routes.h"

namespace {

using namespace care;

class NeedsAtSeat : public PreparedGroup {
 protected:
  void add_routes(http::Site& s, Desk& d) override { add_session_needs_routes(s, d); }
  void SetUp() override {
    PreparedGroup::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'prepared'");
    const std::string need = base::new_uuid(entropy, kNow.wall);
    t->run("INSERT INTO person_need (id, person, category, code, note_sealed, made_us) VALUES ($1, $2, '001', '441092009', $3, 0)", need, robin,
           keys.seal({"person_need.note"}, need, base::Redacted<std::string>("Speak one after another")));
    t->run("UPDATE person SET preferences_sealed = $1 WHERE id = $2",
           keys.seal({"person.preferences"}, robin.text, base::Redacted<std::string>(R"({"way":null,"software":"","language":"en","interpreter":"bfi","format":null})")), robin);
    PreparationRecord record;
    record.communication = "Write names into the chat";
    t->run("INSERT INTO preparation (membership, version, record_sealed, open_parts, changed_us, staff) VALUES ($1, 1, $2, 0, 0, $3)", robins,
           keys.seal({"preparation.record"}, robins.text, base::Redacted<std::string>(base::json::write(record))), staff);
    ASSERT_TRUE(t->commit());
  }
  http::Response at(int seat) { return get("/api/sessions/" + session.text + "/seats/" + std::to_string(seat) + "/needs"); }
};
QUIETROOM_ON_BOTH_DATABASES(NeedsAtSeat);

TEST_P(NeedsAtSeat, are_read_in_words_by_the_sessions_facilitators_and_each_reading_stands_on_record) {
  actor = facilitator();
  const auto r = at(11);
  ASSERT_EQ(r.status, 200) << r.text();
  EXPECT_EQ(r.text(), R"({"language":"en","interpreter":"bfi","needs":[{"category":"001","code":"441092009","note":"Speak one after another"}],)"
                      R"("communication":"Write names into the chat"})");
  EXPECT_EQ(audited("read", "needs"), 1);
  EXPECT_EQ(audited("read", "preparation"), 1);
  auto t = pool().read();
  auto rows = t->query("SELECT actor, person FROM audit WHERE data = 'needs'");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0) + " " + rows.text(1), staff.text + " " + robin.text);
}
TEST_P(NeedsAtSeat, of_somebody_of_whom_nothing_is_written_are_empty) {
  actor = facilitator();
  const auto r = at(12);
  ASSERT_EQ(r.status, 200) << r.text();
  EXPECT_EQ(r.text(), R"({"language":"","interpreter":"","needs":[],"communication":""})");
}
TEST_P(NeedsAtSeat, what_was_agreed_in_preparation_stays_with_who_may_read_it_without_a_reason) {
  actor = team_lead();
  const auto r = at(11);
  ASSERT_EQ(r.status, 200) << r.text();
  EXPECT_EQ(object_of(r)["communication"].as_string(), "");
  EXPECT_EQ(object_of(r)["needs"].as_array().size(), 1U);
  EXPECT_EQ(audited("read", "preparation"), 0);
}
TEST_P(NeedsAtSeat, are_nobodys_elses) {
  actor = outsider();
  EXPECT_EQ(at(11).status, 404);
  actor = signed_in(staff, {{Role::administrator, {}}}, {});
  EXPECT_EQ(at(11).status, 403);
  actor = member(robin, robins);
  EXPECT_EQ(at(12).status, 403) << "not a member's of another";
  actor = facilitator();
  EXPECT_EQ(at(99).status, 404);
  EXPECT_EQ(get("/api/sessions/" + session.text + "/seats/eleven/needs").status, 404);
  {
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'stopped' WHERE id = $1", robins);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(at(11).status, 404) << "in the group no more";
  EXPECT_EQ(audited("read", "needs"), 0);
}

}  // namespace
