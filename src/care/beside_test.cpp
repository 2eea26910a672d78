// SPDX-License-Identifier: Apache-2.0
// Who is in the building or on the phone, marked from the room: rules without a database, then the routes on both.
#include "care/attendance_table.h"
#include "care/beside_routes.h"
#include "care/preparation_for_tests.h"
#include "care/supporter_attendance_table.h"

namespace {

using namespace care;

constexpr base::WallTime at(std::int64_t minutes) { return {minutes * 60'000'000}; }
constexpr Span kSession{at(100), at(190)};
Mark expected(std::optional<Way> planned = {}) {
  Mark m;
  m.planned = planned;
  return m;
}

TEST(Beside, who_comes_into_the_building_is_marked_with_the_time_as_the_call_would) {
  const auto came = seen_beside(expected(Way::video), {}, kSession, Seen::in_person, at(111)).value();
  EXPECT_EQ(came.outcome, Outcome::attended);
  EXPECT_EQ(came.mode, Way::in_person);
  EXPECT_EQ(came.came, at(111));
  EXPECT_TRUE(came.late && came.changed_mode && is_beside(came));
  EXPECT_EQ(came.source, MarkedBy::staff);
  EXPECT_FALSE(seen_beside(came, {}, kSession, Seen::in_person, at(112))) << "once is enough";
  const auto gone = seen_beside(came, {}, kSession, Seen::left, at(150)).value();
  EXPECT_TRUE(gone.left_early && !is_beside(gone));
  const auto back = seen_beside(gone, {}, kSession, Seen::in_person, at(155)).value();
  EXPECT_EQ(back.came, at(111)) << "who comes back came when they first did";
  EXPECT_FALSE(back.left || back.left_early);
}
TEST(Beside, nobody_leaves_who_was_not_there_and_a_mistake_gives_the_row_back) {
  EXPECT_FALSE(seen_beside(expected(), {}, kSession, Seen::left, at(110)));
  EXPECT_FALSE(seen_beside(expected(), {}, kSession, Seen::mistake, at(110)));
  const auto marked = seen_beside(expected(Way::phone), {}, kSession, Seen::phone, at(101)).value();
  EXPECT_EQ(seen_beside(marked, {}, kSession, Seen::mistake, at(102)).value(), expected(Way::phone));
  const auto in_call = care::came(expected(Way::phone), kSession, Way::video, at(99)).value();
  const auto wrong = seen_beside(in_call, {}, kSession, Seen::in_person, at(105)).value();
  EXPECT_EQ(wrong.came, at(99));
  EXPECT_EQ(seen_beside(wrong, in_call, kSession, Seen::mistake, at(106)).value(), in_call) << "they are in the room, after all";
}
TEST(Beside, what_changes_a_mark_is_kept_with_why) {
  const auto in_call = care::came(expected(), kSession, Way::video, at(99)).value();
  EXPECT_EQ(why_kept(expected(), Seen::phone), "");
  EXPECT_EQ(why_kept(in_call, Seen::phone), "changed-way");
  const auto marked = seen_beside(expected(), {}, kSession, Seen::phone, at(101)).value();
  EXPECT_EQ(why_kept(marked, Seen::phone), "");
  EXPECT_EQ(why_kept(marked, Seen::left), "");
  EXPECT_EQ(why_kept(marked, Seen::mistake), "marked-by-mistake");
  auto away = expected();
  away.outcome = Outcome::cancelled_by_person;
  away.source = MarkedBy::staff;
  EXPECT_EQ(why_kept(away, Seen::in_person), "came-after-all");
}
TEST(Beside, the_call_changes_nothing_of_it) {
  const auto marked = seen_beside(expected(), {}, kSession, Seen::in_person, at(101)).value();
  EXPECT_FALSE(care::came(marked, kSession, Way::video, at(120)));
  EXPECT_FALSE(care::left(marked, kSession, at(130)));
  EXPECT_FALSE(closed(marked, true, at(190)));
}
TEST(Beside, is_marked_while_the_session_is_on) {
  EXPECT_FALSE(seen_in_time(kSession, at(69)));
  EXPECT_TRUE(seen_in_time(kSession, at(70)));
  EXPECT_TRUE(seen_in_time(kSession, at(309)));
  EXPECT_FALSE(seen_in_time(kSession, at(310)));
}

class BesideRoutes : public PreparedGroup {
 protected:
  void add_routes(http::Site& s, Desk&) override { add_beside_routes(s, {pool(), keys, entropy}); }
  void SetUp() override {
    PreparedGroup::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'prepared'");
    t->run("UPDATE session SET starts_us = $1", kNow.wall.us - 60'000'000);
    expect_member(*t, entropy, group, robins, kNow.wall);
    expect_member(*t, entropy, group, ashs, kNow.wall);
    const auto pass = [&](const char* link, const char* role, const char* kind, const std::string& holder, int seat) {
      t->run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
             crypto::sha256(base::as_bytes(std::string_view(link))), session, seat, role, kind, holder, kNow.wall.us + kHour);
    };
    pass("robins-link", "member", "membership", robins.text, 11);
    pass("junipers-link", "facilitator", "staff", staff.text, 1);
    t->run("INSERT INTO room_session (id, room, starts_us, ends_us, duty_number, demonstration) VALUES (1, 1, 0, 1, '', 1)");
    t->run("INSERT INTO booking (session, seat, role, alias, disguise, needs, link_hash) VALUES (1, 1, 'facilitator', 'x', '', '', $1)",
           crypto::sha256(base::as_bytes(std::string_view("invented"))));
    ASSERT_TRUE(t->commit());
  }
  http::Response mark(int seat, int version, const char* seen, const char* link = "junipers-link") {
    return post("/api/arrival/beside/mark", R"({"link":")" + std::string(link) + R"(","seat":)" + std::to_string(seat) + R"(,"version":)" +
                                                std::to_string(version) + R"(,"seen":")" + seen + R"("})");
  }
  static boost::json::object row(const http::Response& r, std::size_t i) { return object_of(r).at("items").as_array().at(i).as_object(); }
};
QUIETROOM_ON_BOTH_DATABASES(BesideRoutes);

