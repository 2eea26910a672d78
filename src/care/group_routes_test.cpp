// SPDX-License-Identifier: Apache-2.0
// Groups, series, sessions and membership over HTTP, on both databases.
#include <atomic>
#include <thread>

#include "care/group_for_tests.h"

namespace {

using namespace care;
using boost::json::object;
using Faults = std::vector<std::string>;

class Groups : public TrustForTests {};
QUIETROOM_ON_BOTH_DATABASES(Groups);

TEST_P(Groups, a_team_lead_plans_a_group_and_reads_it_back) {
  auto wanted = plan();
  wanted["facilitators"].as_array().push_back(object{{"staff", staff(2).text}, {"role", "co_facilitator"}, {"alias", "Elm"}});
  const auto made = post("/api/groups", wanted);
  ASSERT_EQ(made.status, 201) << boost::json::serialize(made.body);
  EXPECT_EQ(made.etag, "\"1\"");
  const auto read = get("/api/groups/" + made.text("id"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, made.body);
  EXPECT_EQ(read.text("facilitators", 1, "name"), "Staff 2");
  EXPECT_EQ(read.at("ways"), boost::json::value({"in_person", "video"}));
  EXPECT_EQ(read.at("closed"), boost::json::value(false));
}

TEST_P(Groups, two_editors_do_not_overwrite_each_other) {
  const std::string path = "/api/groups/" + make_group().text;
  auto changed = plan();
  changed["name"] = "Living well";
  EXPECT_EQ(ask(http::Method::put, path, changed).status, 428);
  const auto saved = put(path, changed, 1);
  EXPECT_EQ(saved.status, 200);
  EXPECT_EQ(saved.etag, "\"2\"");
  changed["name"] = "Another name";
  EXPECT_EQ(put(path, changed, 1).status, 412);
  EXPECT_EQ(get(path).text("name"), "Living well");
}

TEST_P(Groups, what_is_wrong_stands_at_its_field_and_nothing_is_saved) {
  auto wanted = plan();
  wanted["ways"] = boost::json::array{"video"};
  wanted["zone"] = "Atlantis";
  wanted["facilitators"].as_array()[0].as_object()["staff"] = staff(11).text;  // left
  const auto answer = post("/api/groups", wanted);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.faults(), (Faults{"/oneWayReason missing", "/oneWayAlternative missing", "/zone unknown-value", "/facilitators/0/staff not-known"}));
  wanted["capacity"] = "many";
  EXPECT_EQ(post("/api/groups", wanted).faults(), (Faults{"/capacity wrong-type"}));
  EXPECT_EQ(get("/api/groups").size(), 0U);
}

TEST_P(Groups, a_repeated_creation_with_one_key_makes_one_group) {
  const std::vector<http::Header> key{{"Idempotency-Key", "k1"}};
  const auto first = ask(http::Method::post, "/api/groups", plan(), key), second = ask(http::Method::post, "/api/groups", plan(), key);
  EXPECT_EQ(first.text("id"), second.text("id"));
  EXPECT_EQ(get("/api/groups").size(), 1U);
}

TEST_P(Groups, lists_stand_in_order_of_names_page_by_page_and_only_as_far_as_one_reaches) {
  for (const char* name : {"Delta", "Alpha", "Charlie", "Bravo"}) (void)make_group(1, std::string_view(name) == "Bravo" ? 2 : 1, name);
  (void)make_group(2, 3, "Elsewhere");
  std::string seen, after;
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = get("/api/groups?limit=3" + (after.empty() ? "" : "&after=" + after));
    for (std::size_t i = 0; i < page.size(); ++i) seen += page.text("items", static_cast<int>(i), "name") + " ";
    if (page.at("next").is_null()) break;
    after = page.text("next");
  }
  EXPECT_EQ(seen, "Alpha Bravo Charlie Delta ");
  who = 2;
  EXPECT_EQ(get("/api/groups").size(), 1U);
  who = 8;
  EXPECT_EQ(get("/api/groups").size(), 5U) << "the safety officer reads every plan";
  EXPECT_EQ(get("/api/groups?mine=true").size(), 0U);
  EXPECT_EQ(get("/api/groups?state=closed").size(), 0U);
  EXPECT_EQ(get("/api/groups?state=ajar").status, 400);
  EXPECT_EQ(get("/api/groups?after=zzzz").status, 400);
}

