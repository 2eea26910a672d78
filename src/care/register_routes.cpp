// SPDX-License-Identifier: Apache-2.0
// See register_routes.h.
#include "care/register_routes.h"

#include "care/attendance_table.h"
#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/membership_routes.h"
#include "care/session_routes.h"
#include "care/supporter_attendance_table.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 16 * 1024;

// Who came along with a member: the call fills it, a facilitator in the room marks those who are beside it.
struct SupporterInRegister {
  SupporterId supporter;
  MembershipId membership;
  std::int64_t version = 0;  // 0: no row yet
  SupporterKind kind = SupporterKind::carer;
  base::json::Nullable<base::Redacted<std::string>> alias;  // null where the actor may not see it
  base::json::Nullable<Way> mode;                           // null: not there
  base::json::Nullable<std::string> came_at, left_at;
  MarkedBy source = MarkedBy::plan;
  static constexpr auto fields() {
    using base::json::field;
    using R = SupporterInRegister;
    return std::tuple{field("supporter", &R::supporter), field("membership", &R::membership), field("version", &R::version), field("kind", &R::kind),
                      field("alias", &R::alias), field("mode", &R::mode), field("cameAt", &R::came_at), field("leftAt", &R::left_at),
                      field("source", &R::source)};
  }
};
struct Register {
  SessionRow session;
  std::vector<AttendanceRow> rows;
  std::vector<SupporterInRegister> supporters;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("session", &Register::session), field("rows", &Register::rows), field("supporters", &Register::supporters)};
  }
};

SupporterInRegister in_register(const Call& call, SupporterThere there, const Where& where) {
  const auto iso = [](const std::optional<base::WallTime>& at) { return at ? std::optional(iso_text(*at)) : std::nullopt; };
  const bool aliases = may(call.actor, Data::booking_card, Access::read, where).allowed;
  return {.supporter = there.supporter, .membership = there.membership, .version = there.version, .kind = there.kind,
          .alias = {aliases ? std::optional(std::move(there.alias)) : std::nullopt}, .mode = {there.mark.mode}, .came_at = {iso(there.mark.came)},
          .left_at = {iso(there.mark.left)}, .source = there.mark.source};
}

void show_allowed(Call& call, const Where& group, AttendanceRow& row) {
  care::show_allowed(call, group, {"attendance", row.id.text, {}}, row.person, row.alias, nullptr);
}

http::Response show(Call& call) {
  const auto place = open_session(call, Data::attendance, Access::read);
  if (!place) return place.error();
  auto session = session_row(call.tx, place->session.id);
  if (!session) return not_found();
  Register out{.session = std::move(*session), .rows = register_of(call.tx, call.keys, place->session.id), .supporters = {}};
  for (auto& each : supporters_at(call.tx, call.keys, place->session.id)) out.supporters.push_back(in_register(call, std::move(each), where_of(*place)));
  std::vector<NameOf> named;
  for (AttendanceRow& row : out.rows) {
    show_allowed(call, where_of(*place), row);
    if (row.person.value) named.push_back({row.person.value->id, &row.person.value->name});
  }
  tell_apart(call.tx, call.keys, named);
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

// How a supporter took part, as staff write it: while the session is on or later. Null takes staff's mark back; what the call saw stands.
struct SupporterMark {
  base::json::Nullable<Way> mode;
  static constexpr auto fields() { return std::tuple{base::json::field("mode", &SupporterMark::mode)}; }
};

http::Response mark_supporter(Call& call) {
  const auto id = call.path_id<SupporterId>(1);
  if (!id) return id.error();
  const auto place = open_session(call, Data::attendance, Access::write);
  if (!place) return place.error();
  const SessionId& session = place->session.id;
  const auto find = [&]() -> std::optional<SupporterThere> {
    for (auto& each : supporters_at(call.tx, call.keys, session))
      if (each.supporter == *id) return std::move(each);
    return std::nullopt;
  };
  const auto before = find();
  if (!before) return not_found();
  const auto wanted = call.body<SupporterMark>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(before->version); !same) return same.error();
  if (place->session.state == SessionState::cancelled) return http::problem(409, "session-cancelled", "This session was cancelled");
  if (is_ahead(place->session.span, call.now.wall)) return unprocessable({{"/mode", "too-early", "The session has not begun"}});
  if (!wanted->mode.value && before->mark.source != MarkedBy::staff)  // nothing of staff's stands
    return versioned(base::json::write(in_register(call, *before, where_of(*place))), before->version);
  if (!save_supporter_mark(call.tx, call.entropy, session, *before, written_of_supporter(before->mark, wanted->mode.value), call.actor.staff, call.now.wall))
    return changed_since();
  call.note("change", Data::attendance, {"supporter", id->text, before->person});
  auto after = find();
  if (!after) return not_found();
  const std::int64_t version = after->version;
  return versioned(base::json::write(in_register(call, std::move(*after), where_of(*place))), version);
}

}  // namespace

void add_register_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/register",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/attendance/{attendance}",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = mark});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/sessions/{session}/supporters/{supporter}",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = mark_supporter});
}

}  // namespace care
