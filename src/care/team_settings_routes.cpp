// SPDX-License-Identifier: Apache-2.0
// See team_settings_routes.h. "Settings: trust's" of docs/access.md is the administrator's; that row opens to other roles for parts
// of their own, so each route says beside the table whom it lets in.
#include "care/team_settings_routes.h"

#include <algorithm>

#include "care/group_routes.h"
#include "care/team_settings_table.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 16 * 1'024;  // what is too long is said at its field

struct TeamShown {
  TeamId id;
  std::int64_t version = 1;
  std::string name;
  ServiceId service;
  std::string duty_number;
  bool closed = false;
  std::int64_t open_groups = 0;
  static constexpr auto fields() {
    using base::json::field;
    using T = TeamShown;
    return std::tuple{field("id", &T::id), field("version", &T::version), field("name", &T::name), field("service", &T::service),
                      field("dutyNumber", &T::duty_number), field("closed", &T::closed), field("openGroups", &T::open_groups)};
  }
};

http::Response answer(const TrustRow& t) { return versioned(base::json::write(t.form), t.version); }

http::Response show_trust(Call& call) {
  const TrustRow trust = load_trust(call.tx);
  if (const auto open = open_trust_settings(call, Access::read, {"trust", trust.id.text, {}}); !open) return open.error();
  return answer(trust);
}

http::Response change_trust(Call& call) {
  const TrustRow before = load_trust(call.tx);
  if (const auto open = open_trust_settings(call, Access::write, {"trust", before.id.text, {}}); !open) return open.error();
  const auto wanted = call.body<TrustForm>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(before.version); !same) return same.error();
  const auto form = decide_trust(*wanted);
  if (!form) return unprocessable(form.error());
  if (!save_trust(call.tx, call.entropy, before, *form, call.now.wall)) return changed_since();
  return answer(load_trust(call.tx));
}

http::Response services(Call& call) {
  if (const auto open = open_trust_settings(call, Access::read, {"services", {}, {}}); !open) return open.error();
  const auto page = page_of(call);
  if (!page) return page.error();
  const Stand stand = stand_of(*page);
  Listing<ServiceRow> out;
  out.items = list_services(call.tx, stand.first, stand.second, page->limit);
  if (std::cmp_equal(out.items.size(), page->limit)) out.next.value = cursor_at(call, out.items.back().name, out.items.back().id.text);
  return http::json(base::json::write(out));
}

http::Response make_service(Call& call) {
  const auto id = base::new_id<ServiceId>(call.entropy, call.now.wall);
  if (const auto open = open_trust_settings(call, Access::write, {"service", id.text, {}}); !open) return open.error();
  const auto wanted = call.body<ServiceForm>();
  if (!wanted) return wanted.error();
  const TrustRow trust = load_trust(call.tx);
  if (trust.id.empty()) return http::problem(409, "no-trust", "Give the trust its name first");
  const auto form = decide_service(*wanted, service_name_taken(call.tx, trimmed(wanted->name), {}));
  if (!form) return unprocessable(form.error());
  insert_service(call.tx, id, trust.id, *form);
  const auto saved = load_service(call.tx, id);
  return saved ? created("/api/services/" + id.text, base::json::write(*saved), saved->version) : not_found();
}

OrAnswer<ServiceRow> service_of_path(Call& call, Access access) {
  const auto id = call.path_id<ServiceId>();
  if (!id) return std::unexpected(id.error());
  if (auto open = open_trust_settings(call, access, {"service", id->text, {}}); !open) return std::unexpected(open.error());
  auto service = load_service(call.tx, *id);
  if (!service) return std::unexpected(not_found());
  return std::move(*service);
}

http::Response show_service(Call& call) {
  const auto service = service_of_path(call, Access::read);
  return service ? versioned(base::json::write(*service), service->version) : service.error();
}

http::Response change_service(Call& call) {
  const auto before = service_of_path(call, Access::write);
  if (!before) return before.error();
  const auto wanted = call.body<ServiceForm>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(before->version); !same) return same.error();
  const auto form = decide_service(*wanted, service_name_taken(call.tx, trimmed(wanted->name), before->id));
  if (!form) return unprocessable(form.error());
  if (!update_service(call.tx, before->id, before->version, *form)) return changed_since();
  const auto saved = load_service(call.tx, before->id);
  return saved ? versioned(base::json::write(*saved), saved->version) : not_found();
}

std::string shown(const TeamSettings& t) {
  return base::json::write(TeamShown{.id = t.id, .version = t.version, .name = t.form.name, .service = t.form.service,
                                      .duty_number = t.form.duty_number, .closed = t.form.closed, .open_groups = t.open_groups});
}

