// SPDX-License-Identifier: Apache-2.0
// See session_needs_routes.h.
#include "care/session_needs_routes.h"

#include "care/membership_table.h"
#include "care/need.h"
#include "care/person_table.h"
#include "care/preparation_table.h"
#include "care/session_routes.h"

namespace care {
namespace {

struct NeedsInRoom {
  Personal language, interpreter;  // BCP 47; empty: none said
  std::vector<Need> needs;
  base::Redacted<std::string> communication;  // agreed in preparation for this group; empty where the actor may not read that, too
  static constexpr auto fields() {
    using base::json::field;
    using N = NeedsInRoom;
    return std::tuple{field("language", &N::language), field("interpreter", &N::interpreter), field("needs", &N::needs),
                      field("communication", &N::communication)};
  }
};

std::optional<Membership> at_seat(Call& call, const GroupId& group, std::int64_t seat) {
  const auto id = [&]() -> std::optional<MembershipId> {
    auto rows = call.tx.query("SELECT id FROM membership WHERE group_id = $1 AND seat = $2 AND state IN ('prepared', 'joined')", group, seat);
    return rows.next() ? std::optional(rows.id<MembershipId>(0)) : std::nullopt;
  }();
  return id ? load_membership(call.tx, call.keys, *id) : std::nullopt;
}

http::Response show(Call& call) {
  const auto id = call.path_id<SessionId>();
  if (!id) return id.error();
  const auto place = load_session_place(call.tx, *id);
  // Who may not know of the session is told that there is nothing.
  if (!place || !may(call.actor, Data::attendance, Access::read, where_of(*place)).allowed) return not_found();
  const auto seat = seat_of_path(call);
  const auto m = seat ? at_seat(call, place->session.group, *seat) : std::nullopt;
  if (!m) return not_found();
  const Where where = where_of(*m);
  const Subject subject{.kind = "membership", .id = m->id.text, .person = m->person};
  if (auto open = call.open(Data::needs, Access::read, where, subject); !open) return open.error();
  Needs needs = load_needs(call.tx, call.keys, m->person);
  NeedsInRoom out{.language = std::move(needs.preferences.language), .interpreter = std::move(needs.preferences.interpreter), .needs = std::move(needs.needs),
                  .communication = {}};
  if (const Verdict v = may(call.actor, Data::preparation, Access::read, where); v.allowed && !v.needs_reason) {
    if (auto open = call.open(Data::preparation, Access::read, where, subject); !open) return open.error();
    if (const auto record = persons_own_record(call.tx, call.keys, m->id)) out.communication = base::Redacted<std::string>(record->communication);
  }
  return http::json(base::json::write(out));
}

}  // namespace

void add_session_needs_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/seats/{seat}/needs",
                                    .permission = http::Permission::staff, .data = Data::needs, .access = Access::read,
                                    .audit = http::Audit::read_person, .max_body = 0, .handler = show});
}

}  // namespace care
