// SPDX-License-Identifier: Apache-2.0
// The register, filled by the call and marked by staff; seats; and who may do what, on both databases.
#include "care/attendance_table.h"
#include "care/group_for_tests.h"
#include "care/supporter_attendance_table.h"

namespace {

using namespace care;
using boost::json::object;
using Faults = std::vector<std::string>;

class TheRegister : public TrustForTests {
 protected:
  void SetUp() override {
    TrustForTests::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    group = make_group();
    session = make_series(group, "2026-10-05", "14:00", 1)[0];  // 13:00 to 14:30 UTC
    for (int n = 1; n <= 3; ++n) members.push_back(make_member(group, n));
    now = at("13:00");
    who = 1;
  }
  static base::WallTime at(const char* time) { return parse_iso("2026-10-05T" + std::string(time) + ":00Z").value(); }
  void came(int seat, const char* time, Way way = Way::video) {
    auto t = pool().write();
    note_came(*t, keys, entropy, session, seat, way, at(time));
    ASSERT_TRUE(t->commit());
  }
  void left(int seat, const char* time) {
    auto t = pool().write();
    note_left(*t, session, seat, at(time));
    ASSERT_TRUE(t->commit());
  }
  void close(const char* time) {
    auto t = pool().write();
    close_register(*t, session, at(time));
    ASSERT_TRUE(t->commit());
  }
  Answer reg() { return get("/api/sessions/" + session.text + "/register"); }
  // "outcome late early source" of each row.
  std::string rows() {
    const auto r = reg();
    std::string out;
    for (int i = 0; i < static_cast<int>(r.size("rows")); ++i)
      out += r.text("rows", i, "outcome") + (r.at("rows", i, "late").as_bool() ? " late" : "") + (r.at("rows", i, "leftEarly").as_bool() ? " early" : "") + " " +
             r.text("rows", i, "source") + "; ";
    return out;
  }
  Answer mark(int row, const char* outcome, boost::json::value mode = nullptr, const char* reason = "", std::int64_t version = 0) {
    const auto r = reg();
    return put("/api/attendance/" + r.text("rows", row, "id"),
               {{"mode", std::move(mode)}, {"outcome", outcome}, {"late", false}, {"leftEarly", false}, {"reason", reason}, {"note", ""}},
               version != 0 ? version : r.at("rows", row, "version").as_int64());
  }
  GroupId group;
  SessionId session;
  std::vector<MembershipId> members;
};
QUIETROOM_ON_BOTH_DATABASES(TheRegister);

TEST_P(TheRegister, fills_itself_from_the_call) {
  came(10, "12:55");
  came(11, "13:11");
  left(11, "14:20");
  left(10, "13:20");
  came(10, "13:25");
  close("14:30");
  EXPECT_EQ(rows(), "attended call; attended late early call; did_not_attend call; ");
  const auto r = reg();
  EXPECT_EQ(r.text("rows", 0, "cameAt"), "2026-10-05T12:55:00Z");
  EXPECT_EQ(r.text("rows", 0, "leftAt"), "2026-10-05T14:30:00Z");
  EXPECT_EQ(r.text("rows", 0, "mode"), "video");
  EXPECT_EQ(r.text("session", "state"), "held");
  EXPECT_EQ(r.text("rows", 1, "person", "name"), "Person 2");
  const auto list = get("/api/groups/" + group.text + "/members");
  EXPECT_EQ(list.text("items", 0, "state"), "joined") << "who came has joined";
  EXPECT_EQ(list.text("items", 2, "state"), "prepared");
}

TEST_P(TheRegister, two_of_one_name_are_told_apart_by_their_dates_of_birth) {
  {
    auto t = pool().write();
    std::vector<std::string> people;
    {
      auto rows = t->query("SELECT person FROM membership ORDER BY seat");
      while (rows.next()) people.push_back(rows.text(0));
    }
    for (std::size_t i = 0; i < 2; ++i)
      t->run("UPDATE person SET preferred_name_sealed = $1 WHERE id = $2", keys.seal({"person.preferred_name"}, people[i], base::Redacted<std::string>("Robin")), people[i]);
    t->run("UPDATE person SET birth_date_sealed = $1 WHERE id = $2", keys.seal({"person.birth_date"}, people[0], base::Redacted<std::string>("1980-02-29")), people[0]);
    t->run("UPDATE person SET birth_date_sealed = NULL WHERE id = $1", people[1]);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(reg().text("rows", 0, "person", "name"), "Robin, born 29 February 1980");
  EXPECT_EQ(reg().text("rows", 1, "person", "name"), "Robin, no date of birth");
  EXPECT_EQ(reg().text("rows", 2, "person", "name"), "Person 3");
  EXPECT_EQ(get("/api/groups/" + group.text + "/members").text("items", 0, "person", "name"), "Robin, born 29 February 1980");
}

TEST_P(TheRegister, of_a_room_that_nobody_opened_says_of_nobody_that_they_stayed_away) {
  close("14:30");
  EXPECT_EQ(rows(), "expected plan; expected plan; expected plan; ");
  EXPECT_EQ(reg().text("session", "state"), "held");
  EXPECT_EQ(mark(0, "attended", "phone").status, 200) << "staff say what happened";
}

TEST_P(TheRegister, a_way_planned_shows_and_whoever_was_to_be_in_the_room_waits_for_staff) {
  auto t = pool().write();
  EXPECT_TRUE(plan_way(*t, session, members[0], Way::in_person));
  EXPECT_TRUE(plan_way(*t, session, members[1], Way::in_person));
  ASSERT_TRUE(t->commit());
  came(10, "13:00");
  close("14:30");
  EXPECT_EQ(rows(), "attended call; expected plan; did_not_attend call; ");
  EXPECT_EQ(reg().at("rows", 0, "changedMode"), boost::json::value(true));
  EXPECT_EQ(mark(1, "attended", "in_person").status, 200) << "the first mark needs no reason";
}

TEST_P(TheRegister, what_staff_marked_stays_and_a_correction_keeps_the_row_before) {
  came(10, "13:15");
  EXPECT_EQ(mark(0, "attended", "phone").faults(), (Faults{"/reason missing"}));
  ASSERT_EQ(mark(0, "attended", "phone", "wrong-way").status, 200);
  EXPECT_EQ(mark(1, "cancelled_by_person").status, 200);
  came(10, "13:20");
  left(10, "13:25");
  came(11, "13:30");
  close("14:30");
  EXPECT_EQ(rows(), "attended staff; attended late call; did_not_attend call; ") << "who was marked as away and came, came";
  const auto r = reg();
  EXPECT_EQ(r.text("rows", 0, "mode"), "phone");
  EXPECT_EQ(r.text("rows", 0, "corrections", 0, "by"), "Staff 1");
  EXPECT_EQ(r.text("rows", 0, "corrections", 0, "reason"), "wrong-way");
  auto t = pool().read();
  EXPECT_EQ(r.text("rows", 1, "corrections", 0, "reason"), "came-after-all");
  EXPECT_EQ(r.text("rows", 1, "corrections", 0, "by"), "") << "the room saw it";
  auto before = t->query("SELECT before FROM attendance_correction ORDER BY at_us");
  ASSERT_TRUE(before.next());
  const auto kept = boost::json::parse(before.text(0));
  EXPECT_EQ(kept.at("mode"), boost::json::value("video"));
  EXPECT_EQ(kept.at("late"), boost::json::value(true));
  EXPECT_EQ(kept.at("source"), boost::json::value("call"));
  ASSERT_TRUE(before.next());
  EXPECT_EQ(boost::json::parse(before.text(0)).at("outcome"), boost::json::value("cancelled_by_person"));
  EXPECT_FALSE(before.next());
}

TEST_P(TheRegister, who_was_there_before_a_wrong_mark_came_when_they_did) {
  came(10, "13:00");
  ASSERT_EQ(mark(0, "did_not_attend", nullptr, "wrong-person").status, 200);
  left(10, "13:40");
  came(10, "13:45");
  EXPECT_EQ(rows(), "attended call; expected plan; expected plan; ");
  EXPECT_EQ(reg().text("rows", 0, "cameAt"), "2026-10-05T13:00:00Z");
}

TEST_P(TheRegister, staff_note_the_way_that_a_person_said) {
  {
    auto t = pool().write();
    t->run("UPDATE therapy_group SET phone = 1");
    ASSERT_TRUE(t->commit());
  }
  const auto r = reg();
  EXPECT_EQ(r.at("session", "missing", "wayNotSaid"), boost::json::value(3));
  const auto noted = put("/api/attendance/" + r.text("rows", 0, "id"), {{"planned", "phone"}, {"mode", nullptr}, {"outcome", "expected"}, {"late", false},
                         {"leftEarly", false}, {"reason", ""}, {"note", ""}}, 1);
  EXPECT_EQ(noted.text("planned"), "phone");
  EXPECT_EQ(reg().at("session", "missing", "wayNotSaid"), boost::json::value(2));
  came(1, "13:00");  // who leads
  close("14:30");
  EXPECT_EQ(rows(), "expected plan; did_not_attend call; did_not_attend call; ") << "who said they would ring is marked by staff";
}

TEST_P(TheRegister, two_who_mark_at_once_do_not_overwrite_each_other) {
  EXPECT_EQ(mark(0, "attended", "in_person", "", 1).status, 200);
  EXPECT_EQ(mark(0, "did_not_attend", nullptr, "mistake", 1).status, 412);
  EXPECT_EQ(ask(http::Method::put, "/api/attendance/" + reg().text("rows", 0, "id"), object{{"mode", nullptr}, {"outcome", "expected"}, {"late", false},
                {"leftEarly", false}, {"reason", "mistake"}, {"note", ""}}).status, 428);
}

TEST_P(TheRegister, a_session_ahead_is_not_marked_and_a_cancelled_one_neither) {
  now = at("12:00");
  EXPECT_EQ(mark(0, "attended", "video").faults(), (Faults{"/outcome too-early"}));
  EXPECT_EQ(mark(0, "cancelled_by_person").status, 200);
  ASSERT_EQ(post("/api/sessions/" + session.text + "/cancel", {{"reason", "illness"}}).status, 200);
  EXPECT_EQ(mark(1, "cancelled_by_person").status, 409);
  came(11, "13:00");
  close("14:30");
  EXPECT_EQ(rows(), "cancelled_by_person staff; cancelled_by_service plan; cancelled_by_service plan; ");
}

TEST_P(TheRegister, closing_twice_and_seats_of_nobody_change_nothing) {
  came(1, "13:00");
  came(99, "13:00");
  close("14:30");
  const auto before = reg();
  close("15:00");
  left(1, "14:31");
  EXPECT_EQ(reg().body, before.body);
  EXPECT_TRUE(sessions_to_close(*pool().read(), at("20:00"), 10).empty());
}

TEST_P(TheRegister, sessions_elsewhere_stand_in_the_same_register_and_wait_for_staff) {
  ASSERT_EQ(put("/api/sessions/" + session.text, {{"date", "2026-10-05"}, {"time", "14:00"}, {"minutes", 90}, {"venue", "Room 2"}, {"heldOn", "in_person"}}, 1).status, 200);
  EXPECT_EQ(sessions_to_close(*pool().read(), at("14:30"), 10), std::vector<SessionId>{session});
  close("14:30");
  EXPECT_EQ(rows(), "expected plan; expected plan; expected plan; ");
  EXPECT_EQ(reg().text("session", "state"), "held");
  EXPECT_EQ(mark(0, "attended", "in_person").status, 200);
  EXPECT_EQ(post("/api/sessions/" + session.text + "/seat", object{}).status, 409) << "there is no room here";
}

TEST_P(TheRegister, every_change_of_the_call_is_audited_and_the_trail_holds) {
  came(10, "13:00");
  close("14:30");
  auto t = pool().read();
  auto rows = t->query("SELECT COUNT(*) FROM audit WHERE actor_kind = 'system' AND data = 'attendance' AND person <> ''");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 4) << "one came and stayed to the end, two did not attend";
  EXPECT_EQ(store::verify_audit(*t).first_wrong, std::nullopt);
}

TEST_P(TheRegister, reading_it_says_whose_names_were_read) {
  (void)reg();
  auto t = pool().read();
  auto rows = t->query("SELECT COUNT(DISTINCT person) FROM audit WHERE actor = $1 AND action = 'read' AND data = 'identity' AND person <> ''", staff(1));
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 3);
}