AroundTeam around(Call& call, const TeamForm& wanted, const std::optional<TeamSettings>& before) {
  return {.before = before ? std::optional(before->form) : std::nullopt,
          .administrator = call.actor.has(Role::administrator),
          .service_known = load_service(call.tx, wanted.service).has_value(),
          .name_taken = team_name_taken(call.tx, trimmed(wanted.name), wanted.service, before ? before->id : TeamId{}),
          .open_groups = before ? before->open_groups : 0};
}

http::Response make_team(Call& call) {
  const auto id = base::new_id<TeamId>(call.entropy, call.now.wall);
  if (const auto open = open_trust_settings(call, Access::write, {"team", id.text, {}}); !open) return open.error();
  const auto wanted = call.body<TeamForm>();
  if (!wanted) return wanted.error();
  const auto form = decide_team(*wanted, around(call, *wanted, std::nullopt));
  if (!form) return unprocessable(form.error());
  insert_team(call.tx, id, *form);
  const auto saved = load_team(call.tx, id);
  return saved ? created("/api/teams/" + id.text, shown(*saved), saved->version) : not_found();
}

// An administrator, or a lead of this team; 404 to everybody else.
OrAnswer<TeamSettings> team_of_path(Call& call, Access access) {
  const auto id = call.path_id<TeamId>();
  if (!id) return std::unexpected(id.error());
  const Subject subject{"team", id->text, {}};
  const bool leads = std::ranges::any_of(call.actor.standings, [&](const Standing& s) { return s.role == Role::team_lead && (s.team.empty() || s.team == *id); });
  if (!leads && !call.actor.has(Role::administrator)) {
    call.note("refused", Data::settings, subject);
    return std::unexpected(not_found());
  }
  if (auto open = call.open(Data::settings, access, {.teams = {*id}, .groups = {}, .person = {}, .staff = {}}, subject); !open)
    return std::unexpected(open.error());
  if (access == Access::write) lock_team(call.tx, *id);  // nobody makes a group in it while it is closed
  auto team = load_team(call.tx, *id);
  if (!team) return std::unexpected(not_found());
  return std::move(*team);
}

http::Response show_team(Call& call) {
  const auto team = team_of_path(call, Access::read);
  return team ? versioned(shown(*team), team->version) : team.error();
}

http::Response change_team(Call& call) {
  const auto before = team_of_path(call, Access::write);
  if (!before) return before.error();
  const auto wanted = call.body<TeamForm>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(before->version); !same) return same.error();
  const auto form = decide_team(*wanted, around(call, *wanted, *before));
  if (!form) return unprocessable(form.error());
  if (!update_team(call.tx, *before, *form, call.now.wall)) return changed_since();
  const auto saved = load_team(call.tx, before->id);
  return saved ? versioned(shown(*saved), saved->version) : not_found();
}

}  // namespace

OrAnswer<void> open_trust_settings(Call& call, Access access, const Subject& subject) {
  if (!call.actor.has(Role::administrator)) {
    call.note("refused", Data::settings, subject);
    return std::unexpected(refused());
  }
  if (auto open = call.open(Data::settings, access, {}, subject); !open) return std::unexpected(open.error());
  return {};
}

void add_team_settings_routes(http::Site& site, Desk& desk) {
  using http::Method;
  desk.add(site, care::ServiceRoute{.method = Method::get, .pattern = "/api/trust", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = show_trust});
  desk.add(site, care::ServiceRoute{.method = Method::put, .pattern = "/api/trust", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody, .handler = change_trust});
  desk.add(site, care::ServiceRoute{.method = Method::get, .pattern = "/api/services", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = services});
  desk.add(site, care::ServiceRoute{.method = Method::post, .pattern = "/api/services", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody, .creates = true,
                                    .handler = make_service});
  desk.add(site, care::ServiceRoute{.method = Method::get, .pattern = "/api/services/{service}", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = show_service});
  desk.add(site, care::ServiceRoute{.method = Method::put, .pattern = "/api/services/{service}", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .handler = change_service});
  desk.add(site, care::ServiceRoute{.method = Method::post, .pattern = "/api/teams", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody, .creates = true, .handler = make_team});
  desk.add(site, care::ServiceRoute{.method = Method::get, .pattern = "/api/teams/{team}", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = show_team});
  desk.add(site, care::ServiceRoute{.method = Method::put, .pattern = "/api/teams/{team}", .permission = http::Permission::staff, .data = Data::settings,
                                    .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody, .handler = change_team});
}

}  // namespace care