TEST_P(BesideRoutes, a_facilitator_in_the_room_marks_who_is_beside_it_in_the_same_register) {
  const auto came = mark(11, 1, "in_person");
  ASSERT_EQ(came.status, 200) << came.text();
  EXPECT_TRUE(row(came, 0).at("here").as_bool());
  EXPECT_FALSE(row(came, 1).at("here").as_bool());
  EXPECT_EQ(came.text().find("Invented"), std::string_view::npos) << "no name leaves";
  auto t = pool().read();
  const auto rows = register_of(*t, keys, session);
  EXPECT_EQ(rows.at(0).mode.value, Way::in_person);
  EXPECT_EQ(rows.at(0).source, MarkedBy::staff);
  auto state = t->query("SELECT state FROM membership WHERE id = $1", robins);
  ASSERT_TRUE(state.next());
  EXPECT_EQ(state.text(0), "joined") << "who came has joined";
  auto audit = t->query("SELECT actor_kind, actor, person FROM audit WHERE data = 'attendance'");
  ASSERT_TRUE(audit.next());
  EXPECT_EQ(audit.text(0) + " " + audit.text(1) + " " + audit.text(2), "staff " + staff.text + " " + robin.text);
}
TEST_P(BesideRoutes, two_who_mark_at_once_do_not_overwrite_each_other) {
  ASSERT_EQ(mark(11, 1, "phone").status, 200);
  EXPECT_EQ(mark(11, 1, "in_person").status, 412);
  const auto changed = mark(11, 2, "in_person");
  ASSERT_EQ(changed.status, 200);
  auto t = pool().read();
  EXPECT_EQ(register_of(*t, keys, session).at(0).corrections.at(0).reason, "changed-way");
}
TEST_P(BesideRoutes, a_mistake_gives_back_what_the_call_had_seen) {
  {
    auto t = pool().write();
    note_came(*t, keys, entropy, session, 12, Way::video, kNow.wall);
    ASSERT_TRUE(t->commit());
  }
  ASSERT_EQ(mark(12, 2, "in_person").status, 200);
  const auto back = mark(12, 3, "mistake");
  ASSERT_EQ(back.status, 200) << back.text();
  EXPECT_EQ(row(back, 1).at("mode").as_string(), "video");
  EXPECT_EQ(row(back, 1).at("source").as_string(), "call");
}
TEST_P(BesideRoutes, a_supporter_in_the_building_is_marked_too_and_what_the_call_saw_of_them_stays) {
  const SupporterId elm{"0198c0de-0000-7000-8000-0000000000ac"};
  {
    auto t = pool().write();
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, alias_sealed, seat) VALUES ($1, 1, $2, 'interpreter', $3, $4, 1000)", elm, robins,
           keys.seal({"supporter.name"}, elm.text, base::Redacted<std::string>("Invented Interpreter")),
           keys.seal({"supporter.alias"}, elm.text, base::Redacted<std::string>("Elm")));
    ASSERT_TRUE(t->commit());
  }
  const auto before = post("/api/arrival/beside", R"({"link":"junipers-link"})");
  ASSERT_EQ(object_of(before).at("items").as_array().size(), 3U);
  EXPECT_EQ(row(before, 2).at("supporter").as_string(), "interpreter");
  EXPECT_EQ(row(before, 2).at("alias").as_string(), "Elm");
  EXPECT_TRUE(row(before, 0).at("supporter").is_null());
  const auto came = mark(1'000, 0, "in_person");
  ASSERT_EQ(came.status, 200) << came.text();
  EXPECT_TRUE(row(came, 2).at("here").as_bool());
  EXPECT_EQ(came.text().find("Invented"), std::string_view::npos) << "no name leaves";
  EXPECT_EQ(mark(1'000, 0, "phone").status, 412) << "two who mark at once";
  {
    auto t = pool().write();
    note_supporter_came(*t, entropy, session, 1'000, kNow.wall);
    note_supporter_came(*t, entropy, session, 11, kNow.wall);  // a member's seat
    ASSERT_TRUE(t->commit());
  }
  const auto gone = mark(1'000, 2, "left");
  ASSERT_EQ(gone.status, 200) << gone.text();
  EXPECT_FALSE(row(gone, 2).at("here").as_bool());
  const auto back = mark(1'000, 3, "mistake");
  ASSERT_EQ(back.status, 200) << back.text();
  EXPECT_EQ(row(back, 2).at("mode").as_string(), "video") << "they are in the room, after all";
  EXPECT_EQ(row(back, 2).at("source").as_string(), "call");
  {
    auto t = pool().write();
    note_supporter_left(*t, session, 1'000, {kNow.wall.us + 1});
    ASSERT_TRUE(t->commit());
  }
  const auto t = pool().read();
  const auto all = supporters_at(*t, keys, session);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].mark.came, kNow.wall);
  EXPECT_EQ(all[0].mark.left, (base::WallTime{kNow.wall.us + 1}));
  EXPECT_EQ(audited("change", "attendance"), 3) << "by staff";
  EXPECT_EQ(audited("change", "attendance", "from-the-call"), 2);
}
TEST_P(BesideRoutes, is_for_facilitators_of_a_session_that_is_on) {
  EXPECT_EQ(post("/api/arrival/beside", R"({"link":"robins-link"})").status, 403);
  EXPECT_EQ(mark(11, 1, "phone", "robins-link").status, 403);
  EXPECT_EQ(mark(11, 1, "phone", "unknown").status, 404);
  EXPECT_EQ(mark(99, 1, "phone").status, 404);
  EXPECT_EQ(mark(11, 1, "video").status, 422);
  EXPECT_EQ(mark(11, 1, "phone", "invented").status, 409);
  EXPECT_FALSE(object_of(post("/api/arrival/beside", R"({"link":"invented"})")).at("kept").as_bool());
  EXPECT_EQ(object_of(post("/api/arrival/beside", R"({"link":"junipers-link"})")).at("items").as_array().size(), 2U);
  auto t = pool().write();
  t->run("UPDATE session SET starts_us = $1, ends_us = $2", kNow.wall.us + kHour, kNow.wall.us + 2 * kHour);
  ASSERT_TRUE(t->commit());
  EXPECT_EQ(mark(11, 1, "phone").status, 409) << "too early";
}

}  // namespace
