// SPDX-License-Identifier: Apache-2.0
// See person_safety_routes.h.
#include "care/person_safety_routes.h"

#include "care/membership_table.h"
#include "care/person_routes.h"
#include "care/preparation_table.h"
#include "care/today_place_routes.h"
#include "care/zone.h"

namespace care {
namespace {

struct PlanShown {
  SafetyPlan plan;
  Emergency emergency;
  std::string place;   // where they said that they take part from
  std::string saidAt;  // when that record was last changed
  static constexpr auto fields() {
    using base::json::field;
    using P = PlanShown;
    return std::tuple{field("plan", &P::plan), field("emergency", &P::emergency), field("place", &P::place), field("saidAt", &P::saidAt)};
  }
};
struct SafetyShown {
  std::vector<PlanShown> plans;
  bool placeOpen = false;  // the place may be seen here
  base::json::Nullable<PlaceAnswer> place;
  static constexpr auto fields() {
    using base::json::field;
    using S = SafetyShown;
    return std::tuple{field("plans", &S::plans), field("placeOpen", &S::placeOpen), field("place", &S::place)};
  }
};

bool says_something(const PreparationRecord& r) {
  const SafetyPlan& s = r.safety;
  return !s.signs.empty() || !s.helps.empty() || !s.people.empty() || !s.if_line_drops.empty() || !r.emergency.name.empty() ||
         !r.emergency.telephone.empty();
}

std::vector<PlanShown> plans_of(Call& call, const PersonId& person) {
  std::vector<PlanShown> out;
  for (const PreparationOfPerson& each : preparations_of(call.tx, person)) {
    const auto membership = load_membership(call.tx, call.keys, each.membership);
    if (!membership || !may(call.actor, Data::preparation, Access::read, where_of(*membership)).allowed) continue;
    const PreparationRecord record = load_preparation(call.tx, call.keys, each.membership).record;
    if (says_something(record)) out.push_back({.plan = record.safety, .emergency = record.emergency, .place = record.place, .saidAt = iso_text(each.changed)});
  }
  return out;
}

http::Response safety(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  const PersonId& id = place->where.person;
  if (const auto open = open_person(call, Data::preparation, Access::read, *place); !open) return open.error();
  SafetyShown out{.plans = plans_of(call, id), .placeOpen = false, .place = {}};
  // Everybody else opens a place from its session, with a reason for that.
  const Verdict glass = may(call.actor, Data::place, Access::read, {.teams = {}, .groups = {}, .person = id, .staff = {}});
  if (glass.broke_glass) {
    const Where where{.teams = {}, .groups = {}, .person = id, .staff = {}};
    if (const auto open = call.open(Data::place, Access::read, where, {.kind = "person", .id = id.text, .person = id}); !open) return open.error();
    out.placeOpen = true;
    if (const auto kept = last_place(call.tx, call.keys, id)) out.place.value = shown_place(call.tx, call.keys, *kept);
  }
  return http::json(base::json::write(out));
}

}  // namespace

void add_person_safety_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/people/{person}/safety", .permission = http::Permission::staff,
                                    .data = Data::preparation, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = safety});
}

}  // namespace care