TEST_P(Groups, a_row_counts_members_and_names_the_next_session) {
  const auto id = make_group();
  (void)make_series(id, "2026-10-05", "14:00", 2);
  (void)make_member(id, 1, "joined");
  (void)make_member(id, 2, "prepared");
  (void)make_member(id, 3, "referred");
  const auto rows = get("/api/groups");
  EXPECT_EQ(rows.at("items", 0, "members"), boost::json::value(2));
  EXPECT_EQ(rows.at("items", 0, "waiting"), boost::json::value(1));
  EXPECT_EQ(rows.text("items", 0, "nextSession", "startsAt"), "2026-10-05T13:00:00Z");
}

TEST_P(Groups, a_series_is_looked_at_before_it_is_made_and_keeps_its_clock_time) {
  const auto id = make_group();
  const auto preview = post("/api/groups/" + id.text + "/series/preview", weekly("2026-10-19", "14:00", 2));
  ASSERT_EQ(preview.status, 200) << boost::json::serialize(preview.body);
  EXPECT_EQ(preview.text("sessions", 0, "startsAt"), "2026-10-19T13:00:00Z");
  EXPECT_EQ(preview.text("sessions", 1, "startsAt"), "2026-10-26T14:00:00Z");
  EXPECT_EQ(preview.text("sessions", 1, "time"), "14:00");
  EXPECT_EQ(get("/api/groups/" + id.text + "/sessions").size(), 0U) << "a look makes nothing";
  (void)make_series(id, "2026-10-19", "14:00", 2);
  const auto made = get("/api/groups/" + id.text + "/sessions");
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made.text("items", 1, "startsAt"), "2026-10-26T14:00:00Z");
  EXPECT_EQ(made.text("items", 1, "heldOn"), "quietroom");
  EXPECT_EQ(made.at("items", 1, "number"), boost::json::value(2));
  EXPECT_EQ(post("/api/groups/" + id.text + "/series", weekly("2026-10-26", "15:00", 1)).faults(), (Faults{"/firstDate overlaps"}));
}

object move_to(const char* date, const char* time, bool rest = false) {
  return {{"date", date}, {"time", time}, {"minutes", 60}, {"venue", "Room 3"}, {"heldOn", "in_person"}, {"rest", rest}};
}

TEST_P(Groups, one_session_or_the_rest_of_a_series_moves_with_its_register) {
  const auto id = make_group();
  const auto sessions = make_series(id, "2026-10-05", "14:00", 3);
  (void)make_member(id, 1);
  const auto path = [&](std::size_t i) { return "/api/sessions/" + sessions[i].text; };
  const auto moved = put(path(0), move_to("2026-10-06", "10:00"), 1);
  ASSERT_EQ(moved.status, 200) << boost::json::serialize(moved.body);
  EXPECT_EQ(moved.text("startsAt"), "2026-10-06T09:00:00Z");
  EXPECT_EQ(moved.text("heldOn"), "in_person");
  EXPECT_EQ(get(path(1)).text("startsAt"), "2026-10-12T13:00:00Z");
  EXPECT_EQ(put(path(1), move_to("2026-10-13", "10:00", true), 1).status, 200);
  EXPECT_EQ(get(path(2)).text("startsAt"), "2026-10-20T09:00:00Z");
  EXPECT_EQ(put(path(2), move_to("2026-10-21", "10:00"), 1).status, 412) << "it moved with the rest";
  EXPECT_EQ(get(path(2) + "/register").size("rows"), 1U);
  auto t = pool().read();
  auto rows = t->query("SELECT sequence FROM session WHERE id = $1", sessions[2]);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 1);
}

