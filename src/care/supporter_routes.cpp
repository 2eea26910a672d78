// SPDX-License-Identifier: Apache-2.0
// See supporter_routes.h.
#include "care/supporter_routes.h"

#include <algorithm>

#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/supporter_table.h"

namespace care {
namespace {

struct Supporters {
  std::vector<SupporterRow> items;
  static constexpr auto fields() { return std::tuple{base::json::field("items", &Supporters::items)}; }
};

// The membership, where the actor may read it and `access` of `data` opens it.
OrAnswer<Membership> opened(Call& call, const MembershipId& id, Data data, Access access) {
  auto m = load_membership(call.tx, call.keys, id);
  if (!m || !may(call.actor, Data::membership, Access::read, where_of(*m)).allowed) return std::unexpected(not_found());
  if (auto open = call.open(data, access, where_of(*m), {"membership", id.text, m->person}); !open) return std::unexpected(std::move(open.error()));
  return std::move(*m);
}

http::Response list(Call& call) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return id.error();
  const auto m = opened(call, *id, Data::membership, Access::read);
  if (!m) return m.error();
  return http::json(base::json::write(Supporters{supporters_of(call.tx, call.keys, *id)}));
}

// Of everybody who is or was in the group; nobody else takes one until the end.
std::vector<Personal> others_aliases(Call& call, const GroupId& group) {
  lock_group(call.tx, group);
  auto others = aliases_of_members(call.tx, call.keys, group, PersonId{});
  for (auto& alias : aliases_of_facilitators(call.tx, group)) others.push_back(std::move(alias));
  return others;
}

std::optional<SupporterRow> row_of(Call& call, const MembershipId& membership, const SupporterId& id) {
  auto all = supporters_of(call.tx, call.keys, membership);
  const auto row = std::ranges::find(all, id, &SupporterRow::id);
  return row == all.end() ? std::nullopt : std::optional(std::move(*row));
}

http::Response add(Call& call) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return id.error();
  auto m = opened(call, *id, Data::group_plan, Access::write);
  if (!m) return m.error();
  auto typed = call.body<NewSupporter>();
  if (!typed) return typed.error();
  if (m->state == MembershipState::completed || m->state == MembershipState::stopped || m->state == MembershipState::moved)
    return http::problem(409, "ended", "This person is no longer in the group");
  const auto settled = settle(std::move(*typed), others_aliases(call, m->group));
  if (!settled) return unprocessable(settled.error());
  const auto made = insert_supporter(call.tx, call.keys, call.entropy, *m, *settled, call.now.wall);
  call.note("add-supporter", Data::membership, {"supporter", made.text, m->person});
  const auto row = row_of(call, *id, made);
  return !row ? not_found() : created("/api/memberships/" + id->text + "/supporters", base::json::write(*row), row->version);
}

http::Response change(Call& call) {
  const auto id = call.path_id<SupporterId>();
  if (!id) return id.error();
  const auto place = find_supporter(call.tx, *id);
  if (!place) return not_found();
  const auto m = opened(call, place->membership, Data::group_plan, Access::write);
  if (!m) return m.error();
  auto typed = call.body<NewSupporter>();
  if (!typed) return typed.error();
  if (const auto same = call.match(place->version); !same) return same.error();
  const auto before = row_of(call, place->membership, *id);
  if (!before) return not_found();
  if (before->endedAt.value) return http::problem(409, "ended", "This person comes along no more");
  auto others = others_aliases(call, m->group);
  if (const auto own = std::ranges::find(others, before->alias.get(), [](const Personal& p) { return p.get(); }); own != others.end()) others.erase(own);
  const auto settled = settle(std::move(*typed), others);
  if (!settled) return unprocessable(settled.error());
  if (!update_supporter(call.tx, call.keys, *id, place->version, *settled, call.now.wall)) return changed_since();
  call.note("change-supporter", Data::membership, {"supporter", id->text, m->person});
  const auto row = row_of(call, place->membership, *id);
  return row ? versioned(base::json::write(*row), row->version) : not_found();
}

http::Response end(Call& call) {
  const auto id = call.path_id<SupporterId>();
  if (!id) return id.error();
  const auto place = find_supporter(call.tx, *id);
  if (!place) return not_found();
  const auto m = opened(call, place->membership, Data::group_plan, Access::write);
  if (!m) return m.error();
  if (const auto same = call.match(place->version); !same) return same.error();
  if (end_supporter(call.tx, place->membership, *id, call.now.wall)) call.note("end-supporter", Data::membership, {"supporter", id->text, m->person});
  return no_content();
}

}  // namespace

void add_supporter_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/memberships/{membership}/supporters", .permission = http::Permission::staff,
                                    .data = Data::membership, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0, .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{membership}/supporters", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 4'096, .creates = true,
                                    .handler = add});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/supporters/{supporter}", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 4'096, .handler = change});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/supporters/{supporter}/end", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 0, .handler = end});
}

}  // namespace care
