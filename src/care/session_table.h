// SPDX-License-Identifier: Apache-2.0
// The tables series and session: making a series, moving, cancelling, listing with what each session still needs. Not here:
// what may be moved where (session.h), who is expected (attendance_table.h), seats (session_pass_table.h). Callers hold
// lock_group() while they change when a group meets. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/group_table.h"
#include "care/membership_table.h"
#include "care/session.h"
#include "store/transaction.h"

namespace care {

[[nodiscard]] std::optional<Session> load_session(store::Transaction& tx, const SessionId& id);
// The session and, with `rest`, the later planned ones of its series, in order of time.
[[nodiscard]] std::vector<Session> with_rest(store::Transaction& tx, const Session& first, bool rest);
// Those of the group that have not begun, in order of time.
[[nodiscard]] std::vector<Session> planned_to_come(store::Transaction& tx, const GroupId& group, base::WallTime now);
// When the group has planned sessions, but for those in `except`.
[[nodiscard]] std::vector<Span> planned_spans(store::Transaction& tx, const GroupId& group, const std::vector<Session>& except);
[[nodiscard]] std::int64_t last_session_number(store::Transaction& tx, const GroupId& group);

[[nodiscard]] SeriesId insert_series(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const NewSeries& series, base::WallTime now);
// Fills in the id, and expects every member with a place.
void insert_sessions(store::Transaction& tx, base::Entropy& entropy, std::vector<Session>& sessions, base::WallTime now);
// Seats stay open until two hours after the new end; register rows go with their session. False: changed since.
[[nodiscard]] bool save_moved(store::Transaction& tx, const Session& moved);
// Seats open no more; who was expected is cancelled by the service. False: changed since.
[[nodiscard]] bool save_cancelled(store::Transaction& tx, const Session& cancelled);
// The group that a session belongs to: for what is asked before the session is shown.
struct SessionPlace {
  Session session;
  TeamId team;
  std::string zone;
};
[[nodiscard]] std::optional<SessionPlace> load_session_place(store::Transaction& tx, const SessionId& id);

// As the API says it.
struct Missing {
  std::int64_t not_prepared = 0, way_not_said = 0, messages_failed = 0;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("notPrepared", &Missing::not_prepared), field("wayNotSaid", &Missing::way_not_said),
                      field("messagesFailed", &Missing::messages_failed)};
  }
};
struct SessionRow {
  SessionId id;
  std::int64_t version = 1;
  GroupRef group;
  std::int64_t number = 0;
  std::string date, time;
  std::int64_t minutes = 0;
  std::string starts_at, ends_at, zone, venue, held_on;
  SessionState state = SessionState::planned;
  std::string cancelled_reason;
  Missing missing;
  TeamId team;            // not said
  base::WallTime starts;  // not said: what lists sort by
  static constexpr auto fields() {
    using base::json::field;
    using R = SessionRow;
    return std::tuple{field("id", &R::id),           field("version", &R::version),   field("group", &R::group),
                      field("number", &R::number),   field("date", &R::date),         field("time", &R::time),
                      field("minutes", &R::minutes), field("startsAt", &R::starts_at), field("endsAt", &R::ends_at),
                      field("zone", &R::zone),       field("venue", &R::venue),       field("heldOn", &R::held_on),
                      field("state", &R::state),     field("cancelledReason", &R::cancelled_reason), field("missing", &R::missing)};
  }
};
[[nodiscard]] std::optional<SessionRow> session_row(store::Transaction& tx, const SessionId& id);
// In order of time, after the session (after_starts, after_id).
struct SessionsAfter {
  base::WallTime starts;
  std::string id;
  std::int64_t limit = 50;
};
[[nodiscard]] std::vector<SessionRow> sessions_of_group(store::Transaction& tx, const GroupId& group, const SessionsAfter& after);
// Those that are on at some time from `from` until before `to`.
[[nodiscard]] std::vector<SessionRow> sessions_between(store::Transaction& tx, const GroupReach& reach, base::WallTime from, base::WallTime to,
                                                       const SessionsAfter& after);

}  // namespace care