TEST_P(Groups, another_venue_in_the_plan_takes_the_sessions_to_come_along_but_none_that_was_moved_elsewhere_by_itself) {
  const auto id = make_group();
  const auto sessions = make_series(id, "2026-10-05", "14:00", 5);
  const auto path = [&](std::size_t i) { return "/api/sessions/" + sessions[i].text; };
  ASSERT_EQ(put(path(1), move_to("2026-10-13", "10:00"), 1).status, 200);
  ASSERT_EQ(post(path(2) + "/cancel", {{"reason", "illness"}}).status, 200);
  now = parse_iso("2026-10-06T12:00:00Z").value();
  auto wanted = plan();
  wanted["name"] = "Another name";
  ASSERT_EQ(put("/api/groups/" + id.text, wanted, 1).status, 200);
  EXPECT_EQ(get(path(3)).version(), 1) << "the same venue";
  wanted["venue"] = "  Oak House ";
  ASSERT_EQ(put("/api/groups/" + id.text, wanted, 2).status, 200);
  EXPECT_EQ(get(path(0)).text("venue"), "Room 2") << "it was there";
  EXPECT_EQ(get(path(1)).text("venue"), "Room 3");
  EXPECT_EQ(get(path(2)).text("venue"), "Room 2") << "cancelled";
  for (const std::size_t i : {3U, 4U}) {
    EXPECT_EQ(get(path(i)).text("venue"), "Oak House");
    EXPECT_EQ(get(path(i)).version(), 2) << "whoever has it open does not overwrite it";
  }
  auto t = pool().read();
  auto rows = t->query("SELECT sequence FROM session WHERE id = $1", sessions[3]);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 1) << "the outbox tells those who come, and their calendars follow";
  wanted["ways"] = boost::json::array{"video", "phone"};
  wanted["venue"] = "";
  ASSERT_EQ(put("/api/groups/" + id.text, wanted, 3).status, 200);
  EXPECT_EQ(get(path(1)).text("venue"), "Room 3") << "in person alone";
  EXPECT_EQ(get(path(3)).text("venue"), "");
}

TEST_P(Groups, cancelling_the_rest_tells_the_register_and_shuts_the_seats) {
  const auto id = make_group();
  const auto sessions = make_series(id, "2026-10-05", "14:00", 3);
  (void)make_member(id, 1);
  who = 1;
  ASSERT_EQ(post("/api/sessions/" + sessions[1].text + "/seat", object{}).status, 200);
  const auto cancelled = post("/api/sessions/" + sessions[1].text + "/cancel", {{"reason", "illness"}, {"rest", true}});
  ASSERT_EQ(cancelled.status, 200) << boost::json::serialize(cancelled.body);
  EXPECT_EQ(cancelled.text("state"), "cancelled");
  EXPECT_EQ(get("/api/sessions/" + sessions[2].text).text("state"), "cancelled");
  EXPECT_EQ(get("/api/sessions/" + sessions[0].text).text("state"), "planned");
  EXPECT_EQ(get("/api/sessions/" + sessions[2].text + "/register").text("rows", 0, "outcome"), "cancelled_by_service");
  EXPECT_EQ(post("/api/sessions/" + sessions[1].text + "/cancel", {{"reason", "illness"}}).status, 409);
  EXPECT_EQ(put("/api/sessions/" + sessions[1].text, move_to("2026-10-06", "10:00"), cancelled.version()).status, 409);
  EXPECT_FALSE(pool().read()->query("SELECT hash FROM seat_pass").next());
  EXPECT_EQ(post("/api/sessions/" + sessions[1].text + "/seat", object{}).status, 409);
}

TEST_P(Groups, a_person_is_in_a_group_once_and_may_come_again_later) {
  const auto id = make_group();
  const std::string members = "/api/groups/" + id.text + "/members";
  const auto first = make_member(id, 1, "joined");
  EXPECT_EQ(post(members, {{"person", person(1).text}}).faults(), (Faults{"/person member-there"}));
  EXPECT_EQ(post(members, {{"person", person(7).text}}).faults(), (Faults{"/person not-known"})) << "of another team";
  EXPECT_EQ(post(members, {{"person", uuid_for_tests(5, 99)}}).faults(), (Faults{"/person not-known"})) << "and of nobody, alike";
  visitor_ = actor();
  visitor_->opened = {person(7)};
  EXPECT_EQ(post(members, {{"person", person(7).text}}).faults(), (Faults{"/person not-known"})) << "what was opened in an emergency does not last";
  visitor_.reset();
  EXPECT_EQ(post("/api/memberships/" + first.text + "/state", {{"state", "stopped"}, {"reason", "time"}, {"note", "Works on Mondays now"}}).status, 200);
  (void)make_member(id, 1, "referred");
  const auto list = get(members);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list.text("items", 0, "state"), "stopped");
  EXPECT_EQ(list.text("items", 0, "steps", 3, "reason"), "time");
  EXPECT_EQ(list.text("items", 0, "steps", 3, "by"), "Staff 4");
  EXPECT_EQ(list.text("items", 1, "person", "name"), "Person 1");
  EXPECT_EQ(boost::json::serialize(list.body).find("Mondays"), std::string::npos);
}

