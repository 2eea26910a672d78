// SPDX-License-Identifier: Apache-2.0
// See retention_routes.h.
#include "care/retention_routes.h"

#include <algorithm>

#include "care/person_search_table.h"
#include "care/person_routes.h"
#include "care/retention_table.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr std::int64_t kMostWent = 50;

constexpr std::string_view how_text(How how) {
  constexpr std::string_view kNames[] = {"subject", "older", "setting", "standing"};
  return kNames[static_cast<std::size_t>(how)];
}

boost::json::object json_of(const RuleRow& r) {
  const KeptKind& k = kind_of(r.kind);
  return {{"kind", k.name}, {"how", how_text(k.how)}, {"amount", r.period.amount}, {"unit", base::json::name_of(r.period.unit)},
          {"standardAmount", k.standard.amount}, {"standardUnit", base::json::name_of(k.standard.unit)}, {"mayFollowRecord", k.may_follow_record},
          {"version", r.version}, {"changed", r.changed ? boost::json::value(iso_text(*r.changed)) : boost::json::value(nullptr)},
          {"changedBy", r.changed_by}};
}

// A day holds one line a kind.
boost::json::array days_of(const std::vector<NoticeDay>& notices) {
  boost::json::array out;
  for (const NoticeDay& n : notices) {
    if (out.empty() || std::string_view(out.back().as_object()["day"].as_string()) != n.day) out.push_back({{"day", n.day}, {"kinds", boost::json::array{}}});
    out.back().as_object()["kinds"].as_array().push_back({{"kind", to_text(n.kind)}, {"items", n.items}});
  }
  return out;
}

// docs/access.md: figures and periods are an administrator's and a team lead's.
bool looks_after_records(const Actor& actor) { return actor.has(Role::administrator) || actor.has(Role::team_lead); }

http::Response show(Call& call) {
  if (!looks_after_records(call.actor)) return refused();
  boost::json::array rules, went;
  for (const RuleRow& r : retention_rules(call.tx)) rules.push_back(json_of(r));
  for (const WentRow& w : went_lately(call.tx, kMostWent)) went.push_back({{"at", iso_text(w.at)}, {"kind", to_text(w.kind)}, {"items", w.items}});
  const std::string last = last_run_day(call.tx);
  call.note("read", Data::settings, {.kind = "retention", .id = {}, .person = {}});
  return http::json(base::json::print(boost::json::object{{"noticeDays", load_periods(call.tx)[Kept::notice].amount},
                                                           {"lastRun", last.empty() ? boost::json::value(nullptr) : boost::json::value(last)},
                                                           {"holds", holds_standing(call.tx)},
                                                           {"rules", std::move(rules)},
                                                           {"days", days_of(notices_by_day(call.tx))},
                                                           {"went", std::move(went)}}));
}

struct WantedPeriod {
  std::int64_t amount = 0;
  KeptUnit unit = KeptUnit::years;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("amount", &WantedPeriod::amount, {.least = 0, .most = 100'000}), field("unit", &WantedPeriod::unit)};
  }
};

http::Response change(Call& call) {
  if (!call.actor.has(Role::administrator)) return refused();
  const auto kind = parse_kept(call.request.path_values.empty() ? "" : call.request.path_values[0]);
  if (!kind || kind_of(*kind).how == How::standing) return not_found();
  const auto wanted = call.body<WantedPeriod>();
  if (!wanted) return wanted.error();
  const Period period{.amount = wanted->unit == KeptUnit::with_record ? 0 : wanted->amount, .unit = wanted->unit};
  if (const auto fault = fault_in(kind_of(*kind), period)) return unprocessable({*fault});
  const auto before = retention_rules(call.tx)[static_cast<std::size_t>(*kind)];
  if (const auto same = call.match(before.version); !same) return same.error();
  if (!save_rule(call.tx, *kind, before.version, period, call.actor.staff, call.now.wall)) return changed_meanwhile();
  // The audit row says which rule, from what to what.
  const auto words = [](const Period& p) { return std::to_string(p.amount) + "-" + std::string(base::json::name_of(p.unit)); };
  call.note("change", Data::settings, {.kind = "retention-rule", .id = std::string(to_text(*kind)), .person = {}});
  call.audit.back().reason = "from-" + words(before.period) + "-to-" + words(period);
  const auto now = retention_rules(call.tx)[static_cast<std::size_t>(*kind)];
  return versioned(base::json::print(json_of(now)), now.version);
}

// A record that will go, as the lead of its team sees it; nothing where it is gone meanwhile.
std::optional<boost::json::object> json_of(Call& call, const ShownRecord& r) {
  boost::json::object out{{"kind", to_text(r.kind)}, {"id", r.id}, {"name", ""}, {"goes", day_text(r.goes)}};
  if (r.kind == Kept::people) {
    const PersonId id{r.id};
    const Where where{.teams = {r.team}, .groups = {}, .person = id, .staff = {}};
    if (!call.open(Data::identity, Access::read, where, {.kind = "person", .id = r.id, .person = id})) return std::nullopt;
    out["name"] = load_person_row(call.tx, call.keys, id).legal_name.get();
  } else {
    auto rows = call.tx.query("SELECT name FROM therapy_group WHERE id = $1", r.id);
    if (!rows.next()) return std::nullopt;
    out["name"] = rows.text(0);
  }
  return out;
}

http::Response records(Call& call) {
  const Searcher leads = searcher_of(call.actor);
  if (!call.actor.has(Role::team_lead)) return refused();
  const auto page = page_of(call);
  if (!page) return page.error();
  auto shown = records_shown(call.tx, leads.teams, leads.every_team, page->after, page->limit + 1);
  boost::json::object out{{"items", nullptr}, {"next", nullptr}};
  if (std::cmp_greater(shown.size(), page->limit)) {
    shown.pop_back();
    out["next"] = cursor(call, shown.back().sorted_by);
  }
  boost::json::array items;
  for (const ShownRecord& r : shown)
    if (auto item = json_of(call, r)) items.push_back(std::move(*item));
  out["items"] = std::move(items);
  return http::json(base::json::print(out));
}

}  // namespace

void add_retention_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/retention", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_own, .max_body = 0,
                                    .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/retention/rules/{rule}", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::write, .audit = http::Audit::change, .max_body = 1024,
                                    .handler = change});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/retention/records", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = records});
}

}  // namespace care
