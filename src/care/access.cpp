// SPDX-License-Identifier: Apache-2.0
// See access.h. tests/house holds docs/access.md against this table.
#include "care/access.h"

#include <algorithm>

namespace care {
namespace {

using enum Reach;
constexpr Cell no{};
constexpr Cell r(Reach reach, std::string_view limit = {}) { return {.read = reach, .limit = limit}; }
constexpr Cell w(Reach reach, std::string_view limit = {}) { return {.write = reach, .limit = limit}; }
constexpr Cell rw(Reach reach, std::string_view limit = {}) { return {.read = reach, .write = reach, .limit = limit}; }
constexpr Cell why(Reach reach, std::string_view limit = {}) { return {.read = reach, .reason = true, .limit = limit}; }
constexpr Cell with_alert(Reach reach, std::string_view limit) { return {.read = reach, .reason = true, .alert = true, .limit = limit}; }
constexpr Cell agg = r(aggregate);

struct Line {
  Data data;
  std::string_view name, title;
  // member, supporter, facilitator, team lead, IT support, trainer, safety officer, evaluator, administrator
  std::array<Cell, kRoles> cells;
};

constexpr std::array<Line, kData> kTable{{
    {Data::identity, "identity", "legal name, contacts, NHS number",
     {r(own), no, r(group), rw(team), no, no, why(trust), no, no}},
    {Data::booking_card, "booking-card", "alias, booking card", {r(own), no, rw(group), rw(team), no, no, no, no, no}},
    {Data::protected_characteristics, "protected-characteristics", "protected characteristics",
     {rw(own), no, no, agg, no, no, agg, agg, no}},
    {Data::needs, "needs", "needs, adjustments, preferences",
     {rw(own), r(own, "own role's need"), rw(group), rw(team), no, no, no, agg, no}},
    {Data::preparation, "preparation", "preparation record, safety plan",
     {rw(own, "own agreement, own answers"), no, rw(group), why(team), no, no, why(trust), no, no}},
    {Data::membership, "membership", "that a person is in a group",
     {r(own), r(own, "the one they support"), r(group), r(team), no, no, why(trust), no, no}},
    {Data::group_plan, "group-plan", "group, series, plan",
     {r(own, "name and dates, after sign-in of the link"), r(own, "dates"), rw(group), rw(team), r(trust, "dates only"), no,
      r(trust), agg, no}},
    {Data::attendance, "attendance", "register, attendance", {r(own), no, rw(group), r(team), no, no, no, agg, no}},
    {Data::place, "place", "place today, contact (sealed)",
     {w(own), no, why(group, "that session or an open alert held"), with_alert(team, "an open alert held"), no, no, no, no, no}},
    {Data::measures, "measures", "measures, answers",
     {w(own), no, r(group), agg, no, no, no, r(aggregate, "study, de-identified"), no}},
    {Data::feedback, "feedback", "feedback, signed / anonymous",
     {w(own), w(own), r(group, "anonymous: figures"), r(team, "anonymous: figures"), r(aggregate, "technology themes"), no, no,
      r(trust, "anonymous: figures"), no}},
    {Data::incidents, "incidents", "incidents",
     {rw(own, "own report"), rw(own, "own report"), rw(group, "write: report"), rw(team), r(trust, "technology ones"), no, rw(trust),
      agg, no}},
    {Data::hazard_log, "hazard-log", "hazard log, safety case",
     {no, no, rw(trust, "write: suggest"), r(trust), r(trust), r(trust), rw(trust), r(trust), r(trust)}},
    {Data::training, "training", "training, competencies",
     {no, no, rw(own), r(team), rw(own), rw(trust), r(aggregate, "coverage"), agg, no}},
    {Data::guidance, "guidance", "guidance",
     {r(trust), r(trust), r(trust), r(trust), r(trust), rw(trust), rw(trust), r(trust), r(trust)}},
    {Data::call_quality, "call-quality", "call quality figures (no person)",
     {r(own, "own line"), r(own, "own line"), r(group, "session"), r(team), r(trust), no, no, agg, no}},
    {Data::dashboards, "dashboards", "dashboards",
     {no, no, r(group, "own groups'"), r(aggregate, "team and trust"), r(trust, "technology"), r(trust, "training"),
      r(trust, "safety"), r(trust), no}},
    {Data::settings, "settings", "settings, templates",
     {no, no, rw(group, "group's"), rw(team, "team's"), rw(trust, "connection"), rw(trust, "courses"), rw(trust, "controls"),
      rw(trust, "measures, studies"), rw(trust, "trust's")}},
    {Data::accounts, "accounts", "staff accounts, roles", {no, no, no, r(team), no, no, no, no, rw(trust)}},
    {Data::audit, "audit", "audit",
     {r(own, "who opened my record"), no, no, no, no, no, r(trust, "safety"), no, r(trust, "no personal values in it")}},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (kTable[i].data != static_cast<Data>(i)) return false;
  return true;
}
static_assert(in_order());

constexpr std::array<std::string_view, kRoles> kRoleNames{"member",  "supporter",      "facilitator", "team_lead",    "it_support",
                                                          "trainer", "safety_officer", "evaluator",   "administrator"};

template <class T>
bool holds(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}
template <class T>
bool meet(const std::vector<T>& a, const std::vector<T>& b) {
  return std::ranges::any_of(a, [&](const T& each) { return holds(b, each); });
}

bool reaches(const Actor& actor, const Standing& standing, Reach reach, const Where& where) {
  switch (reach) {
    case none:
    case aggregate: return false;
    case own:
      return actor.kind == Actor::Kind::staff ? !where.staff.empty() && where.staff == actor.staff
                                              : !where.person.empty() && where.person == actor.person;
    case group: return meet(actor.facilitates, where.groups);
    case team: return standing.team.empty() || holds(where.teams, standing.team);
    case trust: return true;
  }
  return false;
}

// "A clinician outside the group may open identity, safety plan and place with a reason" (docs/access.md).
bool glass_opens(Data data, Access access) {
  return access == Access::read && (data == Data::identity || data == Data::preparation || data == Data::place);
}

std::vector<Standing> standings_of(const Actor& actor) {
  if (actor.kind == Actor::Kind::member) return {{Role::member, {}}};
  if (actor.kind == Actor::Kind::supporter) return {{Role::supporter, {}}};
  return actor.standings;
}

}  // namespace

std::string_view to_text(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }
std::optional<Role> parse_role(std::string_view text) {
  const auto at = std::ranges::find(kRoleNames, text);
  return at == kRoleNames.end() ? std::nullopt : std::optional(static_cast<Role>(at - kRoleNames.begin()));
}

bool Actor::has(Role role) const { return std::ranges::any_of(standings, [&](const Standing& s) { return s.role == role; }); }
std::string_view Actor::kind_text() const {
  constexpr std::string_view kNames[] = {"staff", "member", "supporter", "system"};
  return kNames[static_cast<std::size_t>(kind)];
}
const std::string& Actor::id() const {
  switch (kind) {
    case Kind::staff: return staff.text;
    case Kind::member: return person.text;
    case Kind::supporter: return supporter.text;
    case Kind::system: break;
  }
  static const std::string kNobody;
  return kNobody;
}

const Cell& cell(Data data, Role role) {
  return kTable[static_cast<std::size_t>(data)].cells[static_cast<std::size_t>(role)];
}
std::string_view to_text(Data data) { return kTable[static_cast<std::size_t>(data)].name; }
std::string_view title_of(Data data) { return kTable[static_cast<std::size_t>(data)].title; }

std::string cell_text(const Cell& c) {
  constexpr std::string_view kReach[] = {"", "own", "group", "team", "trust", "figures"};
  const Reach reach = c.read == none ? c.write : c.read;
  if (reach == none) return "–";
  std::string out(kReach[static_cast<std::size_t>(reach)]);
  if (reach != aggregate) out += c.read == none ? " W" : c.write == none ? " R" : " R W";
  if (c.reason) out += ", with a reason";
  if (!c.limit.empty()) out += " (" + std::string(c.limit) + ")";
  return out;
}

Verdict may(const Actor& actor, Data data, Access access, const Where& where) {
  if (actor.kind == Actor::Kind::system) return {.allowed = true};
  Verdict best;
  for (const Standing& s : standings_of(actor)) {
    const Cell& c = cell(data, s.role);
    if (!reaches(actor, s, access == Access::read ? c.read : c.write, where) || (c.alert && !where.alert_held)) continue;
    const Verdict v{.allowed = true, .needs_reason = c.reason, .as = s.role, .limit = c.limit};
    const auto worse = [](const Verdict& a) { return (a.needs_reason ? 2 : 0) + (a.limit.empty() ? 0 : 1); };
    if (!best.allowed || worse(v) < worse(best)) best = v;
  }
  if (!best.allowed && glass_opens(data, access) && !where.person.empty() && holds(actor.opened, where.person))
    best = {.allowed = true, .broke_glass = true, .as = Role::facilitator};
  return best;
}

bool might(const Actor& actor, Data data, Access access) {
  if (actor.kind == Actor::Kind::system) return true;
  for (const Standing& s : standings_of(actor)) {
    const Cell& c = cell(data, s.role);
    const Reach reach = access == Access::read ? c.read : c.write;
    if (reach != none && reach != aggregate) return true;
  }
  return glass_opens(data, access) && !actor.opened.empty();
}

}  // namespace care