TEST_P(Groups, places_are_given_while_there_are_any) {
  const auto id = make_group();
  for (int n = 1; n <= 3; ++n) (void)make_member(id, n);
  const auto fourth = make_member(id, 4, "referred");
  EXPECT_EQ(post("/api/memberships/" + fourth.text + "/state", {{"state", "prepared"}, {"reason", ""}, {"note", ""}}).faults(), (Faults{"/state full"}));
  EXPECT_EQ(post("/api/memberships/" + fourth.text + "/state", {{"state", "waiting"}, {"reason", ""}, {"note", ""}}).status, 200);
}

TEST_P(Groups, the_last_place_is_given_once_and_a_person_referred_once_however_many_ask_at_a_time) {
  const auto id = make_group();
  (void)make_member(id, 1);
  (void)make_member(id, 2);
  std::vector<std::string> asked;  // two for the one place that is left, and three to refer the same person
  for (int n = 3; n <= 4; ++n) asked.push_back("/api/memberships/" + make_member(id, n, "referred").text + "/state");
  for (int n = 0; n < 3; ++n) asked.push_back("/api/groups/" + id.text + "/members");
  std::atomic<int> prepared{0}, referred{0};
  {
    std::vector<std::jthread> all;
    for (const auto& path : asked)
      all.emplace_back([&, path, at = now] {
        const bool step = path.ends_with("/state");
        http::Request r{.method = http::Method::post, .target = {.path = path, .query = {}}, .headers = {{"Content-Type", "application/json"}}, .body = {}, .peer = {}, .path_values = {}};
        r.body.get() = step ? R"({"state":"prepared","reason":"","note":""})" : R"({"person":")" + person(5).text + "\"}";
        const int status = site().handle(std::move(r), {{at.us}, at}).status;
        (step ? prepared : referred) += status == (step ? 200 : 201) ? 1 : 0;
      });
  }
  EXPECT_EQ(prepared.load(), 1);
  EXPECT_EQ(referred.load(), 1);
  EXPECT_EQ(get("/api/groups").at("items", 0, "members"), boost::json::value(3));
}

TEST_P(Groups, who_joins_is_expected_at_the_sessions_to_come_and_who_leaves_no_more) {
  const auto id = make_group();
  const auto sessions = make_series(id, "2026-10-05", "14:00", 2);
  const auto member = make_member(id, 1);
  const auto later = make_series(id, "2026-11-02", "14:00", 1);
  for (const auto& s : {sessions[0], sessions[1], later[0]}) {
    const auto rows = get("/api/sessions/" + s.text + "/register");
    ASSERT_EQ(rows.size("rows"), 1U);
    EXPECT_EQ(rows.text("rows", 0, "outcome"), "expected");
    EXPECT_TRUE(rows.at("rows", 0, "planned").is_null()) << "no way is the default";
  }
  now = parse_iso("2026-10-20T12:00:00Z").value();
  EXPECT_EQ(post("/api/memberships/" + member.text + "/state", {{"state", "stopped"}, {"reason", "time"}, {"note", ""}}).status, 200);
  EXPECT_EQ(get("/api/sessions/" + sessions[0].text + "/register").size("rows"), 1U) << "what was stays";
  EXPECT_EQ(get("/api/sessions/" + later[0].text + "/register").size("rows"), 0U);
}

TEST_P(Groups, a_move_makes_a_membership_in_the_other_group) {
  const auto from = make_group(), to = make_group(1, 2, "Another"), elsewhere = make_group(2, 3, "Elsewhere");
  const auto member = make_member(from, 1, "joined");
  const auto step = [&](const GroupId& where) {
    return post("/api/memberships/" + member.text + "/state", {{"state", "moved"}, {"reason", "time"}, {"movedTo", where.text}, {"note", ""}});
  };
  EXPECT_EQ(step(elsewhere).faults(), (Faults{"/movedTo not-known"})) << "another team's";
  EXPECT_EQ(step(to).status, 200);
  const auto there = get("/api/groups/" + to.text + "/members");
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(there.text("items", 0, "state"), "referred");
  EXPECT_EQ(there.text("items", 0, "person", "name"), "Person 1");
  EXPECT_EQ(step(to).faults(), (Faults{"/state not-next"}));
}

