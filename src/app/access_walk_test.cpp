// SPDX-License-Identifier: Apache-2.0
// The walk: every route of the service, asked by every role, about its own team's and another team's records, on both databases.
// Each cell must be let in or refused as docs/access.md says (care/access_test holds that table equal to care::may). "Let in"
// is any answer but 401, 403 and 404: the walk sends no real change, so 412, 422 or 428 mean that the door was open.
// A route with a rule of its own beside the table says it in rules_beside(), with the sentence that it comes from.
#include <fmt/format.h>

#include "app/access_world_for_tests.h"

namespace {

using app::test::AccessWorld;
using app::test::Side;

// "METHOD pattern" -> who is let in although the table alone says no, or the other way round; nothing: as the table says.
struct RuleBeside {
  std::string_view route;
  std::function<std::optional<bool>(care::Role, bool own)> let_in;
  std::string_view because;
};
const std::vector<RuleBeside>& rules_beside() {
  using care::Role;
  const auto may_accept = [](Role r, bool) { return r == Role::supporter ? std::optional(true) : std::nullopt; };
  const auto not_of_the_trust = [](Role r, bool) { return r == Role::safety_officer || r == Role::it_support ? std::optional(false) : std::nullopt; };
  constexpr std::string_view kAlerts = "an alert is seen, held and closed by that team's leads and the group's facilitators alone";
  static const std::vector<RuleBeside> all{
      {"POST /api/people/search", [](Role r, bool) { return r == Role::safety_officer ? std::optional(false) : std::nullopt; },
       "a safety officer opens one record, with a reason; they do not look through people"},
      {"POST /api/break-glass/find", [](Role r, bool) { return r == Role::safety_officer ? std::optional(false) : std::nullopt; },
       "break-glass is a clinician's"},
      {"POST /api/people/{person}/break-glass",
       [](Role r, bool) -> std::optional<bool> {
         if (r == Role::safety_officer) return false;
         return r == Role::facilitator || r == Role::team_lead ? std::optional(true) : std::nullopt;
       },
       "a clinician outside the group may open identity, safety plan and place of one person, with a reason"},
      {"GET /api/break-glass",
       [](Role r, bool) { return r == Role::safety_officer || r == Role::facilitator ? std::optional(false) : std::nullopt; },
       "the team lead is told"},
      {"GET /api/groups/{group}/agreement", [](Role r, bool) { return r == Role::it_support ? std::optional(false) : std::nullopt; },
       "IT support sees the dates of groups only"},
      {"GET /api/retention",
       [](Role r, bool) -> std::optional<bool> { return r == Role::administrator || r == Role::team_lead; },
       "how long what is kept, and how many records go on which day, is shown to administrators and team leads"},
      {"PUT /api/retention/rules/{rule}", [](Role r, bool) -> std::optional<bool> { return r == Role::administrator; },
       "an administrator sets how long what is kept, for the whole trust"},
      {"GET /api/retention/records", [](Role r, bool) -> std::optional<bool> { return r == Role::team_lead; },
       "whose records will go is shown to the lead of their team"},
      {"GET /api/people/{person}/duties", [](Role r, bool own) -> std::optional<bool> { return r == Role::team_lead && own; },
       "whoever may write a person's identity sees how long the record is kept, holds it and lifts the hold"},
      {"GET /api/groups/{group}/duties", [](Role r, bool own) -> std::optional<bool> { return r == Role::team_lead && own; },
       "whoever may write a person's identity sees how long the record is kept, holds it and lifts the hold"},
      {"GET /api/sessions/{session}/joining", not_of_the_trust, "the address to join by is read by whoever may write the group's plan"},
      {"GET /api/mine/agreement", may_accept, "a supporter reads the group's agreement and accepts it for themselves"},
      {"POST /api/mine/agreement", may_accept, "a supporter reads the group's agreement and accepts it for themselves"},
      {"GET /api/alerts", not_of_the_trust, kAlerts},
      {"POST /api/sessions/{session}/alerts", not_of_the_trust, kAlerts},
      {"GET /api/alerts/{alert}", not_of_the_trust, kAlerts},
      {"POST /api/alerts/{alert}/holder", not_of_the_trust, kAlerts},
      {"POST /api/alerts/{alert}/close", not_of_the_trust, kAlerts},
      {"GET /api/groups/{group}/colleagues",
       [](Role r, bool) { return r == Role::it_support || r == Role::safety_officer ? std::optional(false) : std::nullopt; },
       "whoever may write a group's plan may read the names of the staff of its team"},
      {"GET /api/trust", [](Role r, bool) { return std::optional(r == Role::administrator); }, "the trust's settings are the administrator's"},
      {"GET /api/trust/agreement", [](Role r, bool) { return std::optional(r == Role::administrator); }, "the trust's settings are the administrator's"},
      {"PUT /api/trust/agreement", [](Role r, bool) { return std::optional(r == Role::administrator); }, "the trust's settings are the administrator's"},
      {"PUT /api/trust", [](Role r, bool) { return std::optional(r == Role::administrator); }, "the trust's settings are the administrator's"},
      {"GET /api/services", [](Role r, bool) { return std::optional(r == Role::administrator); }, "services and teams are made by administrators"},
      {"POST /api/services", [](Role r, bool) { return std::optional(r == Role::administrator); }, "services and teams are made by administrators"},
      {"GET /api/services/{service}", [](Role r, bool) { return std::optional(r == Role::administrator); }, "services and teams are made by administrators"},
      {"PUT /api/services/{service}", [](Role r, bool) { return std::optional(r == Role::administrator); }, "services and teams are made by administrators"},
      {"POST /api/teams", [](Role r, bool) { return std::optional(r == Role::administrator); }, "services and teams are made by administrators"},
      {"GET /api/teams/{team}", [](Role r, bool own) { return std::optional(r == Role::administrator || (r == Role::team_lead && own)); },
       "a lead of the team changes its duty number"},
      {"PUT /api/teams/{team}", [](Role r, bool own) { return std::optional(r == Role::administrator || (r == Role::team_lead && own)); },
       "a lead of the team changes its duty number"},
  };
  return all;
}

class AccessWalk : public app::test::OnAccessWorld {
 protected:
  // The pattern's address with the ids of one side; nothing where the world has no such record.
  static std::optional<std::string> address(const std::string& pattern, const Side& side) {
    std::string out = pattern;
    for (std::size_t at = 0; (at = out.find('{')) != std::string::npos;) {
      const std::size_t end = out.find('}', at);
      const auto id = side.ids.find(out.substr(at + 1, end - at - 1));
      if (id == side.ids.end()) return std::nullopt;
      out.replace(at, end - at + 1, id->second);
    }
    return out;
  }
  int status(const care::ServiceRoute& route, const AccessWorld::Caller& caller, const Side& side, bool with_reason, std::string* text = nullptr) {
    http::Request r;
    r.method = route.method;
    r.target = *http::parse_target(*address(route.pattern, side));
    r.headers = {caller.proof, {"If-Match", "\"0\""}};
    if (with_reason) r.headers.push_back({"Quietroom-Reason", "safeguarding"});
    if (route.max_body > 0) {
      r.headers.push_back({"Content-Type", "application/json"});
      r.body = base::Redacted<std::string>(std::string("{}"));
    }
    const auto answer = world->site.handle(std::move(r), world->now);
    if (text != nullptr) *text = answer.text();
    return answer.status;
  }
  static bool permitted(http::Permission p, const care::Actor& actor) {
    const bool staff = actor.kind == care::Actor::Kind::staff;
    return p == http::Permission::staff_or_visitor || (p == http::Permission::staff) == staff;
  }
  struct Expected {
    bool let_in = false, needs_reason = false;
  };
  static Expected expected(const care::ServiceRoute& route, const AccessWorld::Caller& caller, const Side& side, bool own) {
    if (!permitted(route.permission, caller.actor)) return {};
    for (const auto& n : rules_beside())
      if (n.route == fmt::format("{} {}", http::to_text(route.method), route.pattern))
        if (const auto said = n.let_in(caller.role, own)) return {.let_in = *said};
    const bool of_a_record = route.pattern.find('{') != std::string::npos;
    if (!of_a_record) return {.let_in = care::might(caller.actor, route.data, route.access)};
    care::Where where = side.where();
    where.alert_held = own && caller.role == care::Role::team_lead;  // as the world has it
    const auto verdict = care::may(caller.actor, route.data, route.access, where);
    return {.let_in = verdict.allowed, .needs_reason = verdict.needs_reason};
  }
};
QUIETROOM_ON_BOTH_DATABASES(AccessWalk);

TEST_P(AccessWalk, every_route_lets_in_whom_the_table_says_and_nobody_else) {
  const auto& routes = world->wiring->desk().routes();
  ASSERT_GE(routes.size(), 6U);
  int cells = 0, open = 0;
  for (const auto& route : routes) {
    if (!address(route.pattern, world->own)) {
      ADD_FAILURE() << route.pattern << ": give the world a record of this kind (access_world_for_tests.h)";
      continue;
    }
    for (const auto& caller : world->callers)
      for (const bool own : {true, false}) {
        const Side& side = own ? world->own : world->other;
        const auto wanted = expected(route, caller, side, own);
        std::string text;
        const int got = status(route, caller, side, true, &text);
        const bool let_in = got != 401 && got != 403 && got != 404;
        const std::string what = fmt::format("{} {} as {} ({} team): {} {}", http::to_text(route.method), route.pattern, care::to_text(caller.role),
                                             own ? "own" : "other", got, text);
        EXPECT_EQ(let_in, wanted.let_in) << what;
        EXPECT_LT(got, 500) << what;
        ++cells;
        open += let_in ? 1 : 0;
      }
  }
  std::printf("%zu routes, %d cells, %d of them open\n", routes.size(), cells, open);
}

TEST_P(AccessWalk, what_opens_with_a_reason_alone_does_not_open_without_one) {
  int asked = 0;
  for (const auto& route : world->wiring->desk().routes()) {
    if (!address(route.pattern, world->own)) continue;
    for (const auto& caller : world->callers) {
      if (!expected(route, caller, world->own, true).needs_reason) continue;
      std::string text;
      EXPECT_EQ(status(route, caller, world->own, false, &text), 403) << route.pattern << " " << care::to_text(caller.role);
      EXPECT_NE(text.find("reason-wanted"), std::string::npos) << text;
      ++asked;
    }
  }
  std::printf("%d cells ask for a reason\n", asked);
}

TEST_P(AccessWalk, nobody_is_let_in_without_proof_or_with_another_s) {
  for (const auto& route : world->wiring->desk().routes()) {
    if (!address(route.pattern, world->own)) continue;
    for (const http::Header& proof : {http::Header{"Cookie", "quietroom=" + std::string(43, 'y')}, http::Header{"Authorization", "Visit " + std::string(43, 'y')},
                                      http::Header{"Authorization", "Visit "}, http::Header{"Cookie", "quietroom="}})
      EXPECT_EQ(status(route, {care::Role::member, proof, {}}, world->own, true), 401) << route.pattern;
  }
}

TEST_P(AccessWalk, a_link_that_was_withdrawn_opens_nothing) {
  {
    auto t = pool().write();
    t->run("UPDATE personal_link SET withdrawn_us = 1");
    ASSERT_TRUE(t->commit());
  }
  int asked = 0;
  for (const auto& route : world->wiring->desk().routes())
    for (const auto& caller : world->callers)
      if (caller.actor.kind != care::Actor::Kind::staff && address(route.pattern, world->own)) {
        EXPECT_EQ(status(route, caller, world->own, true), 401) << route.pattern;
        ++asked;
      }
  EXPECT_GT(asked, 0);
}

}  // namespace
