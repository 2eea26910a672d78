// SPDX-License-Identifier: Apache-2.0
// See session_joining_routes.h.
#include "care/session_joining_routes.h"

#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/joining_table.h"
#include "care/session_routes.h"

namespace care {
namespace {

struct JoiningAnswer {
  SessionId session;
  std::int64_t version = 0;
  base::Redacted<std::string> address;  // empty: none was given
  static constexpr auto fields() {
    using base::json::field;
    using A = JoiningAnswer;
    return std::tuple{field("session", &A::session), field("version", &A::version), field("address", &A::address)};
  }
};

http::Response answer(const SessionId& session, Joining joining) {
  return versioned(base::json::write(JoiningAnswer{.session = session, .version = joining.version, .address = std::move(joining.address)}), joining.version);
}

http::Response show(Call& call) {
  const auto place = open_session(call, Data::group_plan, Access::read);
  if (!place) return place.error();
  // It lets in whoever has it, so who reads plans alone does not read it.
  if (!may(call.actor, Data::group_plan, Access::write, where_of(*place)).allowed) return refused();
  return answer(place->session.id, load_joining(call.tx, call.keys, place->session.id));
}

http::Response set(Call& call) {
  auto place = open_session(call, Data::group_plan, Access::write);
  if (!place) return place.error();
  const SessionId& id = place->session.id;
  lock_group(call.tx, place->session.group);
  place->session = load_session(call.tx, id).value_or(place->session);
  const auto wanted = call.body<WantedJoining>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(load_joining(call.tx, call.keys, id).version); !same) return same.error();
  if (!on_other_software(place->session.held_on)) return http::problem(409, "not-elsewhere", "This session is held in Quietroom or in person");
  if (place->session.state == SessionState::cancelled) return http::problem(409, "session-cancelled", "This session was cancelled");
  const auto address = decide_joining(*wanted);
  if (!address) return unprocessable(address.error());
  for (const Session& s : with_rest(call.tx, place->session, wanted->rest.value_or(false))) {
    if (s.held_on != place->session.held_on) continue;
    if (!save_joining(call.tx, call.keys, s.id, load_joining(call.tx, call.keys, s.id).version, *address, call.actor.staff, call.now.wall)) return changed_since();
    if (s.id != id) call.note("change", Data::group_plan, {"session", s.id.text, {}});
  }
  return answer(id, load_joining(call.tx, call.keys, id));
}

}  // namespace

void add_session_joining_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/joining", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/sessions/{session}/joining", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 8 * 1024, .handler = set});
}

}  // namespace care
