// SPDX-License-Identifier: Apache-2.0
// See group_routes.h.
#include "care/group_routes.h"

#include "care/group_table.h"
#include "care/session_table.h"
#include "care/team_settings_table.h"
#include "care/team_table.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 64 * 1024;

// Dates alone: when it meets, not what it is.
void leave_dates(GroupRow& row) {
  row.name = row.programme = {};
  row.members = row.waiting = 0;
}
void leave_dates(Group& g) {
  Group dates;  // of what is added to a plan later they read nothing, either
  dates.id = g.id;
  dates.version = g.version;
  dates.team = g.team;
  dates.zone = g.zone;
  dates.closed = g.closed;
  g = std::move(dates);
}

http::Response answer_with(Group g, std::int64_t version) {
  g.version = version;
  return versioned(base::json::write(g), version);
}

constexpr std::size_t kMostFind = 100;

http::Response list(Call& call) {
  const auto page = page_of(call);
  if (!page) return page.error();
  const Stand stand = stand_of(*page);
  GroupFilter filter{.facilitated_by = {}, .state = call.query("state").value_or(""), .find = trimmed(call.query("find").value_or("")), .after_name = stand.first, .after_id = stand.second,
                     .limit = page->limit};
  if (!filter.state.empty() && filter.state != "open" && filter.state != "closed")
    return http::problem(400, "state", "A group is open or closed");
  if (filter.find.size() > kMostFind) return http::problem(400, "find", "Search for fewer words");
  if (call.query("mine") == "true") filter.facilitated_by = call.actor.staff;
  auto rows = list_groups(call.tx, group_reach(call.actor, Data::group_plan, Access::read), filter, call.now.wall);
  Listing<GroupRow> out;
  if (std::cmp_equal(rows.size(), page->limit)) out.next.value = cursor_at(call, rows.back().name, rows.back().id.text);
  // Whoever is told no name finds nothing by it, either.
  if (!filter.find.empty()) {
    std::erase_if(rows, [&](const GroupRow& row) { return dates_only(call.actor, where_of(row.id, row.team)); });
    if (rows.empty()) out.next.value.reset();
  }
  for (GroupRow& row : rows)
    if (dates_only(call.actor, where_of(row.id, row.team))) leave_dates(row);
  out.items = std::move(rows);
  call.note("read", Data::group_plan, {"groups", {}, {}});
  return http::json(base::json::write(out));
}

http::Response create(Call& call) {
  auto wanted = call.body<Group>();
  if (!wanted) return wanted.error();
  const auto id = base::new_id<GroupId>(call.entropy, call.now.wall);
  if (const auto open = call.open(Data::group_plan, Access::write, {.teams = {wanted->team}, .groups = {}, .person = {}, .staff = {}},
                                  {"group", id.text, {}});
      !open)
    return open.error();
  FieldFaults faults;
  if (!take_open_team(call.tx, wanted->team)) faults.push_back({"/team", "not-known", "Choose one of your teams"});
  if (wanted->closed.value_or(false)) faults.push_back({"/closed", "new", "A new group is open"});
  const auto plan = decide_group(*wanted, around_group(call.tx, call.keys, *wanted, std::nullopt, std::nullopt, call.now.wall));
  if (!plan) faults.insert(faults.end(), plan.error().begin(), plan.error().end());
  if (!faults.empty()) return unprocessable(faults);
  insert_group(call.tx, id, *plan, call.now.wall);
  const auto saved = load_group(call.tx, id);
  if (!saved) return not_found();
  return created("/api/groups/" + id.text, base::json::write(*saved), 1);
}

http::Response show(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  auto group = open_group(call, *id, Data::group_plan, Access::read);
  if (!group) return group.error();
  if (dates_only(call.actor, where_of(*id, group->team))) leave_dates(*group);
  return answer_with(*group, group->version.value_or(1));
}

http::Response change(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  lock_group(call.tx, *id);
  const auto before = open_group(call, *id, Data::group_plan, Access::write);
  if (!before) return before.error();
  const auto wanted = call.body<Group>();
  if (!wanted) return wanted.error();
  const std::int64_t version = before->version.value_or(1);
  if (const auto same = call.match(version); !same) return same.error();
  const auto plan = decide_group(*wanted, around_group(call.tx, call.keys, *wanted, *id, *before, call.now.wall));
  if (!plan) return unprocessable(plan.error());
  if (!update_group(call.tx, *id, *plan, version, call.now.wall)) return changed_since();
  // People come to where their sessions are, not to where the plan says: both change together, and the outbox tells them.
  for (const Session& s : follow_venue(planned_to_come(call.tx, *id, call.now.wall), before->venue, plan->venue)) {
    if (!save_moved(call.tx, s)) return changed_since();
    call.note("change", Data::group_plan, {"session", s.id.text, {}});
  }
  const auto saved = load_group(call.tx, *id);
  return saved ? answer_with(*saved, version + 1) : not_found();
}

// Whoever may write the plan chooses from the names of the team; that they may read it is not enough.
http::Response colleagues(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  const auto group = open_group(call, *id, Data::group_plan, Access::read);
  if (!group) return group.error();
  if (!may(call.actor, Data::group_plan, Access::write, where_of(*id, group->team)).allowed) {
    call.note("refused", Data::accounts, {"group", id->text, {}});
    return refused();
  }
  const auto page = page_of(call);
  if (!page) return page.error();
  const Stand stand = stand_of(*page);
  Listing<ColleagueRow> out;
  out.items = list_colleagues(call.tx, group->team, stand.first, stand.second, page->limit, call.now.wall);
  if (std::cmp_equal(out.items.size(), page->limit)) out.next.value = cursor_at(call, out.items.back().name, out.items.back().id.text);
  return http::json(base::json::write(out));
}

}  // namespace

Stand stand_of(const Page& page) {
  const std::size_t at = page.after.find('\n');
  if (at == std::string::npos) return {page.after, {}};
  return {page.after.substr(0, at), page.after.substr(at + 1)};
}
std::string cursor_at(const Call& call, std::string_view first, std::string_view second) {
  return cursor(call, std::string(first) + "\n" + std::string(second));
}

http::Response changed_since() { return http::problem(412, "changed-since", "Somebody else has changed this since you opened it"); }

OrAnswer<void> match_if_given(const Call& call, std::int64_t version) {
  if (call.request.header("If-Match").empty()) return {};
  return call.match(version);
}

OrAnswer<void> still_open(const Group& group) {
  if (!group.closed.value_or(false)) return {};
  return std::unexpected(http::problem(409, "group-closed", "This group is closed"));
}

OrAnswer<Verdict> open_in_group(Call& call, Data data, Access access, const Where& where, const Subject& subject) {
  if (!may(call.actor, Data::group_plan, Access::read, where).allowed) {
    (void)call.open(Data::group_plan, Access::read, where, subject);  // notes that it was refused
    return std::unexpected(not_found());
  }
  return call.open(data, access, where, subject);
}

OrAnswer<Group> open_group(Call& call, const GroupId& id, Data data, Access access) {
  auto group = load_group(call.tx, id);
  if (!group) return std::unexpected(not_found());
  if (auto open = open_in_group(call, data, access, where_of(id, group->team), {"group", id.text, {}}); !open)
    return std::unexpected(std::move(open.error()));
  return std::move(*group);
}

void add_group_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .creates = true, .handler = create});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/groups/{group}", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .handler = change});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/colleagues", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = colleagues});
}

}  // namespace care