TEST_P(TheRegister, a_facilitators_seat_opens_for_that_facilitator_until_two_hours_after_the_end) {
  const auto answer = post("/api/sessions/" + session.text + "/seat", object{});
  ASSERT_EQ(answer.status, 200) << boost::json::serialize(answer.body);
  ASSERT_EQ(answer.text("link").size(), 43U);
  const auto hash = hash_pass(base::Redacted<std::string>(answer.text("link")));
  auto t = pool().write();
  const auto seated = find_pass(*t, keys, entropy, hash, at("16:29"));
  ASSERT_TRUE(seated);
  EXPECT_EQ(seated->taken.seat, 1);
  EXPECT_EQ(seated->role, "facilitator");
  EXPECT_EQ(seated->alias.get(), "Ash");
  EXPECT_EQ(seated->duty_number, "0300 000 0001");
  EXPECT_EQ(seated->span.starts, at("13:00"));
  EXPECT_GT(seated->room, 0);
  EXPECT_LT(seated->room, std::int64_t{1} << 48);
  EXPECT_EQ(session_of_room(*t, seated->room), session);
  EXPECT_FALSE(find_pass(*t, keys, entropy, hash, at("16:30")));
  EXPECT_FALSE(find_pass(*t, keys, entropy, hash_pass(base::Redacted<std::string>("x")), at("13:00")));
  drop_passes(*t, at("16:30"));
  EXPECT_FALSE(t->query("SELECT hash FROM seat_pass").next());
}