TEST_P(Groups, a_card_is_kept_sealed_and_its_alias_is_one_persons) {
  const auto id = make_group();
  const auto first = make_member(id, 1), second = make_member(id, 2);
  who = 1;
  const auto card = [&](const MembershipId& m, const char* alias, std::int64_t version) {
    return put("/api/memberships/" + m.text + "/card", {{"alias", alias}, {"disguise", {{"picture", "avatar"}, {"voice", "lower"}}}}, version);
  };
  EXPECT_EQ(card(first, "Wren", 2).status, 200);
  EXPECT_EQ(card(first, "Wren", 2).status, 412);
  EXPECT_EQ(card(second, "wren ", 2).faults(), (Faults{"/alias taken"}));
  EXPECT_EQ(card(second, "ash", 2).faults(), (Faults{"/alias taken"})) << "the facilitator's";
  EXPECT_EQ(card(second, "Heron", 2).text("disguise", "picture"), "avatar");
  EXPECT_EQ(get("/api/groups/" + id.text + "/members").text("items", 0, "alias"), "Wren");
  auto t = pool().read();
  auto rows = t->query("SELECT alias_sealed FROM membership WHERE id = $1", first);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(base::as_text(rows.bytes(0)).find("Wren"), std::string_view::npos);
}

TEST_P(Groups, a_closed_group_takes_no_members_and_no_sessions_and_opens_again) {
  const auto id = make_group();
  auto closed = plan();
  closed["closed"] = true;
  const std::string path = "/api/groups/" + id.text;
  EXPECT_EQ(put(path, closed, 1).status, 200);
  EXPECT_EQ(post(path + "/members", {{"person", person(1).text}}).status, 409);
  EXPECT_EQ(post(path + "/series", weekly("2026-10-05", "14:00", 1)).status, 409);
  EXPECT_EQ(get("/api/groups?state=open").size(), 0U);
  EXPECT_EQ(put(path, plan(), 2).status, 200);
  EXPECT_EQ(get("/api/groups?state=open").size(), 1U);
}

TEST_P(Groups, are_found_by_a_part_of_their_name_or_programme_by_whoever_reads_it) {
  const auto mine = make_group(), other = make_group(1, 2, "100% Calm_er");
  EXPECT_EQ(get("/api/groups?find=WORRY").size(), 2U) << "the programme counts, too";
  EXPECT_EQ(get("/api/groups?find=WITH%20WORRY").size(), 1U);
  EXPECT_EQ(get("/api/groups?find=WITH%20WORRY").text("items", 0, "id"), mine.text);
  EXPECT_EQ(get("/api/groups?find=%20calm_%20").text("items", 0, "id"), other.text);
  EXPECT_EQ(get("/api/groups?find=0%25").size(), 1U);
  EXPECT_EQ(get("/api/groups?find=calmxer").size(), 0U) << "what is typed means itself";
  EXPECT_EQ(get("/api/groups?find=nothing").size(), 0U);
  EXPECT_EQ(get("/api/groups?find=" + std::string(101, 'a')).status, 400);
}

TEST_P(Groups, today_holds_the_sessions_of_ones_reach_in_time_order_with_what_they_need) {
  const auto mine = make_group(), other = make_group(1, 2, "Another"), elsewhere = make_group(2, 3, "Elsewhere");
  (void)make_series(mine, "2026-09-21", "16:00", 1);
  (void)make_series(other, "2026-09-21", "10:00", 1);
  (void)make_series(elsewhere, "2026-09-21", "12:00", 1, 5);
  (void)make_series(mine, "2026-09-22", "09:00", 1);
  (void)make_member(mine, 1);
  (void)make_member(mine, 2, "referred");
  const auto names = [](const Answer& a) {
    std::string out;
    for (std::size_t i = 0; i < a.size(); ++i) out += a.text("items", static_cast<int>(i), "group", "name") + " " + a.text("items", static_cast<int>(i), "time") + ", ";
    return out;
  };
  EXPECT_EQ(names(get("/api/today")), "Another 10:00, Living with worry 16:00, ");
  const auto row = get("/api/today");
  EXPECT_EQ(row.at("items", 1, "missing", "notPrepared"), boost::json::value(2)) << "neither has had the conversation";
  const auto not_said = [&] { return get("/api/today").at("items", 1, "missing", "wayNotSaid"); };
  const auto run = [&](std::string_view sql) {
    auto t = pool().write();
    t->run(std::string(sql));
    ASSERT_TRUE(t->commit());
  };
  EXPECT_EQ(not_said(), boost::json::value(1));
  run("UPDATE attendance SET planned = 'video'");
  EXPECT_EQ(not_said(), boost::json::value(0));
  run("UPDATE session SET held_on = 'in_person'");
  EXPECT_EQ(not_said(), boost::json::value(1)) << "what they said is not offered any more";
  run("UPDATE session SET held_on = 'quietroom'");
  run("UPDATE therapy_group SET video = 0, phone = 1, in_person = 1");
  EXPECT_EQ(not_said(), boost::json::value(1));
  const auto first = get("/api/today?limit=1");
  EXPECT_EQ(names(get("/api/today?limit=1&after=" + first.text("next"))), "Living with worry 16:00, ");
  EXPECT_EQ(names(get("/api/today?from=2026-09-21T15:30:00Z&to=2026-09-22T12:00:00Z")), "Living with worry 16:00, Living with worry 09:00, ");
  who = 1;
  EXPECT_EQ(names(get("/api/today")), "Living with worry 16:00, ");
  who = 5;
  EXPECT_EQ(names(get("/api/today")), "Elsewhere 12:00, ");
  who = 6;
  EXPECT_EQ(names(get("/api/today")), " 10:00,  12:00,  16:00, ") << "IT support sees dates alone";
  for (const char* wrong : {"from=x", "from=2026-09-21T00:00:00Z&to=2026-09-20T00:00:00Z", "from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z"})
    EXPECT_EQ(get("/api/today?" + std::string(wrong)).status, 400) << wrong;
}

