// SPDX-License-Identifier: Apache-2.0
// See staff_routes.h.
#include "identity/staff_routes.h"

#include <algorithm>

#include "care/group_table.h"
#include "care/team_settings_table.h"
#include "care/zone.h"
#include "identity/account.h"

namespace identity {
namespace {

using base::json::field;
using care::Call;

struct StaffShown {
  std::string id;
  std::int64_t version = 0;
  std::string name, email;
  bool active = true;
  std::vector<RoleAt> standings;
  static constexpr auto fields() {
    return std::tuple{field("id", &StaffShown::id),       field("version", &StaffShown::version), field("name", &StaffShown::name),
                      field("email", &StaffShown::email), field("active", &StaffShown::active),   field("standings", &StaffShown::standings)};
  }
};
struct SetUpAsk {
  bool second_factor = false;  // the second factor is set up anew, too
  static constexpr auto fields() { return std::tuple{field("secondFactor", &SetUpAsk::second_factor)}; }
};
struct SetUpLink {
  std::string link, until;
  static constexpr auto fields() { return std::tuple{field("link", &SetUpLink::link), field("until", &SetUpLink::until)}; }
};

std::string shown(const StaffRecord& s) {
  return base::json::write(StaffShown{s.id.text, s.version, s.form.name, s.form.email, s.form.active, s.form.standings});
}

care::Where where_of(const StaffRecord& s) {
  care::Where where{.teams = {}, .groups = {}, .person = {}, .staff = s.id};
  for (const auto& r : s.form.standings)
    if (r.team.value) where.teams.push_back(*r.team.value);
  return where;
}

// The record of the path, where the actor may do this to it; 404 where they may not know of it.
care::OrAnswer<StaffRecord> opened(Call& call, care::Access access) {
  const auto id = call.path_id<care::StaffId>();
  if (!id) return std::unexpected(id.error());
  auto record = find_staff(call.tx, *id, call.now.wall);
  if (!record) return std::unexpected(care::not_found());
  const care::Subject subject{.kind = "account", .id = record->id.text, .person = {}};
  const bool known = care::may(call.actor, care::Data::accounts, care::Access::read, where_of(*record)).allowed;
  const auto verdict = call.open(care::Data::accounts, access, where_of(*record), subject);
  if (!verdict) return std::unexpected(known ? verdict.error() : care::not_found());
  return std::move(*record);
}

// What only the tables know. `before`: the roles that they have; these stay possible in a team that was closed since.
Faults against_tables(Call& call, const AccountForm& form, const care::StaffId& staff, const std::vector<RoleAt>& before) {
  Faults faults;
  if (email_taken(call.tx, form.email, staff)) faults.push_back({"/email", "taken", "Another account has this e-mail address"});
  for (std::size_t i = 0; i < form.standings.size(); ++i)
    if (form.standings[i].team.value && std::ranges::find(before, form.standings[i]) == before.end() &&
        !care::take_open_team(call.tx, *form.standings[i].team.value))
      faults.push_back({"/standings/" + std::to_string(i) + "/team", "unknown-value", "Choose one of the teams"});
  return faults;
}

http::Response make(Call& call) {
  const auto form = call.body<AccountForm>();
  if (!form) return form.error();
  const auto id = base::new_id<care::StaffId>(call.entropy, call.now.wall);
  const auto verdict = call.open(care::Data::accounts, care::Access::write, {}, {.kind = "account", .id = id.text, .person = {}});
  if (!verdict) return verdict.error();
  const auto good = checked(*form);
  if (!good) return care::unprocessable(good.error());
  if (const auto faults = against_tables(call, *good, id, {}); !faults.empty()) return care::unprocessable(faults);
  add_staff(call.tx, id, *good, call.entropy, call.now.wall);
  const auto record = find_staff(call.tx, id, call.now.wall);
  if (!record) return care::not_found();
  return care::created("/api/staff/" + id.text, shown(*record), record->version);
}

http::Response show(Call& call) {
  const auto record = opened(call, care::Access::read);
  if (!record) return record.error();
  return care::versioned(shown(*record), record->version);
}

// Groups of the teams where somebody is a facilitator no more: they are named there no longer. The teams where a group would be left
// without a facilitator: its lead chooses another first.
struct Leaving {
  std::vector<care::GroupId> groups;
  Faults faults;
};
Leaving leaving(Call& call, const StaffRecord& before, const AccountChanges& changes) {
  Leaving out;
  for (const RoleAt& r : changes.taken) {
    if (r.role != "facilitator" || !r.team.value) continue;
    std::int64_t alone = 0;
    for (const auto& in : care::take_named_in(call.tx, before.id, *r.team.value, call.now.wall)) {
      out.groups.push_back(in.group);
      alone += in.leads_alone ? 1 : 0;
    }
    if (alone > 0)
      out.faults.push_back({"/standings", "leads-groups", "They are the only facilitator of " + std::to_string(alone) + (alone == 1 ? " open group" : " open groups") +
                                                          " of that team. Its team lead has to choose another facilitator first"});
  }
  return out;
}

http::Response change(Call& call) {
  const auto record = opened(call, care::Access::write);
  if (!record) return record.error();
  const auto form = call.body<AccountForm>();
  if (!form) return form.error();
  if (const auto same = call.match(record->version); !same) return same.error();
  const auto changes = decide({.now = record->form,
                               .own = record->id == call.actor.staff,
                               .last_administrator = other_administrators(call.tx, record->id, call.now.wall) == 0},
                              *form);
  if (!changes) return care::unprocessable(changes.error());
  if (const auto faults = against_tables(call, changes->next, record->id, record->form.standings); !faults.empty()) return care::unprocessable(faults);
  const Leaving left = leaving(call, *record, *changes);
  if (!left.faults.empty()) return care::unprocessable(left.faults);
  for (const auto& group : left.groups) {
    care::leave_group(call.tx, group, record->id);
    call.note("leave-group", care::Data::group_plan, {.kind = "group", .id = group.text, .person = {}});
  }
  if (!change_staff(call.tx, *record, *changes, call.entropy, call.now.wall))
    return http::problem(412, "changed-since", "Somebody else has changed this since you opened it");
  if (changes->ends_sign_ins) end_sign_ins(call.tx, record->id, {}, call.now.wall);
  const auto after = find_staff(call.tx, record->id, call.now.wall);
  return after ? care::versioned(shown(*after), after->version) : care::not_found();
}

http::Response give_link(Call& call, const Office& office) {
  const auto record = opened(call, care::Access::write);
  if (!record) return record.error();
  const auto ask = call.body<SetUpAsk>();
  if (!ask) return ask.error();
  if (!record->form.active) return http::problem(409, "not-active", "This account is closed. Open it first");
  if (!office.settings.local) return http::problem(409, "provider-only", "This account signs in through your organisation");
  const Secret secret = new_secret(call.entropy);
  const base::WallTime until{call.now.wall.us + office.settings.times.set_up.us};
  add_set_up_link(call.tx, {.staff = record->id, .second_factor = ask->second_factor}, secret.hash, call.now.wall, until);
  call.note("set-up-link", care::Data::accounts, {.kind = "account", .id = record->id.text, .person = {}});
  return care::created("/api/staff/" + record->id.text,
                       base::json::write(SetUpLink{set_up_address(office.settings, secret.text), care::iso_text(until)}), record->version);
}

http::Response end_all(Call& call) {
  const auto record = opened(call, care::Access::write);
  if (!record) return record.error();
  end_sign_ins(call.tx, record->id, {}, call.now.wall);
  call.note("sign-in-ended", care::Data::accounts, {.kind = "account", .id = record->id.text, .person = {}});
  return care::no_content();
}

}  // namespace

std::string set_up_address(const OfficeSettings& settings, std::string_view secret) {
  return settings.address + "/staff/set-up#" + std::string(secret);
}

void add_staff_routes(http::Site& site, care::Desk& desk, Office& office) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/staff", .permission = http::Permission::staff, .data = care::Data::accounts,
                                    .access = care::Access::write, .audit = http::Audit::change, .max_body = 16'384, .creates = true,
                                    .handler = make});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/staff/{staff}", .permission = http::Permission::staff, .data = care::Data::accounts,
                                    .access = care::Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/staff/{staff}", .permission = http::Permission::staff, .data = care::Data::accounts,
                                    .access = care::Access::write, .audit = http::Audit::change, .max_body = 16'384, .handler = change});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/staff/{staff}/set-up-link", .permission = http::Permission::staff,
                                    .data = care::Data::accounts, .access = care::Access::write, .audit = http::Audit::change, .max_body = 1'024,
                                    .creates = true, .holds_secret = true, .handler = [&office](Call& call) { return give_link(call, office); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::del, .pattern = "/api/staff/{staff}/sign-ins", .permission = http::Permission::staff,
                                    .data = care::Data::accounts, .access = care::Access::write, .audit = http::Audit::change, .max_body = 0,
                                    .handler = end_all});
}

}  // namespace identity
