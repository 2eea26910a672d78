// SPDX-License-Identifier: Apache-2.0
// See session_routes.h.
#include "care/session_routes.h"

#include <charconv>

#include "care/group_routes.h"
#include "care/trust_clock_table.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 16 * 1024;
constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000, kLongestLook = 62 * kDay;

struct PreviewRow {
  std::string date, time, starts_at, ends_at;
  bool clock_change = false;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("date", &PreviewRow::date), field("time", &PreviewRow::time), field("startsAt", &PreviewRow::starts_at),
                      field("endsAt", &PreviewRow::ends_at), field("clockChange", &PreviewRow::clock_change)};
  }
};
struct Preview {
  std::vector<PreviewRow> sessions;
  static constexpr auto fields() { return std::tuple{base::json::field("sessions", &Preview::sessions)}; }
};
struct MadeSeries {
  SeriesId id;
  std::vector<SessionRow> sessions;
  static constexpr auto fields() {
    return std::tuple{base::json::field("id", &MadeSeries::id), base::json::field("sessions", &MadeSeries::sessions)};
  }
};

// What is planned, and the sessions that it makes; 422 where it cannot be.
struct Wanted {
  NewSeries series;
  std::vector<PlannedSession> planned;
  std::vector<Session> sessions;
};
OrAnswer<Wanted> wanted_series(Call& call, const Group& group) {
  auto series = call.body<NewSeries>();
  if (!series) return std::unexpected(series.error());
  auto planned = sessions_of(*series, zone_or_utc(group.zone), call.now.wall);
  if (!planned) return std::unexpected(unprocessable(planned.error()));
  auto sessions = decide_series(*planned, planned_spans(call.tx, *group.id, {}), last_session_number(call.tx, *group.id));
  if (!sessions) return std::unexpected(unprocessable(sessions.error()));
  return Wanted{std::move(*series), std::move(*planned), std::move(*sessions)};
}

http::Response preview(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  const auto group = open_group(call, *id, Data::group_plan, Access::read);
  if (!group) return group.error();
  const auto wanted = wanted_series(call, *group);
  if (!wanted) return wanted.error();
  Preview out;
  for (const PlannedSession& p : wanted->planned)
    out.sessions.push_back({to_text(p.date), to_text(p.time), iso_text(p.starts), iso_text(p.ends), p.clock_change});
  return http::json(base::json::write(out));
}

http::Response create_series(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  lock_group(call.tx, *id);
  const auto group = open_group(call, *id, Data::group_plan, Access::write);
  if (!group) return group.error();
  if (const auto open = still_open(*group); !open) return open.error();
  auto wanted = wanted_series(call, *group);
  if (!wanted) return wanted.error();
  MadeSeries out{.id = insert_series(call.tx, call.entropy, *id, wanted->series, call.now.wall), .sessions = {}};
  for (Session& s : wanted->sessions) {
    s.group = *id;
    s.series = out.id;
    s.venue = group->venue;
    s.held_on = usual_place(*group);
  }
  insert_sessions(call.tx, call.entropy, wanted->sessions, call.now.wall);
  for (const Session& s : wanted->sessions)
    if (auto row = session_row(call.tx, s.id)) out.sessions.push_back(std::move(*row));
  return created("/api/groups/" + id->text + "/sessions", base::json::write(out), 1);
}

// Dates alone: when it meets, and on what.
void leave_dates(SessionRow& row) {
  row.group.name = row.venue = row.cancelled_reason = {};
  row.missing = {};
}

http::Response listing(Call& call, std::vector<SessionRow> rows, std::int64_t limit) {
  Listing<SessionRow> out;
  if (std::cmp_equal(rows.size(), limit)) out.next.value = cursor_at(call, std::to_string(rows.back().starts.us), rows.back().id.text);
  for (SessionRow& row : rows)
    if (dates_only(call.actor, where_of(row.group.id, row.team))) leave_dates(row);
  out.items = std::move(rows);
  return http::json(base::json::write(out));
}

OrAnswer<SessionsAfter> after_of(const Call& call) {
  const auto page = page_of(call);
  if (!page) return std::unexpected(page.error());
  const Stand stand = stand_of(*page);
  SessionsAfter out{.starts = {std::numeric_limits<std::int64_t>::min()}, .id = stand.second, .limit = page->limit};
  if (!stand.first.empty()) out.starts.us = std::strtoll(stand.first.c_str(), nullptr, 10);
  return out;
}

http::Response list(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  const auto group = open_group(call, *id, Data::group_plan, Access::read);
  if (!group) return group.error();
  const auto after = after_of(call);
  if (!after) return after.error();
  return listing(call, sessions_of_group(call.tx, *id, *after), after->limit);
}