TEST_P(Groups, teams_and_staff_are_those_of_ones_reach) {
  (void)make_group(2, 3, "Elsewhere");
  EXPECT_EQ(get("/api/teams").size(), 1U);
  EXPECT_EQ(get("/api/teams").text("items", 0, "dutyNumber"), "0300 000 0001");
  EXPECT_EQ(get("/api/staff").size(), 4U) << "two facilitators, one who left, and the lead";
  EXPECT_EQ(get("/api/staff?team=" + team(2).text).size(), 0U);
  who = 10;
  EXPECT_EQ(get("/api/teams").size(), 2U);
  EXPECT_EQ(get("/api/teams").text("items", 1, "dutyNumber"), "0300 000 0000") << "the trust's";
  EXPECT_EQ(get("/api/staff").size(), 11U);
  EXPECT_EQ(get("/api/staff?team=" + team(2).text).size(), 2U);
  who = 3;
  EXPECT_EQ(get("/api/teams").size(), 1U);
  EXPECT_EQ(get("/api/staff").status, 403);
}

TEST_P(Groups, a_change_of_facilitators_shuts_the_seats_of_those_who_go) {
  const auto id = make_group();
  const auto sessions = make_series(id, "2026-10-05", "14:00", 1);
  who = 1;
  const auto seat = post("/api/sessions/" + sessions[0].text + "/seat", object{});
  ASSERT_EQ(seat.status, 200);
  const auto hash = hash_pass(base::Redacted<std::string>(seat.text("link")));
  {
    auto t = pool().write();
    const auto pass = find_pass(*t, keys, entropy, hash, now);
    ASSERT_TRUE(pass);
    EXPECT_FALSE(pass->watermark);
    EXPECT_TRUE(pass->end_to_end);
    t->run("UPDATE therapy_group SET confidentiality_plan = replace(confidentiality_plan, '\"watermark\":false', '\"watermark\":true') WHERE id = $1", id);
    EXPECT_TRUE(find_pass(*t, keys, entropy, hash, now)->watermark) << "as the plan says";
    t->run("UPDATE therapy_group SET confidentiality_plan = replace(confidentiality_plan, '\"endToEnd\":true', '\"endToEnd\":false') WHERE id = $1", id);
    EXPECT_FALSE(find_pass(*t, keys, entropy, hash, now)->end_to_end) << "as the plan says";
    EXPECT_FALSE(pass->blank_on_blur || pass->members_may_share) << "a plan from before there was such a choice says no";
    t->run("UPDATE therapy_group SET confidentiality_plan = replace(replace(confidentiality_plan, '\"membersMayShare\":false', "
           "'\"membersMayShare\":true,\"blankOnBlur\":true'), '\"blankOnBlur\":false,', '') WHERE id = $1", id);
    const auto changed = find_pass(*t, keys, entropy, hash, now);
    EXPECT_TRUE(changed->blank_on_blur && changed->members_may_share);
  }
  who = 4;
  EXPECT_EQ(put("/api/groups/" + id.text, plan(1, 2), 1).status, 200);
  auto t = pool().write();
  EXPECT_FALSE(find_pass(*t, keys, entropy, hash, now));
}

}  // namespace
