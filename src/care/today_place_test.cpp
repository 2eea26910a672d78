// SPDX-License-Identifier: Apache-2.0
// Where people are today: what is precise enough, who may open it, and that it goes.
#include "care/today_place.h"

#include "care/agreement_table.h"
#include "care/arrival_answers_routes.h"
#include "care/preparation_for_tests.h"
#include "care/today_place_routes.h"
#include "crypto/sealing.h"

namespace {

using namespace care;

bool precise(PlaceKind kind, std::string text, std::string ward = {}) { return decide_place({kind, std::move(text), std::move(ward)}, true).has_value(); }

TEST(TodayPlace, an_address_brings_help_to_the_door) {
  for (const char* good : {"1 Plain Street, Wexcombe", "Flat 2, 14 Mill Lane, ZZ9 9ZZ", "SW1A 1AA, number 10", "Rose Cottage, Mill Lane, Wexcombe",
                           "12 High Street\nWexcombe\nZZ99 3AA", "Pencartref, Heol y Bont, Aberystwyth", "Costa, 2nd floor, 12 High Street",
                           "Costa, 2nd floor, High Street, Wexcombe", "Costa, upstairs, ZZ9 9ZZ", "5th Avenue, Wexcombe", "Floor 2, Elm House, Mill Lane, Wexcombe"})
    EXPECT_TRUE(precise(PlaceKind::address, good)) << good;
  for (const char* vague : {"", "home", "at my mum's", "in the car", "the park near the station", "on a bus, going home", "12", "Wexcombe",
                            "Costa, 2nd floor", "Costa 2nd floor, Wexcombe", "Costa, on the second floor, Wexcombe", "Costa, floor 2\ntable 14", "the 36 bus, Wexcombe",
                            "Platform 4, Wexcombe station", "Costa, 2il lawr"})
    EXPECT_FALSE(precise(PlaceKind::address, vague)) << vague;
}
TEST(TodayPlace, three_words_are_three_words) {
  EXPECT_EQ(decide_place({PlaceKind::what3words, " ///filled.count.soap ", "x"}, false).value(), (SaidPlace{PlaceKind::what3words, "filled.count.soap", ""}));
  EXPECT_TRUE(precise(PlaceKind::what3words, "sgîl.ymyrraeth.cyfnod"));
  for (const char* wrong : {"", "filled.count", "filled.count.soap.more", "filled count soap", "a.b.c", "filled..soap"})
    EXPECT_FALSE(precise(PlaceKind::what3words, wrong)) << wrong;
}
TEST(TodayPlace, a_hospital_has_a_ward) {
  EXPECT_TRUE(precise(PlaceKind::hospital, "Wexcombe General", "Ward 4"));
  EXPECT_FALSE(precise(PlaceKind::hospital, "Wexcombe General"));
}
TEST(TodayPlace, home_is_the_confirmed_address_and_nothing_else) {
  EXPECT_TRUE(decide_place({PlaceKind::home, "ignored", ""}, true));
  ASSERT_FALSE(decide_place({PlaceKind::home, "", ""}, false));
  EXPECT_EQ(decide_place({PlaceKind::home, "", ""}, false).error().front().code, "no-address");
}
TEST(TodayPlace, rather_not_say_is_an_answer_and_keeps_no_text) {
  EXPECT_EQ(decide_place({PlaceKind::declined, "secret", "w"}, true).value(), SaidPlace{});
}

class TodayPlaceRoutes : public PreparedGroup {
 protected:
  void add_routes(http::Site& s, Desk& d) override {
    add_today_place_routes(s, d, [this](store::Transaction&, const StaffId& who, const SessionId& of, std::int64_t seat) {
      return held_by == who && of == session && seat == 11;
    });
    add_arrival_answers_routes(s, {pool(), keys, entropy});
  }
  void SetUp() override {
    PreparedGroup::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'joined'");
    const auto pass = [&](const char* link, const char* role, const char* kind, const std::string& holder, int seat) {
      t->run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
             crypto::sha256(base::as_bytes(std::string_view(link))), session, seat, role, kind, holder, kNow.wall.us + kHour);
    };
    pass("robins-link-of-today", "member", "membership", robins.text, 11);
    pass("ashs-link-of-today", "member", "membership", ashs.text, 12);
    pass("junipers-link-of-today", "facilitator", "staff", staff.text, 1);
    t->run("INSERT INTO room_session (id, room, starts_us, ends_us, duty_number, demonstration) VALUES (1, 1, 0, 1, '', 1)");
    const auto booking = [&](const char* link, const char* role, int seat) {
      t->run("INSERT INTO booking (session, seat, role, alias, disguise, needs, link_hash) VALUES (1, $1, $2, 'x', 'Picture blurred.', '', $3)", seat,
             role, crypto::sha256(base::as_bytes(std::string_view(link))));
    };
    booking("invented-facilitator", "facilitator", 1);
    booking("invented-member", "member", 4);
    ASSERT_TRUE(t->commit());
  }
  StaffId held_by;  // who holds an open alert about seat 11
  [[nodiscard]] std::string sessions_path() const { return "/api/sessions/" + session.text + "/places"; }
  http::Response say(const std::string& link, const std::string& place) {
    return post("/api/arrival/place", R"({"link":")" + link + R"(","place":)" + place + "}");
  }
  static constexpr const char* kHome = R"({"kind":"home","text":"","ward":""})";
  static constexpr const char* kAddress = R"({"kind":"address","text":"14 Mill Lane, Wexcombe","ward":""})";
  static constexpr const char* kDeclined = R"({"kind":"declined","text":"","ward":""})";
};
QUIETROOM_ON_BOTH_DATABASES(TodayPlaceRoutes);

