// SPDX-License-Identifier: Apache-2.0
// The walk over the routes that do not go through care::Desk: those of a signed-in account, of a seat's link and of a personal link, on both
// databases. A route that is in none of these lists fails, so that none is forgotten. Those of the desk: access_walk_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "app/access_world_for_tests.h"
#include "care/session_pass_table.h"

namespace {

using app::test::AccessWorld;

// What a link of a seat opens, by who holds it: as docs/access.md says of arrival, place, register and alerts.
struct OfSeat {
  std::string_view pattern, body;  // what follows the link in the body
  bool facilitator, member, supporter;
};
constexpr OfSeat kOfSeats[] = {
    {"/api/arrival", "", true, true, true},
    {"/api/arrival/place", R"(,"place":{"kind":"declined","text":"","ward":""})", true, true, true},
    {"/api/arrival/agreement", R"(,"number":1)", false, true, true},
    {"/api/arrival/places", "", true, false, false},
    {"/api/arrival/places/open", R"(,"seat":1)", false, false, false},  // of a real session from a signed-in account alone
    {"/api/arrival/beside", "", true, false, false},
    {"/api/arrival/beside/mark", R"(,"seat":1,"version":99,"seen":"phone")", true, false, false},
    {"/api/arrival/alert", R"(,"seat":1,"kind":"help")", true, true, false},  // a member for themselves, here in seat 1
    {"/api/arrival/alerts", "", true, false, false},
};
// Open to whoever asks, since this is how somebody proves who they are, or says nothing of anybody.
constexpr std::string_view kOfNobody[] = {"/api/sign-in", "/api/sign-in/ways", "/api/sign-in/second", "/api/sign-in/second-factor", "/api/sign-in/set-up",
                                          "/api/links/look", "/api/links/confirm", "/api/openapi.json"};
// The telephone company's, by a token of its own.
constexpr std::string_view kOfBearers[] = {"/api/notify/delivery"};

bool has(std::span<const std::string_view> all, std::string_view one) { return std::ranges::find(all, one) != all.end(); }
const OfSeat* of_seat(std::string_view pattern) {
  const auto* row = std::ranges::find(kOfSeats, pattern, &OfSeat::pattern);
  return row == std::end(kOfSeats) ? nullptr : row;
}

class AccessWalkOfLinks : public app::test::OnAccessWorld {
 protected:
  http::Response ask(const http::Route& route, std::string address, std::vector<http::Header> headers, std::string body) {
    http::Request r;
    r.method = route.method;
    r.target = *http::parse_target(address);
    r.headers = std::move(headers);
    if (route.max_body > 0) {
      r.headers.push_back({"Content-Type", "application/json"});
      r.body = base::Redacted<std::string>(std::move(body));
    }
    return world->site.handle(std::move(r), world->now);
  }
  std::vector<const http::Route*> outside_the_desk() const {
    std::set<std::pair<http::Method, std::string>> desk;
    for (const auto& each : world->wiring->desk().routes()) desk.emplace(each.method, each.pattern);
    std::vector<const http::Route*> out;
    for (const auto& each : world->site.routes())
      if (!desk.contains({each.method, each.pattern})) out.push_back(&each);
    return out;
  }
  std::string pass(std::int64_t seat, std::string_view role, care::HolderKind kind, const std::string& holder) {
    const std::string secret = fmt::format("{:x<43}", role);
    auto t = pool().write();
    care::save_pass(*t, {.session = care::SessionId{world->own.ids.at("session")}, .seat = seat, .role = role, .kind = kind, .holder = holder,
                         .until = {world->now.wall.us + 1'000'000'000'000}}, crypto::sha256(base::as_bytes(secret)));
    EXPECT_TRUE(t->commit());
    return secret;
  }
  const care::Actor& caller(care::Role role) const {
    return std::ranges::find(world->callers, role, &AccessWorld::Caller::role)->actor;
  }
  static bool let_in(const http::Response& r) { return r.status != 401 && r.status != 403 && r.status != 404; }
};
QUIETROOM_ON_BOTH_DATABASES(AccessWalkOfLinks);

TEST_P(AccessWalkOfLinks, every_route_outside_the_desk_stands_in_one_of_these_lists) {
  for (const auto* route : outside_the_desk()) {
    const int lists = (of_seat(route->pattern) ? 1 : 0) + (has(kOfNobody, route->pattern) ? 1 : 0) + (has(kOfBearers, route->pattern) ? 1 : 0) +
                      (route->permission == http::Permission::staff ? 1 : 0);
    EXPECT_EQ(lists, 1) << route->pattern;
  }
}

TEST_P(AccessWalkOfLinks, a_seats_link_opens_what_its_holder_may_and_no_other_link_opens_anything) {
  const auto& id = world->own.ids;
  const std::string facilitator = pass(40, "facilitator", care::HolderKind::staff, caller(care::Role::facilitator).staff.text),
                    member = pass(1, "member", care::HolderKind::membership, id.at("membership")),
                    supporter = pass(2, "supporter", care::HolderKind::supporter, id.at("supporter"));
  int cells = 0;
  for (const auto* route : outside_the_desk()) {
    const OfSeat* row = of_seat(route->pattern);
    if (row == nullptr) continue;
    const auto by = [&](const std::string& link) { return ask(*route, route->pattern, {}, R"({"link":")" + link + "\"" + std::string(row->body) + "}"); };
    for (const auto& [name, link, wanted] : {std::tuple("facilitator", facilitator, row->facilitator), std::tuple("member", member, row->member),
                                             std::tuple("supporter", supporter, row->supporter), std::tuple("nobody", std::string(43, 'y'), false)}) {
      const auto answer = by(link);
      EXPECT_EQ(let_in(answer), wanted) << route->pattern << " as " << name << ": " << answer.status << " " << answer.text();
      EXPECT_LT(answer.status, 500) << route->pattern;
      ++cells;
    }
    EXPECT_EQ(ask(*route, route->pattern, {world->callers.front().proof}, "{}").status, 422) << route->pattern << ": a sign-in is no link";
  }
  {
    auto t = pool().write();
    t->run("DELETE FROM seat_pass");
    ASSERT_TRUE(t->commit());
  }
  for (const auto* route : outside_the_desk())
    if (const OfSeat* row = of_seat(route->pattern))
      EXPECT_EQ(ask(*route, route->pattern, {}, R"({"link":")" + member + "\"" + std::string(row->body) + "}").status, 404) << route->pattern;
  std::printf("%d cells of seats\n", cells);
}