TEST_P(TheRegister, a_moved_session_takes_its_seats_along) {
  const auto hash = hash_pass(base::Redacted<std::string>(post("/api/sessions/" + session.text + "/seat", object{}).text("link")));
  ASSERT_EQ(put("/api/sessions/" + session.text, {{"date", "2026-10-06"}, {"time", "14:00"}, {"minutes", 90}, {"venue", ""}, {"heldOn", "quietroom"}}, 1).status, 200);
  auto t = pool().write();
  const auto next_day = base::WallTime{at("13:00").us + kDayOfTest};
  ASSERT_TRUE(find_pass(*t, keys, entropy, hash, next_day));
  EXPECT_EQ(find_pass(*t, keys, entropy, hash, next_day)->span.starts, next_day);
}

TEST_P(TheRegister, a_members_pass_tells_the_card_and_ends_with_the_membership) {
  ASSERT_EQ(put("/api/memberships/" + members[0].text + "/card", {{"alias", "Wren"}, {"disguise", {{"picture", "blur"}, {"voice", "none"}}}}, 2).status, 200);
  const auto member = get("/api/memberships/" + members[0].text);
  EXPECT_EQ(member.text("alias"), "Wren");
  EXPECT_EQ(member.text("group", "id"), group.text);
  EXPECT_EQ(get("/api/memberships/" + session.text).status, 404);
  auto t = pool().write();
  t->run("INSERT INTO person_need (id, person, category, made_us) VALUES ($1, $2, '004', 1)", uuid_for_tests(7, 1), person(1));
  const auto link = make_pass(*t, entropy, {.session = session, .seat = 10, .role = "member", .kind = HolderKind::membership, .holder = members[0].text, .until = at("16:30")});
  ASSERT_TRUE(t->commit());
  {
    auto read = pool().write();
    const auto seated = find_pass(*read, keys, entropy, hash_pass(link), now);
    ASSERT_TRUE(seated);
    EXPECT_EQ(seated->alias.get(), "Wren");
    EXPECT_EQ(seated->disguise.picture, PictureDisguise::blur);
    EXPECT_EQ(seated->needs, std::vector<std::string>{"004"});
  }
  EXPECT_EQ(post("/api/memberships/" + members[0].text + "/state", {{"state", "stopped"}, {"reason", "time"}, {"note", ""}}).status, 200);
  auto read = pool().write();
  EXPECT_FALSE(find_pass(*read, keys, entropy, hash_pass(link), now));
}