TEST_P(TodayPlaceRoutes, is_said_with_the_link_of_the_day_and_opened_with_a_reason_that_is_audited) {
  ASSERT_EQ(say("robins-link-of-today", kHome).status, 204);
  actor = facilitator();
  EXPECT_EQ(get(sessions_path() + "/11").status, 403) << "not without a reason";
  const auto opened = get(sessions_path() + "/11", "left-suddenly");
  ASSERT_EQ(opened.status, 200) << opened.text();
  EXPECT_EQ(base::json::print(object_of(opened)["lines"]), R"(["1 Plain Street","Wexcombe","ZZ99 3AA"])");
  EXPECT_EQ(audited("read", "place", "left-suddenly"), 1);
}
TEST_P(TodayPlaceRoutes, home_without_a_confirmed_address_is_asked_again) {
  const auto r = say("ashs-link-of-today", kHome);
  EXPECT_EQ(r.status, 422);
  EXPECT_NE(r.text().find("no-address"), std::string_view::npos);
  EXPECT_EQ(say("ashs-link-of-today", kAddress).status, 204);
}
TEST_P(TodayPlaceRoutes, facilitators_see_who_has_said_and_never_where) {
  ASSERT_EQ(say("robins-link-of-today", kAddress).status, 204);
  ASSERT_EQ(say("ashs-link-of-today", kDeclined).status, 204);
  ASSERT_EQ(say("junipers-link-of-today", kAddress).status, 204) << "facilitators are asked alike";
  actor = facilitator();
  const std::string expected = R"([{"seat":1,"given":true},{"seat":11,"given":true},{"seat":12,"given":false}])";
  EXPECT_EQ(base::json::print(object_of(get(sessions_path()))["items"]), expected);
  EXPECT_EQ(base::json::print(object_of(post("/api/arrival/places", R"({"link":"junipers-link-of-today"})"))["items"]), expected);
  EXPECT_EQ(post("/api/arrival/places", R"({"link":"robins-link-of-today"})").status, 403);
}
TEST_P(TodayPlaceRoutes, opens_to_that_sessions_facilitators_alone) {
  ASSERT_EQ(say("robins-link-of-today", kAddress).status, 204);
  actor = outsider();
  EXPECT_EQ(get(sessions_path() + "/11", "left-suddenly").status, 404);
  EXPECT_EQ(get(sessions_path()).status, 404);
  actor = team_lead();
  EXPECT_EQ(get(sessions_path() + "/11", "left-suddenly").status, 403) << "a team lead needs an open alert";
  EXPECT_GE(audited("refused", "place"), 1);
  held_by = team_lead().staff;
  EXPECT_EQ(get(sessions_path() + "/11").status, 403) << "and a reason";
  EXPECT_EQ(get(sessions_path() + "/11", "drop-off").status, 200);
  EXPECT_EQ(get(sessions_path() + "/12", "drop-off").status, 403) << "the alert is about one person";
  held_by = {};
  actor = member(ash, ashs);
  EXPECT_EQ(get(sessions_path() + "/11", "left-suddenly").status, 403);
  EXPECT_EQ(post("/api/arrival/places/open", R"({"link":"junipers-link-of-today","seat":11})").status, 403) << "a real one asks for a sign-in";
}
TEST_P(TodayPlaceRoutes, the_newest_place_counts_and_stands_sealed) {
  ASSERT_EQ(say("robins-link-of-today", kHome).status, 204);
  ASSERT_EQ(say("robins-link-of-today", kAddress).status, 204);
  auto t = pool().read();
  auto rows = t->query("SELECT place_sealed, person FROM today_place");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(base::as_text(rows.bytes(0)).find("Mill"), std::string_view::npos);
  EXPECT_EQ(rows.text(1), robin.text);
  EXPECT_FALSE(rows.next());
}
TEST_P(TodayPlaceRoutes, a_member_says_it_on_their_own_page) {
  actor = member(robin, robins);
  const std::string body = R"({"session":")" + session.text + R"(","place":)" + kAddress + "}";
  ASSERT_EQ(post("/api/mine/place", body).status, 204);
  EXPECT_EQ(audited("change", "place"), 1);
  EXPECT_EQ(post("/api/mine/place", R"({"session":")" + group.text + R"(","place":)" + kAddress + "}").status, 404);
  actor = facilitator();
  EXPECT_EQ(get(sessions_path() + "/11", "left-suddenly").status, 200);
}
TEST_P(TodayPlaceRoutes, goes_after_its_hours_unless_an_alert_holds_it) {
  ASSERT_EQ(say("robins-link-of-today", kAddress).status, 204);
  ASSERT_EQ(say("ashs-link-of-today", kAddress).status, 204);
  const auto later = [&](std::int64_t hours) { return base::WallTime{kNow.wall.us + hours * kHour}; };
  auto t = pool().write();
  hold_place(*t, session, 12, "an-alert");
  hold_place(*t, session, 12, "an-incident");
  hold_place(*t, session, 12, "an-incident");
  const auto hours = base::Duration::seconds(12 * 3'600);
  const auto before = [&](base::WallTime now) { return base::WallTime{now.us - hours.us}; };
  EXPECT_EQ(forget_places(*t, before(later(11))), 0);
  EXPECT_EQ(forget_places(*t, before(later(12))), 1);
  EXPECT_FALSE(load_place(*t, keys, session, 0, 11));
  EXPECT_TRUE(load_place(*t, keys, session, 0, 12)) << "an alert is open";
  let_go_of_place(*t, session, 12, "an-alert");
  EXPECT_EQ(forget_places(*t, before(later(13))), 0) << "the incident still is";
  let_go_of_place(*t, session, 12, "an-incident");
  EXPECT_EQ(forget_places(*t, before(later(13))), 1);
}
TEST_P(TodayPlaceRoutes, a_demonstration_opens_its_invented_places_by_link_with_a_reason) {
  ASSERT_EQ(say("invented-member", kAddress).status, 204);
  EXPECT_EQ(say("invented-member", kHome).status, 422) << "nobody invented has an address";
  const std::string body = R"({"link":"invented-facilitator","seat":4})";
  EXPECT_EQ(post("/api/arrival/places/open", body).status, 403);
  const auto opened = ask(http::Method::post, "/api/arrival/places/open", body, {.reason = "left-suddenly"});
  ASSERT_EQ(opened.status, 200) << opened.text();
  EXPECT_EQ(base::json::print(object_of(opened)["lines"]), R"(["14 Mill Lane, Wexcombe"])");
  EXPECT_EQ(audited("read", "place", "left-suddenly"), 1);
}
TEST_P(TodayPlaceRoutes, a_link_that_is_not_known_opens_nothing) {
  for (const char* path : {"/api/arrival", "/api/arrival/places"}) EXPECT_EQ(post(path, R"({"link":"unknown"})").status, 404);
  EXPECT_EQ(say("unknown", kAddress).status, 404);
}
TEST_P(TodayPlaceRoutes, the_lobby_learns_what_to_ask) {
  const auto invented = object_of(post("/api/arrival", R"({"link":"invented-member"})"));
  EXPECT_TRUE(invented.at("session").is_null() && invented.at("agreement").is_null());
  {
    auto t = pool().write();
    (void)add_agreement(*t, keys, entropy, group, 1, {.title = "Ours", .points = {"a"}, .easy = {}, .changed = {}}, staff, kNow.wall);
    ASSERT_TRUE(t->commit());
  }
  const auto real = object_of(post("/api/arrival", R"({"link":"robins-link-of-today"})"));
  EXPECT_TRUE(real.at("homeKnown").as_bool());
  EXPECT_TRUE(real.at("agreement").as_object().at("ask").as_bool());
  ASSERT_EQ(post("/api/arrival/agreement", R"({"link":"robins-link-of-today","number":1})").status, 204);
  EXPECT_FALSE(object_of(post("/api/arrival", R"({"link":"robins-link-of-today"})")).at("agreement").as_object().at("ask").as_bool());
  EXPECT_EQ(post("/api/arrival/agreement", R"({"link":"robins-link-of-today","number":2})").status, 409);
  EXPECT_FALSE(object_of(post("/api/arrival", R"({"link":"junipers-link-of-today"})")).at("agreement").as_object().at("ask").as_bool());
}
TEST_P(TodayPlaceRoutes, a_supporter_is_asked_for_the_agreement_at_arrival_too) {
  const SupporterId elm{"0198c0de-0000-7000-8000-00000000000e"};
  {
    auto t = pool().write();
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, seat) VALUES ($1, 1, $2, 'interpreter', $3, 50)", elm, robins,
           keys.seal({"supporter.name"}, elm.text, base::Redacted<std::string>("Invented Interpreter")));
    t->run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us) VALUES ($1, $2, 50, 'supporter', 'supporter', $3, $4)",
           crypto::sha256(base::as_bytes(std::string_view("elms-link-of-today"))), session, elm, kNow.wall.us + kHour);
    (void)add_agreement(*t, keys, entropy, group, 1, {.title = "Ours", .points = {"a"}, .easy = {}, .changed = {}}, staff, kNow.wall);
    (void)add_agreement(*t, keys, entropy, group, 2, {.title = "Ours", .points = {"a", "b"}, .easy = {}, .changed = "b"}, staff, kNow.wall);
    ASSERT_TRUE(t->commit());
  }
  const auto asked = [&] { return object_of(post("/api/arrival", R"({"link":"elms-link-of-today"})")).at("agreement").as_object().at("ask").as_bool(); };
  EXPECT_TRUE(asked());
  EXPECT_EQ(post("/api/arrival/agreement", R"({"link":"elms-link-of-today","number":1})").status, 409);
  ASSERT_EQ(post("/api/arrival/agreement", R"({"link":"elms-link-of-today","number":2})").status, 204);
  EXPECT_FALSE(asked());
  EXPECT_EQ(post("/api/arrival/agreement", R"({"link":"junipers-link-of-today","number":2})").status, 403);
}

}  // namespace
