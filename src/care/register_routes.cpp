// SPDX-License-Identifier: Apache-2.0
// See register_routes.h.
#include "care/register_routes.h"

#include "care/attendance_table.h"
#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/membership_routes.h"
#include "care/session_routes.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 16 * 1024;

struct Register {
  SessionRow session;
  std::vector<AttendanceRow> rows;
  static constexpr auto fields() {
    return std::tuple{base::json::field("session", &Register::session), base::json::field("rows", &Register::rows)};
  }
};

void show_allowed(Call& call, const Where& group, AttendanceRow& row) {
  care::show_allowed(call, group, {"attendance", row.id.text, {}}, row.person, row.alias, nullptr);
}

http::Response show(Call& call) {
  const auto place = open_session(call, Data::attendance, Access::read);
  if (!place) return place.error();
  auto session = session_row(call.tx, place->session.id);
  if (!session) return not_found();
  Register out{.session = std::move(*session), .rows = register_of(call.tx, call.keys, place->session.id)};
  for (AttendanceRow& row : out.rows) show_allowed(call, where_of(*place), row);
  return http::json(base::json::write(out));
}

http::Response mark(Call& call) {
  const auto id = call.path_id<AttendanceId>();
  if (!id) return id.error();
  const auto before = load_attendance(call.tx, *id);
  if (!before) return not_found();
  Where where = where_of(before->group, before->team);
  where.person = before->person;
  if (const auto open = open_in_group(call, Data::attendance, Access::write, where, {"attendance", id->text, before->person}); !open)
    return open.error();
  auto wanted = call.body<Correction>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(before->version); !same) return same.error();
  if (before->session_state == SessionState::cancelled) return http::problem(409, "session-cancelled", "This session was cancelled");
  const auto after = decide_mark(before->mark, *wanted, before->span, call.now.wall);
  if (!after) return unprocessable(after.error());
  if (!save_mark(call.tx, *id, before->version, *after)) return changed_since();
  if (is_correction(before->mark, *wanted) || !wanted->reason.empty() || !wanted->note.empty())
    keep_before(call.tx, call.keys, call.entropy, *before, *wanted, call.actor.staff, call.now.wall);
  if (after->outcome == Outcome::attended &&
      join_if_prepared(call.tx, call.keys, call.entropy, before->membership, call.actor.staff, call.now.wall))
    call.note("change", Data::membership, {"membership", before->membership.text, before->person});
  auto row = attendance_row(call.tx, call.keys, *id);
  if (!row) return not_found();
  show_allowed(call, where, *row);
  return versioned(base::json::write(*row), row->version);
}

}  // namespace

void add_register_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/register",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/attendance/{attendance}",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = mark});
}

}  // namespace care
