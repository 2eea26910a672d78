// SPDX-License-Identifier: Apache-2.0
// See session_table.h.
#include "care/session_table.h"

#include <algorithm>

#include "care/attendance_table.h"
#include "care/preparation_table.h"
#include "care/session_pass_table.h"

namespace care {
namespace {

constexpr std::string_view kColumns = "SELECT id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, "
                                      "held_on, state, cancelled_reason, sequence FROM session ";
Session session_of(const store::Rows& r) {
  Session s{.id = r.id<SessionId>(0), .version = r.integer(1), .group = r.id<GroupId>(2), .series = {}, .number = r.integer(4), .date = {},
            .time = {}, .minutes = r.integer(7), .span = {r.time(8), r.time(9)}, .venue = r.text(10), .held_on = r.text(11),
            .state = parse_session_state(r.text(12)), .cancelled_reason = r.text(13), .sequence = r.integer(14)};
  if (!r.null(3)) s.series = r.id<SeriesId>(3);
  s.date = parse_local_date(r.text(5)).value_or(LocalDate{});
  s.time = parse_clock_time(r.text(6)).value_or(ClockTime{});
  return s;
}

// The page `s` first, then what is counted for its rows. A message that was refused, or
// that came back later, counts until somebody has seen to it.
std::string rows_sql(const std::string& page) {
  return "SELECT s.id, s.version, s.group_id, g.name, s.number, s.local_date, s.local_time, s.minutes, s.starts_us, s.ends_us, g.zone, s.venue,"
         " s.held_on, s.state, s.cancelled_reason, g.team,"
         " CASE WHEN s.state = 'planned' THEN " + not_prepared_sql("s.group_id") + " ELSE 0 END,"
         " CASE WHEN s.state = 'planned' THEN (SELECT COUNT(*) FROM attendance a WHERE a.session = s.id AND a.outcome = 'expected' AND " + way_not_said_sql() + ") ELSE 0 END,"
         " CASE WHEN s.state <> 'held' THEN (SELECT COUNT(*) FROM message x WHERE x.session = s.id AND x.done_us IS NULL AND x.delivery <> 'delivered' AND (x.state = 'failed' OR"
         " x.delivery IN ('permanent-failure', 'temporary-failure', 'technical-failure'))) ELSE 0 END"
         " FROM (" + page + ") s JOIN therapy_group g ON g.id = s.group_id ORDER BY s.starts_us, s.id";
}
SessionRow row_of(const store::Rows& r) {
  return {.id = r.id<SessionId>(0), .version = r.integer(1), .group = {r.id<GroupId>(2), r.text(3)}, .number = r.integer(4), .date = r.text(5),
          .time = r.text(6), .minutes = r.integer(7), .starts_at = iso_text(r.time(8)), .ends_at = iso_text(r.time(9)), .zone = r.text(10),
          .venue = r.text(11), .held_on = r.text(12), .state = parse_session_state(r.text(13)), .cancelled_reason = r.text(14),
          .missing = {.not_prepared = r.integer(16), .way_not_said = r.integer(17), .messages_failed = r.integer(18)}, .team = r.id<TeamId>(15), .starts = r.time(8)};
}
std::vector<SessionRow> all_of(store::Rows rows) {
  std::vector<SessionRow> out;
  while (rows.next()) out.push_back(row_of(rows));
  return out;
}

}  // namespace

std::optional<Session> load_session(store::Transaction& tx, const SessionId& id) {
  auto rows = tx.query(std::string(kColumns) + "WHERE id = $1", id);
  return rows.next() ? std::optional(session_of(rows)) : std::nullopt;
}

std::optional<SessionPlace> load_session_place(store::Transaction& tx, const SessionId& id) {
  auto session = load_session(tx, id);
  if (!session) return std::nullopt;
  auto rows = tx.query("SELECT team, zone FROM therapy_group WHERE id = $1", session->group);
  if (!rows.next()) return std::nullopt;
  return SessionPlace{std::move(*session), rows.id<TeamId>(0), rows.text(1)};
}

std::vector<Session> with_rest(store::Transaction& tx, const Session& first, bool rest) {
  std::vector<Session> out{first};
  if (!rest || !first.series) return out;
  auto rows = tx.query(std::string(kColumns) + "WHERE series = $1 AND state = 'planned' AND starts_us > $2 ORDER BY starts_us, id", *first.series,
                       first.span.starts);
  while (rows.next()) out.push_back(session_of(rows));
  return out;
}

std::vector<Session> planned_to_come(store::Transaction& tx, const GroupId& group, base::WallTime now) {
  std::vector<Session> out;
  auto rows = tx.query(std::string(kColumns) + "WHERE group_id = $1 AND state = 'planned' AND starts_us > $2 ORDER BY starts_us, id", group, now);
  while (rows.next()) out.push_back(session_of(rows));
  return out;
}

std::vector<Span> planned_spans(store::Transaction& tx, const GroupId& group, const std::vector<Session>& except) {
  std::vector<Span> out;
  auto rows = tx.query("SELECT id, starts_us, ends_us FROM session WHERE group_id = $1 AND state <> 'cancelled'", group);
  while (rows.next())
    if (std::ranges::find(except, rows.id<SessionId>(0), &Session::id) == except.end()) out.push_back({rows.time(1), rows.time(2)});
  return out;
}

std::int64_t last_session_number(store::Transaction& tx, const GroupId& group) {
  auto rows = tx.query("SELECT COALESCE(MAX(number), 0) FROM session WHERE group_id = $1", group);
  return rows.next() ? rows.integer(0) : 0;
}

SeriesId insert_series(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const NewSeries& s, base::WallTime now) {
  const auto id = base::new_id<SeriesId>(entropy, now);
  tx.run("INSERT INTO series (id, version, group_id, first_date, start_time, minutes, every_days, count, exceptions) "
         "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)", id, group, s.first_date, s.start_time, s.minutes, s.every_days, s.count,
         base::json::print(base::json::Codec<std::vector<std::string>>::write(s.exceptions)));
  return id;
}

void insert_sessions(store::Transaction& tx, base::Entropy& entropy, std::vector<Session>& sessions, base::WallTime now) {
  for (Session& s : sessions) {
    s.id = base::new_id<SessionId>(entropy, now);
    tx.run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, "
           "state, cancelled_reason, room, ended_us, sequence) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', '', NULL, NULL, 0)",
           s.id, s.group, s.series, s.number, to_text(s.date), to_text(s.time), s.minutes, s.span.starts, s.span.ends, s.venue, s.held_on);
  }
  if (!sessions.empty()) expect_at(tx, entropy, sessions.front().group, sessions, now);
}

