// SPDX-License-Identifier: Apache-2.0
// The tables attendance and attendance_correction: who is expected when, what the call saw, what staff marked; and the register
// of a session as the API says it. Not here: what a mark may be (attendance.h), who may see it. What the system changes is
// audited here, what staff change by the desk. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/attendance.h"
#include "care/membership_table.h"
#include "care/session.h"
#include "care/supporter.h"
#include "store/key_ring.h"

namespace care {

// A row for each session that is planned and not over. Rows that are there stay as they are.
void expect_member(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const MembershipId& membership, base::WallTime now);
// Takes out the rows of sessions to come that nobody marked.
void expect_no_more(store::Transaction& tx, const GroupId& group, const MembershipId& membership, base::WallTime now);
// A row for each member with a place, at each of these new sessions.
void expect_at(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const std::vector<Session>& sessions, base::WallTime now);
// Who was expected at a session that is cancelled.
void cancel_expected(store::Transaction& tx, const SessionId& session);
// The way that a person said for one session; nothing: not said. False: they are not expected there.
[[nodiscard]] bool plan_way(store::Transaction& tx, const SessionId& session, const MembershipId& membership, std::optional<Way> way);
// In SQL, of attendance `a` in session `s` of therapy_group `g`: they have not said a way that is offered still (group.h said_way).
[[nodiscard]] std::string way_not_said_sql();

// What the call tells, by seat. Seats that are no member's, and sessions cancelled, change nothing. A member who is prepared
// has joined when they first come.
void note_came(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const SessionId& session, std::int64_t seat,
               Way way, base::WallTime at);
void note_left(store::Transaction& tx, const SessionId& session, std::int64_t seat, base::WallTime at);
// The session is over: it was held, and who was expected by video and did not come did not attend. Again is nothing.
void close_register(store::Transaction& tx, const SessionId& session, base::WallTime at);
// Planned sessions that ended at `before` or earlier: those to close.
[[nodiscard]] std::vector<SessionId> sessions_to_close(store::Transaction& tx, base::WallTime before, std::int64_t limit);

struct Attendance {
  AttendanceId id;
  std::int64_t version = 1;
  SessionId session;
  SessionState session_state = SessionState::planned;
  Span span;
  MembershipId membership;
  GroupId group;
  TeamId team;
  PersonId person;
  Mark mark;
};
[[nodiscard]] std::optional<Attendance> load_attendance(store::Transaction& tx, const AttendanceId& id);
// False: changed since.
[[nodiscard]] bool save_mark(store::Transaction& tx, const AttendanceId& id, std::int64_t version, const Mark& mark);
// The row as it was, with the reason in a code and in words. Without staff it is the call's correction.
void keep_before(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Attendance& before,
                 const Correction& correction, const std::optional<StaffId>& staff, base::WallTime now);
// The row before staff changed it last.
[[nodiscard]] std::optional<Mark> kept_before(store::Transaction& tx, const AttendanceId& id);
// Somebody who came has joined, where they were prepared: whether this changed that.
bool join_if_prepared(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const MembershipId& membership,
                      const std::optional<StaffId>& staff, base::WallTime now);

struct CorrectionRow {
  std::string at, by, reason;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("at", &CorrectionRow::at), field("by", &CorrectionRow::by), field("reason", &CorrectionRow::reason)};
  }
};
struct AttendanceRow {
  AttendanceId id;
  std::int64_t version = 1;
  MembershipId membership;
  base::json::Nullable<PersonRef> person;
  base::Redacted<std::string> alias;
  base::json::Nullable<Way> planned, mode;
  Outcome outcome = Outcome::expected;
  bool late = false, left_early = false, changed_mode = false;
  base::json::Nullable<std::string> came_at, left_at;
  MarkedBy source = MarkedBy::plan;
  std::vector<CorrectionRow> corrections;
  static constexpr auto fields() {
    using base::json::field;
    using R = AttendanceRow;
    return std::tuple{field("id", &R::id),           field("version", &R::version),         field("membership", &R::membership),
                      field("person", &R::person),   field("alias", &R::alias),             field("planned", &R::planned),
                      field("mode", &R::mode),       field("outcome", &R::outcome),         field("late", &R::late),
                      field("leftEarly", &R::left_early), field("changedMode", &R::changed_mode), field("cameAt", &R::came_at),
                      field("leftAt", &R::left_at),   field("source", &R::source),           field("corrections", &R::corrections)};
  }
};
// The row of a seat of a session that is not cancelled, as whoever marks it finds it: waits for others who change that register.
[[nodiscard]] std::optional<Attendance> attendance_of_seat(store::Transaction& tx, const SessionId& session, std::int64_t seat);
// Who is expected or came, for facilitators in the room: by seat and alias, no name.
struct BesideRow {
  base::json::Nullable<SupporterKind> supporter{};  // null: a member
  std::int64_t seat = 0, version = 0;
  base::Redacted<std::string> alias;
  base::json::Nullable<Way> planned, mode;
  Outcome outcome = Outcome::expected;
  MarkedBy source = MarkedBy::plan;
  bool here = false;  // in the building or on the phone now
  static constexpr auto fields() {
    using base::json::field;
    using R = BesideRow;
    return std::tuple{field("seat", &R::seat), field("version", &R::version), field("supporter", &R::supporter), field("alias", &R::alias),
                      field("planned", &R::planned), field("mode", &R::mode), field("outcome", &R::outcome), field("source", &R::source),
                      field("here", &R::here)};
  }
};
[[nodiscard]] std::vector<BesideRow> beside_room(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session);
// In order of seats.
[[nodiscard]] std::vector<AttendanceRow> register_of(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session);
[[nodiscard]] std::optional<AttendanceRow> attendance_row(store::Transaction& tx, const store::KeyRing& keys, const AttendanceId& id);

}  // namespace care