TEST_P(AccessWalkOfLinks, what_is_of_an_account_opens_for_staff_who_are_signed_in_and_for_nobody_else) {
  int cells = 0;
  for (const auto* route : outside_the_desk()) {
    if (route->permission != http::Permission::staff) continue;
    if (route->pattern == "/api/sign-out") continue;  // below: it would end the sign-ins that the others are asked with
    std::string address = route->pattern;
    if (const auto at = address.find('{'); at != std::string::npos) address = address.substr(0, at) + base::new_uuid(world->entropy, world->now.wall);
    const std::string body = route->pattern == "/api/sign-in/unlock" ? R"({"password":"none of theirs"})"
                             : route->pattern == "/api/me/password"  ? R"({"password":"none of theirs","newPassword":"four wet green boots"})"
                                                                     : "{}";
    for (const auto& each : world->callers) {
      const auto answer = ask(*route, address, {each.proof}, body);
      const bool staff = each.actor.kind == care::Actor::Kind::staff;
      // 403: the password that it asks for was not given; 404: a sign-in that is none of theirs.
      EXPECT_EQ(answer.status != 401, staff) << route->pattern << " as " << care::to_text(each.role) << ": " << answer.status;
      EXPECT_LT(answer.status, 500) << route->pattern;
      ++cells;
    }
    EXPECT_EQ(ask(*route, address, {{"Cookie", "quietroom=" + std::string(43, 'y')}}, body).status, 401) << route->pattern;
    EXPECT_EQ(ask(*route, address, {}, body).status, 401) << route->pattern;
    auto t = pool().write();
    t->run("UPDATE sign_in SET locked = 0");  // what one of these routes does
    ASSERT_TRUE(t->commit());
  }
  for (const auto* route : outside_the_desk())
    if (route->pattern == "/api/sign-out") EXPECT_LT(ask(*route, route->pattern, {}, "{}").status, 500);
  std::printf("%d cells of accounts\n", cells);
}

TEST_P(AccessWalkOfLinks, who_has_proved_nothing_is_told_nothing) {
  for (const auto* route : outside_the_desk()) {
    if (has(kOfBearers, route->pattern)) {
      for (const char* token : {"", "Bearer ", "Bearer x"}) EXPECT_EQ(ask(*route, route->pattern, {{"Authorization", token}}, "{}").status, 401) << token;
      continue;
    }
    if (!has(kOfNobody, route->pattern)) continue;
    const auto text = std::string(ask(*route, route->pattern, {}, R"({"link":")" + std::string(43, 'y') + "\"}").text());
    for (const char* planted : {"Rowan", "Birch", "Hazel", "Robin", "Fenwater", "Group North", "Talking Therapies"}) EXPECT_EQ(text.find(planted), std::string::npos) << route->pattern << ": " << text.substr(0, 200);
  }
}

}  // namespace