bool save_moved(store::Transaction& tx, const Session& s) {
  tx.run("DELETE FROM session_joining WHERE session = $1 AND EXISTS (SELECT 1 FROM session WHERE id = $1 AND held_on <> $2)", s.id, s.held_on);
  if (tx.run("UPDATE session SET version = $1, local_date = $2, local_time = $3, minutes = $4, starts_us = $5, ends_us = $6, venue = $7, "
             "held_on = $8, sequence = $9 WHERE id = $10 AND version = $11 AND state = 'planned'",
             s.version, to_text(s.date), to_text(s.time), s.minutes, s.span.starts, s.span.ends, s.venue, s.held_on, s.sequence, s.id,
             s.version - 1) == 0)
    return false;
  tx.run("UPDATE seat_pass SET until_us = $1 WHERE session = $2", pass_ends(s.span), s.id);
  return true;
}

bool save_cancelled(store::Transaction& tx, const Session& s) {
  if (tx.run("UPDATE session SET version = $1, state = 'cancelled', cancelled_reason = $2, sequence = $3 WHERE id = $4 AND version = $5 "
             "AND state = 'planned'", s.version, s.cancelled_reason, s.sequence, s.id, s.version - 1) == 0)
    return false;
  tx.run("DELETE FROM seat_pass WHERE session = $1", s.id);
  tx.run("DELETE FROM session_joining WHERE session = $1", s.id);
  cancel_expected(tx, s.id);
  return true;
}

std::optional<SessionRow> session_row(store::Transaction& tx, const SessionId& id) {
  auto rows = tx.query(rows_sql("SELECT p.* FROM session p WHERE p.id = $1"), id);
  return rows.next() ? std::optional(row_of(rows)) : std::nullopt;
}

std::vector<SessionRow> sessions_of_group(store::Transaction& tx, const GroupId& group, const SessionsAfter& after) {
  return all_of(tx.query(rows_sql("SELECT p.* FROM session p WHERE p.group_id = $1 AND (p.starts_us, p.id) > ($2, $3) ORDER BY p.starts_us, p.id LIMIT $4"),
                         group, after.starts, after.id, after.limit));
}

std::vector<SessionRow> sessions_between(store::Transaction& tx, const GroupReach& reach, base::WallTime from, base::WallTime to,
                                         const SessionsAfter& after) {
  if (reach.nothing()) return {};
  // No session lasts longer than a day: the index on its beginning bounds the look.
  const base::WallTime day_before{from.us - std::int64_t{24} * 3600 * 1'000'000};
  return all_of(query_in_reach(tx, rows_sql("SELECT p.* FROM session p WHERE {reach} AND p.starts_us >= $1 AND p.starts_us < $2 AND p.ends_us > $3 "
                                            "AND (p.starts_us, p.id) > ($4, $5) ORDER BY p.starts_us, p.id LIMIT $6"),
                               "p.group_id", reach, day_before, to, from, after.starts, after.id, after.limit));
}

}  // namespace care
