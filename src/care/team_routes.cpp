// SPDX-License-Identifier: Apache-2.0
// See team_routes.h.
#include "care/team_routes.h"

#include <algorithm>

#include "care/group_routes.h"
#include "care/team_table.h"

namespace care {
namespace {

// A team is the trust's plan of itself: everybody who works here knows the teams that they work in or for.
GroupReach team_reach(const Actor& actor) {
  GroupReach out = group_reach(actor, Data::settings, Access::read);
  // Settings of the trust are open to many roles, each for its own part (docs/access.md); the names of the teams are no part.
  out.dates_only = false;
  std::size_t teams = 0;
  for (const Standing& s : actor.standings)
    if (!s.team.empty() && teams < kReachTeams) out.teams[teams++] = s.team.text;
  return out;
}

http::Response teams(Call& call) {
  const auto page = page_of(call);
  if (!page) return page.error();
  const Stand stand = stand_of(*page);
  Listing<TeamRow> out;
  out.items = list_teams(call.tx, team_reach(call.actor),
                         {.closed = call.query("closed") == "true", .after_name = stand.first, .after_id = stand.second, .limit = page->limit});
  if (std::cmp_equal(out.items.size(), page->limit)) out.next.value = cursor_at(call, out.items.back().name, out.items.back().id.text);
  call.note("read", Data::settings, {"teams", {}, {}});
  return http::json(base::json::write(out));
}

http::Response staff(Call& call) {
  const auto page = page_of(call);
  if (!page) return page.error();
  const Stand stand = stand_of(*page);
  StaffFilter filter{.team = call.query("team").value_or(""), .after_name = stand.first, .after_id = stand.second, .limit = page->limit};
  if (!filter.team.empty() && !base::is_uuid(filter.team)) return http::problem(400, "team", "This team is not known");
  Listing<StaffRow> out;
  out.items = list_staff(call.tx, group_reach(call.actor, Data::accounts, Access::read), filter, call.now.wall);
  if (std::cmp_equal(out.items.size(), page->limit)) out.next.value = cursor_at(call, out.items.back().name, out.items.back().id.text);
  call.note("read", Data::accounts, {"staff", {}, {}});
  return http::json(base::json::write(out));
}

}  // namespace

void add_team_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/teams", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = teams});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/staff", .permission = http::Permission::staff,
                                    .data = Data::accounts, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = staff});
}

}  // namespace care
