// SPDX-License-Identifier: Apache-2.0
// See audit_routes.h.
#include "care/audit_routes.h"

#include <fmt/chrono.h>

#include <charconv>
#include <ctime>

#include "care/audit_table.h"
#include "care/zone.h"

namespace care {
namespace {

using base::json::field;

struct RowShown {
  std::int64_t number = 0;
  std::string at, actor_kind, actor, actor_name, action, data, subject_kind, subject, person, reason;
  static constexpr auto fields() {
    return std::tuple{field("number", &RowShown::number),      field("at", &RowShown::at),
                      field("actorKind", &RowShown::actor_kind), field("actor", &RowShown::actor),
                      field("actorName", &RowShown::actor_name), field("action", &RowShown::action),
                      field("data", &RowShown::data),          field("subjectKind", &RowShown::subject_kind),
                      field("subject", &RowShown::subject),    field("person", &RowShown::person),
                      field("reason", &RowShown::reason)};
  }
};
struct RowList {
  std::vector<RowShown> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() { return std::tuple{field("items", &RowList::items), field("next", &RowList::next)}; }
};

std::string iso(base::WallTime t) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(t.us / 1'000'000)));
}

// The id that ?name= gives; empty where it is not given.
OrAnswer<std::string> asked_id(const Call& call, std::string_view name) {
  const auto given = call.query(name);
  if (!given || given->empty()) return std::string();
  if (!base::is_uuid(*given)) return std::unexpected(http::problem(400, "id", "This is no id"));
  return *given;
}

// A row of docs/access.md.
OrAnswer<std::string> asked_data(const Call& call) {
  const auto given = call.query("data");
  if (!given || given->empty()) return std::string();
  for (std::size_t i = 0; i < kData; ++i)
    if (to_text(static_cast<Data>(i)) == *given) return *given;
  return std::unexpected(http::problem(400, "data", "There is no such kind of data"));
}

// The end of the day that ?until= names, in UTC; 0 where it is not given.
OrAnswer<base::WallTime> asked_day(const Call& call) {
  const auto given = call.query("until");
  if (!given || given->empty()) return base::WallTime{};
  const auto day = parse_local_date(*given);
  if (!day) return std::unexpected(http::problem(400, "until", "This is no day"));
  return base::WallTime{(std::int64_t{day->days} + 1) * 24 * 3'600 * 1'000'000};
}

OrAnswer<AuditQuery> query_of(Call& call) {
  const auto page = page_of(call);
  if (!page) return std::unexpected(page.error());
  auto person = asked_id(call, "person"), actor = asked_id(call, "actor");
  if (!person) return std::unexpected(person.error());
  if (!actor) return std::unexpected(actor.error());
  auto data = asked_data(call);
  const auto until = asked_day(call);
  if (!data) return std::unexpected(data.error());
  if (!until) return std::unexpected(until.error());
  AuditQuery q{.person = *person, .actor = *actor, .data = *data, .until = *until, .safety_only = false, .before = 0, .limit = page->limit + 1};
  if (call.actor.kind == Actor::Kind::member) q.person = call.actor.person.text;
  q.safety_only = call.actor.kind == Actor::Kind::staff && !call.actor.has(Role::administrator);
  const char* const end = page->after.data() + page->after.size();
  if (!page->after.empty() && std::from_chars(page->after.data(), end, q.before).ptr != end)
    return std::unexpected(http::problem(400, "cursor", "This page of the list is not known"));
  return q;
}

http::Response list(Call& call) {
  const auto verdict = call.open(Data::audit, Access::read, {.teams = {}, .groups = {}, .person = call.actor.person, .staff = {}},
                                 {.kind = "audit", .id = {}, .person = call.actor.person});
  if (!verdict) return verdict.error();
  const auto q = query_of(call);
  if (!q) return q.error();
  auto rows = audit_rows(call.tx, *q);
  RowList out;
  if (std::cmp_equal(rows.size(), q->limit)) {
    rows.pop_back();
    out.next.value = cursor(call, std::to_string(rows.back().number));
  }
  for (auto& r : rows)
    out.items.push_back({r.number, iso(r.entry.at), r.entry.actor_kind, r.entry.actor, r.actor_name, r.entry.action, r.entry.data,
                         r.entry.subject_kind, r.entry.subject, r.entry.person, r.entry.reason});
  return http::json(base::json::write(out));
}

}  // namespace

void add_audit_routes(http::Site& site, Desk& desk) {
  desk.add(site, ServiceRoute{.method = http::Method::get,
                              .pattern = "/api/audit",
                              .permission = http::Permission::staff_or_visitor,
                              .data = Data::audit,
                              .access = Access::read,
                              .audit = http::Audit::read_own,
                              .max_body = 0,
                              .handler = list});
}

}  // namespace care