// Where nothing is said: the day that it is now, by the trust's clock.
base::WallTime beginning_of_today(Call& call) {
  const Zone zone = trust_zone(call.tx);
  return zone.place(zone.shown_at(call.now.wall).date, {0}).at;
}

http::Response today(Call& call) {
  const auto wrong = [] { return http::problem(400, "range", "A look goes over 62 days at most, from and to as 2026-11-23T14:00:00Z"); };
  const auto from_text = call.query("from"), to_text = call.query("to");
  const auto from = from_text ? parse_iso(*from_text) : std::optional(beginning_of_today(call));
  if (!from) return wrong();
  const auto to = to_text ? parse_iso(*to_text) : std::optional(base::WallTime{from->us + kDay});
  if (!to || *to <= *from || to->us - from->us > kLongestLook) return wrong();
  const auto after = after_of(call);
  if (!after) return after.error();
  call.note("read", Data::group_plan, {"sessions", {}, {}});
  return listing(call, sessions_between(call.tx, group_reach(call.actor, Data::group_plan, Access::read), *from, *to, *after), after->limit);
}

http::Response not_planned() { return http::problem(409, "not-planned", "This session was held or cancelled"); }

http::Response row_answer(Call& call, const SessionId& id) {
  const auto row = session_row(call.tx, id);
  return row ? versioned(base::json::write(*row), row->version) : not_found();
}

http::Response show(Call& call) {
  const auto place = open_session(call, Data::group_plan, Access::read);
  if (!place) return place.error();
  auto row = session_row(call.tx, place->session.id);
  if (!row) return not_found();
  if (dates_only(call.actor, where_of(*place))) leave_dates(*row);
  return versioned(base::json::write(*row), row->version);
}

http::Response move(Call& call) {
  auto place = open_session(call, Data::group_plan, Access::write);
  if (!place) return place.error();
  lock_group(call.tx, place->session.group);
  place->session = load_session(call.tx, place->session.id).value_or(place->session);  // as it is, now that nobody else can move it
  const auto wanted = call.body<WantedMove>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(place->session.version); !same) return same.error();
  if (place->session.state != SessionState::planned) return not_planned();
  const auto moving = with_rest(call.tx, place->session, wanted->rest.value_or(false));
  const auto moved = decide_move(*wanted, moving, planned_spans(call.tx, place->session.group, moving), zone_or_utc(place->zone), call.now.wall);
  if (!moved) return unprocessable(moved.error());
  for (const Session& s : *moved) {
    if (!save_moved(call.tx, s)) return changed_since();
    if (s.id != place->session.id) call.note("change", Data::group_plan, {"session", s.id.text, {}});
  }
  return row_answer(call, place->session.id);
}

http::Response cancel(Call& call) {
  auto place = open_session(call, Data::group_plan, Access::write);
  if (!place) return place.error();
  lock_group(call.tx, place->session.group);
  place->session = load_session(call.tx, place->session.id).value_or(place->session);
  const auto wanted = call.body<WantedCancel>();
  if (!wanted) return wanted.error();
  if (const auto same = match_if_given(call, place->session.version); !same) return same.error();
  if (place->session.state != SessionState::planned) return not_planned();
  const auto cancelled = decide_cancel(*wanted, with_rest(call.tx, place->session, wanted->rest.value_or(false)));
  if (!cancelled) return unprocessable(cancelled.error());
  for (const Session& s : *cancelled) {
    if (!save_cancelled(call.tx, s)) return changed_since();
    call.note("cancel", Data::group_plan, {"session", s.id.text, {}});
  }
  return row_answer(call, place->session.id);
}

}  // namespace

std::optional<std::int64_t> seat_of_path(const Call& call) {
  const std::string& text = call.request.path_values.at(1);
  std::int64_t seat = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seat);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(seat) : std::nullopt;
}

Where where_of(const SessionPlace& place) { return where_of(place.session.group, place.team); }

OrAnswer<SessionPlace> open_session(Call& call, Data data, Access access) {
  const auto id = call.path_id<SessionId>();
  if (!id) return std::unexpected(id.error());
  auto place = load_session_place(call.tx, *id);
  if (!place) return std::unexpected(not_found());
  if (auto open = open_in_group(call, data, access, where_of(*place), {"session", id->text, {}}); !open)
    return std::unexpected(std::move(open.error()));
  return std::move(*place);
}

void add_session_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/series/preview",
                                    .permission = http::Permission::staff, .data = Data::group_plan, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = kMostBody, .handler = preview});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/series", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .creates = true, .handler = create_series});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/sessions", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/today", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = today});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/sessions/{session}", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .handler = move});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/sessions/{session}/cancel", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .handler = cancel});
}

}  // namespace care