// Who may do what with a group of team 1 that staff 1 facilitates. Order: facilitator of it, facilitator of the same team, of
// another team, lead of the team, of another team, IT support, trainer, safety officer, evaluator, administrator.
struct AccessCase {
  const char* what;
  std::array<int, 10> status;
};
TEST_P(TheRegister, opens_to_each_role_as_the_table_says) {
  const std::string g = "/api/groups/" + group.text, s = "/api/sessions/" + session.text;
  const std::string row = "/api/attendance/" + reg().text("rows", 0, "id"), m = "/api/memberships/" + members[0].text;
  // Writes are sent with an If-Match of 0, or a body of nothing: 412 or 422 is past the door.
  const auto try_it = [&](std::string_view what) {
    if (what == "group") return get(g).status;
    if (what == "change group") return put(g, plan(), 0).status;
    if (what == "preview") return post(g + "/series/preview", object{}).status;
    if (what == "series") return post(g + "/series", object{}).status;
    if (what == "sessions") return get(g + "/sessions").status;
    if (what == "session") return get(s).status;
    if (what == "move") return put(s, {{"date", ""}, {"time", ""}, {"minutes", 0}, {"venue", ""}, {"heldOn", ""}}, 0).status;
    if (what == "cancel") return post(s + "/cancel", object{}).status;
    if (what == "members") return get(g + "/members").status;
    if (what == "add member") return post(g + "/members", object{}).status;
    if (what == "step") return post(m + "/state", object{}).status;
    if (what == "card") return put(m + "/card", {{"alias", ""}, {"disguise", {{"picture", "none"}, {"voice", "none"}}}}, 0).status;
    if (what == "register") return get(s + "/register").status;
    if (what == "mark") return put(row, {{"mode", nullptr}, {"outcome", "expected"}, {"late", false}, {"leftEarly", false}, {"reason", ""}, {"note", ""}}, 0).status;
    if (what == "seat") return post(s + "/seat", object{}).status;
    if (what == "list") return get("/api/groups").status;
    if (what == "today") return get("/api/today").status;
    if (what == "teams") return get("/api/teams").status;
    if (what == "staff") return get("/api/staff").status;
    return 0;
  };
  const AccessCase cases[] = {
      //                 own  team other lead olead IT  trai safe eval admin
      {"group",        {200, 404, 404, 200, 404, 200, 403, 200, 403, 403}},
      {"change group", {412, 404, 404, 412, 404, 403, 403, 403, 403, 403}},
      {"preview",      {422, 404, 404, 422, 404, 422, 403, 422, 403, 403}},
      {"series",       {422, 404, 404, 422, 404, 403, 403, 403, 403, 403}},
      {"sessions",     {200, 404, 404, 200, 404, 200, 403, 200, 403, 403}},
      {"session",      {200, 404, 404, 200, 404, 200, 403, 200, 403, 403}},
      {"move",         {412, 404, 404, 412, 404, 403, 403, 403, 403, 403}},
      {"cancel",       {422, 404, 404, 422, 404, 403, 403, 403, 403, 403}},
      {"members",      {200, 404, 404, 200, 404, 403, 403, 403, 403, 403}},
      {"add member",   {422, 404, 404, 422, 404, 403, 403, 403, 403, 403}},
      {"step",         {422, 404, 404, 422, 404, 403, 403, 403, 403, 403}},
      {"card",         {412, 404, 404, 412, 404, 403, 403, 403, 403, 403}},
      {"register",     {200, 404, 404, 200, 404, 403, 403, 403, 403, 403}},
      {"mark",         {412, 404, 404, 403, 403, 403, 403, 403, 403, 403}},
      {"seat",         {200, 404, 404, 403, 403, 403, 403, 403, 403, 403}},
      {"list",         {200, 200, 200, 200, 200, 200, 403, 200, 403, 403}},
      {"today",        {200, 200, 200, 200, 200, 200, 403, 200, 403, 403}},
      {"teams",        {200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
      {"staff",        {403, 403, 403, 200, 200, 403, 403, 403, 403, 200}},
  };
  constexpr int kWho[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (const auto& c : cases)
    for (std::size_t i = 0; i < 10; ++i) {
      who = kWho[i];
      EXPECT_EQ(try_it(c.what), c.status[i]) << c.what << " by staff " << who;
    }
  for (const auto kind : {Actor::Kind::member, Actor::Kind::supporter}) {
    visitor_ = Actor{};
    visitor_->kind = kind;
    visitor_->person = person(1);
    visitor_->membership = members[0];
    for (const auto& c : cases) EXPECT_EQ(try_it(c.what), 403) << c.what << " behind a link";
  }
}

TEST_P(TheRegister, the_safety_officer_opens_who_is_in_a_group_with_a_reason_and_sees_no_alias) {
  ASSERT_EQ(put("/api/memberships/" + members[0].text + "/card", {{"alias", "Wren"}, {"disguise", {{"picture", "blur"}, {"voice", "none"}}}}, 2).status, 200);
  who = 8;
  const std::string path = "/api/groups/" + group.text + "/members";
  EXPECT_EQ(get(path).text("type"), "/problems/reason-wanted");
  const auto opened = ask(http::Method::get, path, nullptr, {{"Quietroom-Reason", "incident"}});
  ASSERT_EQ(opened.status, 200);
  EXPECT_EQ(opened.text("items", 0, "person", "name"), "Person 1");
  EXPECT_EQ(opened.text("items", 0, "alias"), "");
  EXPECT_EQ(opened.text("items", 0, "disguise", "picture"), "none");
}

TEST_P(TheRegister, it_support_learns_when_a_group_meets_and_not_what_it_is) {
  who = 6;
  const auto g = get("/api/groups/" + group.text), s = get("/api/sessions/" + session.text), list = get("/api/groups");
  for (const auto* answer : {&g, &s, &list}) {
    const std::string said = boost::json::serialize(answer->body);
    for (const char* hidden : {"Living", "Worry", "Room 2", "Ash", "Staff 1"}) EXPECT_EQ(said.find(hidden), std::string::npos) << hidden;
  }
  EXPECT_EQ(s.text("startsAt"), "2026-10-05T13:00:00Z");
  EXPECT_EQ(boost::json::serialize(g.at("ways")), "[]");
  EXPECT_EQ(g.text("software"), "");
}

TEST_P(TheRegister, who_comes_along_is_marked_beside_the_room_and_afterwards) {
  const SupporterId elm{uuid_for_tests(9, 1)};
  {
    auto t = pool().write();
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, alias_sealed, seat) VALUES ($1, 1, $2, 'interpreter', $3, $4, 1000)", elm, members[0],
           keys.seal({"supporter.name"}, elm.text, base::Redacted<std::string>("Invented Interpreter")),
           keys.seal({"supporter.alias"}, elm.text, base::Redacted<std::string>("Elm")));
    ASSERT_TRUE(t->commit());
  }
  const std::string path = "/api/sessions/" + session.text + "/supporters/" + elm.text;
  const auto there = [&] { return reg().text("supporters", 0, "mode") + " " + reg().text("supporters", 0, "source"); };
  EXPECT_EQ(there(), "null plan");
  const auto before = std::exchange(now, at("12:00"));
  EXPECT_EQ(put(path, {{"mode", "video"}}, 0).faults(), Faults{"/mode too-early"});
  now = before;
  const auto marked = put(path, {{"mode", "video"}}, 0);
  ASSERT_EQ(marked.status, 200) << boost::json::serialize(marked.body);
  EXPECT_EQ(marked.text("alias"), "Elm");
  EXPECT_EQ(there(), "video staff") << "on other software, which no call sees";
  EXPECT_EQ(put(path, {{"mode", "phone"}}, 0).status, 412) << "two who mark at once";
  ASSERT_EQ(put(path, {{"mode", "phone"}}, 1).status, 200);
  {
    auto t = pool().write();
    note_supporter_came(*t, entropy, session, 1'000, at("13:05"));
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(there(), "phone staff") << "what staff marked, the call never changes";
  ASSERT_EQ(put(path, {{"mode", nullptr}}, 3).status, 200);
  EXPECT_EQ(there(), "video call") << "they were in the room, after all";
  EXPECT_EQ(put(path, {{"mode", "by pigeon"}}, 4).status, 422);
  EXPECT_EQ(put("/api/sessions/" + session.text + "/supporters/" + uuid_for_tests(9, 2), {{"mode", "phone"}}, 0).status, 404);
  who = 4;
  EXPECT_EQ(put(path, {{"mode", "phone"}}, 4).status, 403) << "a lead reads the register";
  who = 3;
  EXPECT_EQ(put(path, {{"mode", "phone"}}, 4).status, 404);
}

}  // namespace
