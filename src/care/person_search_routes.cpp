// SPDX-License-Identifier: Apache-2.0
// POST /api/people/search: a name must not stand in a URL, where proxies and histories keep it. See person_routes.h.
#include <algorithm>

#include "care/person_routes.h"
#include "care/person_search_table.h"

namespace care {
namespace {

constexpr std::int64_t kUsualRows = 20, kMostFound = 50;

struct Asked {
  Personal search;
  std::optional<std::int64_t> limit;
  std::optional<base::json::Nullable<std::string>> after;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("search", &Asked::search, {.least = 0, .most = 1000}),
                      field("limit", &Asked::limit, {.least = 1, .most = kMostFound}),
                      field("after", &Asked::after, {.least = 0, .most = 1000}));
  }
};

Where where_of(const PersonRow& row) {
  Where out{.teams = {row.team}, .groups = {}, .person = row.id, .staff = {}};
  for (const auto& g : row.groups) {
    out.teams.push_back(g.team);
    out.groups.push_back(g.id);
  }
  return out;
}

// Groups in which the actor may not know the person are left out.
void leave_out_groups(const Actor& actor, PersonRow& row) {
  std::erase_if(row.groups, [&](const GroupOfPerson& g) {
    const Where where{.teams = {row.team, g.team}, .groups = {g.id}, .person = row.id, .staff = {}};
    const Verdict v = may(actor, Data::membership, Access::read, where);
    return !v.allowed || v.needs_reason;
  });
}

http::Response search(Call& call) {
  const Searcher by = searcher_of(call.actor);
  if (by.nobody() && !call.actor.has(Role::facilitator)) return refused();
  const auto asked = call.body<Asked>();
  if (!asked) return asked.error();
  std::string after;
  if (asked->after && asked->after->value && !asked->after->value->empty()) {
    auto open = open_cursor(call, *asked->after->value);
    if (!open) return open.error();
    after = std::move(*open);
  }
  const auto ways = ways_of(asked->search.get());
  if (!ways) return unprocessable({to_fault(ways.error(), "/search")});
  auto found = search_people(call.tx, call.keys, *ways, by, after, asked->limit.value_or(kUsualRows));
  boost::json::array items;
  for (PersonRow& row : found.rows) {
    if (!call.open(Data::identity, Access::read, where_of(row), {.kind = "person", .id = row.id.text, .person = row.id})) continue;
    leave_out_groups(call.actor, row);
    items.push_back(base::json::Codec<PersonRow>::write(row));
  }
  boost::json::object out{{"items", std::move(items)}, {"next", nullptr}};
  if (!found.next.empty()) out["next"] = cursor(call, found.next);
  return http::json(base::json::print(out));
}

}  // namespace

void add_person_search_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/search", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person,
                                    .max_body = 8 * 1024, .handler = search});
}

}  // namespace care
