// SPDX-License-Identifier: Apache-2.0
// See attendance_table.h.
#include "care/attendance_table.h"

#include <map>

#include "store/audit_trail.h"

namespace care {
namespace {

constexpr store::Column kAlias{"membership.alias"}, kNote{"attendance_correction.note"};

constexpr std::string_view kMarkColumns = "a.planned, a.mode, a.outcome, a.late, a.left_early, a.changed_mode, a.came_us, a.left_us, a.source";
Mark mark_of(const store::Rows& rows, int first) {
  const auto way = [&](int at) { return rows.null(at) ? std::nullopt : parse_way(rows.text(at)); };
  return {.planned = way(first), .mode = way(first + 1), .outcome = parse_outcome(rows.text(first + 2)), .late = rows.flag(first + 3),
          .left_early = rows.flag(first + 4), .changed_mode = rows.flag(first + 5), .came = rows.maybe_time(first + 6),
          .left = rows.maybe_time(first + 7), .source = parse_marked_by(rows.text(first + 8))};
}
std::optional<std::string> text_of(const std::optional<Way>& way) {
  return way ? std::optional(std::string(base::json::name_of(*way))) : std::nullopt;
}

void insert_expected(store::Transaction& tx, base::Entropy& entropy, const SessionId& session, const MembershipId& membership, base::WallTime now) {
  tx.run("INSERT INTO attendance (id, version, session, membership, planned, mode, outcome, late, left_early, changed_mode, came_us, left_us, "
         "source) VALUES ($1, 1, $2, $3, NULL, NULL, 'expected', 0, 0, 0, NULL, NULL, 'plan') ON CONFLICT (session, membership) DO NOTHING",
         base::new_id<AttendanceId>(entropy, now), session, membership);
}

constexpr std::string_view kLoad =
    "SELECT a.id, a.version, a.session, s.state, s.starts_us, s.ends_us, a.membership, m.group_id, g.team, m.person, a.planned, a.mode, "
    "a.outcome, a.late, a.left_early, a.changed_mode, a.came_us, a.left_us, a.source FROM attendance a JOIN session s ON s.id = a.session "
    "JOIN membership m ON m.id = a.membership JOIN therapy_group g ON g.id = m.group_id ";
Attendance attendance_of(const store::Rows& r) {
  return {.id = r.id<AttendanceId>(0), .version = r.integer(1), .session = r.id<SessionId>(2), .session_state = parse_session_state(r.text(3)),
          .span = {r.time(4), r.time(5)}, .membership = r.id<MembershipId>(6), .group = r.id<GroupId>(7), .team = r.id<TeamId>(8),
          .person = r.id<PersonId>(9), .mark = mark_of(r, 10)};
}

// A change by the call has no member of staff to name.
void audit_of_call(store::Transaction& tx, std::string_view data, std::string_view kind, const std::string& subject, const PersonId& person,
                   base::WallTime at) {
  store::append_audit(tx, {{.at = at, .actor_kind = "system", .actor = {}, .action = "change", .data = std::string(data),
                            .subject_kind = std::string(kind), .subject = subject, .person = person.text, .reason = "from-the-call", .note = {}}});
}
void save_of_call(store::Transaction& tx, const Attendance& before, const std::optional<Mark>& after, base::WallTime at) {
  if (after && save_mark(tx, before.id, before.version, *after)) audit_of_call(tx, "attendance", "attendance", before.id.text, before.person, at);
}

// What the call tells is not lost because somebody else changes the row at that moment: they wait for one another.
void lock_register(store::Transaction& tx, const SessionId& session) {
  tx.run("UPDATE attendance SET version = version WHERE session = $1", session);
}

std::optional<Attendance> of_seat(store::Transaction& tx, const SessionId& session, std::int64_t seat) {
  auto rows = tx.query(std::string(kLoad) + "WHERE a.session = $1 AND m.seat = $2 AND s.state <> 'cancelled'", session, seat);
  return rows.next() ? std::optional(attendance_of(rows)) : std::nullopt;
}

base::json::Nullable<std::string> iso_maybe(const std::optional<base::WallTime>& at) {
  return {at ? std::optional(iso_text(*at)) : std::nullopt};
}

// attendance_correction.before
struct KeptMark {
  base::json::Nullable<Way> planned, mode;
  Outcome outcome = Outcome::expected;
  bool late = false, left_early = false, changed_mode = false;
  base::json::Nullable<std::string> came_at, left_at;
  MarkedBy source = MarkedBy::plan;
  static constexpr auto fields() {
    using base::json::field;
    using R = KeptMark;
    return std::tuple{field("planned", &R::planned), field("mode", &R::mode), field("outcome", &R::outcome), field("late", &R::late),
                      field("leftEarly", &R::left_early), field("changedMode", &R::changed_mode), field("cameAt", &R::came_at),
                      field("leftAt", &R::left_at), field("source", &R::source)};
  }
};

// `which` is a condition on attendance a.
template <class... Values>
std::vector<AttendanceRow> rows_where(store::Transaction& tx, const store::KeyRing& keys, const std::string& which, const Values&... values) {
  std::vector<AttendanceRow> out;
  store::Rows rows = tx.query("SELECT a.id, a.version, a.membership, m.person, m.alias_sealed, p.legal_name_sealed, p.preferred_name_sealed, " +
                       std::string(kMarkColumns) + " FROM attendance a JOIN membership m ON m.id = a.membership JOIN person p ON p.id = m.person "
                       "WHERE " + which + " ORDER BY m.seat", values...);
  while (rows.next()) {
    const Mark m = mark_of(rows, 7);
    AttendanceRow r{.id = rows.id<AttendanceId>(0), .version = rows.integer(1), .membership = rows.id<MembershipId>(2), .person = {},
                    .alias = {}, .planned = {m.planned}, .mode = {m.mode}, .outcome = m.outcome, .late = m.late, .left_early = m.left_early,
                    .changed_mode = m.changed_mode, .came_at = iso_maybe(m.came), .left_at = iso_maybe(m.left), .source = m.source, .corrections = {}};
    const auto person = rows.id<PersonId>(3);
    r.person.value = PersonRef{person, name_of_person(tx, keys, person.text, rows, 5, 6)};
    r.alias = keys.open_maybe(tx, kAlias, r.membership.text, rows, 4).value_or(base::Redacted<std::string>{});
    out.push_back(std::move(r));
  }
  std::map<std::string, AttendanceRow*, std::less<>> by_id;
  for (AttendanceRow& r : out) by_id[r.id.text] = &r;
  store::Rows corrections = tx.query("SELECT c.attendance, c.at_us, COALESCE(s.name, ''), c.reason FROM attendance_correction c JOIN attendance a ON a.id = c.attendance "
                              "LEFT JOIN staff s ON s.id = c.staff WHERE " + which + " ORDER BY c.at_us, c.id", values...);
  while (corrections.next())
    if (const auto at = by_id.find(corrections.text(0)); at != by_id.end())
      at->second->corrections.push_back({iso_text(corrections.time(1)), corrections.text(2), corrections.text(3)});
  return out;
}

}  // namespace

void expect_member(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const MembershipId& membership, base::WallTime now) {
  std::vector<SessionId> sessions;
  {
    auto rows = tx.query("SELECT id FROM session WHERE group_id = $1 AND state = 'planned' AND ends_us > $2 ORDER BY starts_us", group, now);
    while (rows.next()) sessions.push_back(rows.id<SessionId>(0));
  }
  for (const SessionId& session : sessions) insert_expected(tx, entropy, session, membership, now);
}

void expect_no_more(store::Transaction& tx, const GroupId& group, const MembershipId& membership, base::WallTime now) {
  tx.run("DELETE FROM attendance WHERE membership = $1 AND outcome = 'expected' AND source = 'plan' AND session IN "
         "(SELECT id FROM session WHERE group_id = $2 AND state = 'planned' AND starts_us > $3) AND NOT EXISTS "
         "(SELECT 1 FROM attendance_correction c WHERE c.attendance = attendance.id)", membership, group, now);
}

void expect_at(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const std::vector<Session>& sessions, base::WallTime now) {
  std::vector<MembershipId> members;
  {
    auto rows = tx.query("SELECT id FROM membership WHERE group_id = $1 AND state IN ('prepared', 'joined') ORDER BY seat", group);
    while (rows.next()) members.push_back(rows.id<MembershipId>(0));
  }
  for (const Session& s : sessions)
    for (const MembershipId& m : members) insert_expected(tx, entropy, s.id, m, now);
}

void cancel_expected(store::Transaction& tx, const SessionId& session) {
  tx.run("UPDATE attendance SET outcome = 'cancelled_by_service', version = version + 1 WHERE session = $1 AND outcome = 'expected'", session);
}

std::string way_not_said_sql() {
  return "(a.planned IS NULL OR NOT ((a.planned = 'in_person' AND g.in_person = 1) OR (a.planned = 'phone' AND g.phone = 1) OR "
         "(a.planned = 'video' AND g.video = 1 AND s.held_on <> '" + std::string(kInPersonOnly) + "')))";
}

bool plan_way(store::Transaction& tx, const SessionId& session, const MembershipId& membership, std::optional<Way> way) {
  return tx.run("UPDATE attendance SET planned = $1, version = version + 1 WHERE session = $2 AND membership = $3 AND outcome = 'expected'",
                text_of(way), session, membership) == 1;
}

bool join_if_prepared(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const MembershipId& id,
                      const std::optional<StaffId>& staff, base::WallTime now) {
  const auto m = load_membership(tx, keys, id);
  if (!m || m->state != MembershipState::prepared) return false;
  const Step step{.state = MembershipState::joined, .reason = "came", .note = {}, .expected = Expected::as_before, .moved_to = {}};
  if (!save_step(tx, keys, entropy, *m, step, staff, now)) return false;
  if (!staff) audit_of_call(tx, "membership", "membership", id.text, m->person, now);
  return true;
}

void note_came(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const SessionId& session, std::int64_t seat,
               Way way, base::WallTime at) {
  tx.run("UPDATE session SET met_us = $2 WHERE id = $1 AND met_us IS NULL AND state <> 'cancelled'", session, at);
  lock_register(tx, session);
  auto row = of_seat(tx, session, seat);
  if (!row) {  // came without being expected: was not ready when the session was planned
    auto member = tx.query("SELECT m.id FROM membership m JOIN session s ON s.group_id = m.group_id WHERE s.id = $1 AND m.seat = $2 "
                           "AND s.state <> 'cancelled'", session, seat);
    if (!member.next()) return;
    insert_expected(tx, entropy, session, member.id<MembershipId>(0), at);
    row = of_seat(tx, session, seat);
    if (!row) return;
  }
  // Who was in the room before staff marked the row came when they first did.
  const auto kept = marked_away(row->mark) ? kept_before(tx, row->id) : std::nullopt;
  Mark before = kept && kept->source == MarkedBy::call && kept->came ? *kept : row->mark;
  before.planned = row->mark.planned;
  const auto back = came(before, row->span, way, at);
  const auto after = back || before == row->mark ? back : std::optional(before);
  save_of_call(tx, *row, after, at);
  if (after && marked_away(row->mark)) {
    Correction correction;
    correction.reason = "came-after-all";
    keep_before(tx, keys, entropy, *row, correction, std::nullopt, at);
  }
  (void)join_if_prepared(tx, keys, entropy, row->membership, std::nullopt, at);
}

void note_left(store::Transaction& tx, const SessionId& session, std::int64_t seat, base::WallTime at) {
  lock_register(tx, session);
  if (const auto row = of_seat(tx, session, seat)) save_of_call(tx, *row, left(row->mark, row->span, at), at);
}

void close_register(store::Transaction& tx, const SessionId& session, base::WallTime at) {
  bool in_call = false;
  {
    // A room that nobody opened saw nobody stay away: those rows wait for staff, like those of another software.
    auto held = tx.query("SELECT held_on, met_us FROM session WHERE id = $1 AND state = 'planned'", session);
    if (!held.next()) return;
    in_call = held.text(0) == kOwnSoftware && !held.null(1);
  }
  lock_register(tx, session);
  tx.run("UPDATE session SET state = 'held', ended_us = $1, version = version + 1 WHERE id = $2 AND state = 'planned'", at, session);
  std::vector<Attendance> all;
  {
    auto rows = tx.query(std::string(kLoad) + "WHERE a.session = $1 ORDER BY a.id", session);
    while (rows.next()) all.push_back(attendance_of(rows));
  }
  for (const Attendance& a : all) save_of_call(tx, a, closed(a.mark, in_call, at), at);
}

std::vector<SessionId> sessions_to_close(store::Transaction& tx, base::WallTime before, std::int64_t limit) {
  std::vector<SessionId> out;
  auto rows = tx.query("SELECT id FROM session WHERE state = 'planned' AND ends_us <= $1 ORDER BY ends_us LIMIT $2", before, limit);
  while (rows.next()) out.push_back(rows.id<SessionId>(0));
  return out;
}

std::optional<Attendance> load_attendance(store::Transaction& tx, const AttendanceId& id) {
  auto rows = tx.query(std::string(kLoad) + "WHERE a.id = $1", id);
  return rows.next() ? std::optional(attendance_of(rows)) : std::nullopt;
}

bool save_mark(store::Transaction& tx, const AttendanceId& id, std::int64_t version, const Mark& m) {
  return tx.run("UPDATE attendance SET version = version + 1, mode = $1, outcome = $2, late = $3, left_early = $4, changed_mode = $5, "
                "came_us = $6, left_us = $7, source = $8, planned = $9 WHERE id = $10 AND version = $11",
                text_of(m.mode), base::json::name_of(m.outcome), m.late, m.left_early, m.changed_mode, m.came, m.left,
                base::json::name_of(m.source), text_of(m.planned), id, version) == 1;
}

void keep_before(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Attendance& before,
                 const Correction& correction, const std::optional<StaffId>& staff, base::WallTime now) {
  const std::string id = base::new_uuid(entropy, now);
  const Mark& m = before.mark;
  const auto maybe = [](const auto& v) { return v ? boost::json::value(*v) : boost::json::value(nullptr); };
  const auto time = [](const std::optional<base::WallTime>& t) { return t ? boost::json::value(iso_text(*t)) : boost::json::value(nullptr); };
  const boost::json::object row{{"version", before.version}, {"planned", maybe(text_of(m.planned))}, {"mode", maybe(text_of(m.mode))},
                                {"outcome", base::json::name_of(m.outcome)}, {"late", m.late}, {"leftEarly", m.left_early},
                                {"changedMode", m.changed_mode}, {"cameAt", time(m.came)}, {"leftAt", time(m.left)},
                                {"source", base::json::name_of(m.source)}};
  std::optional<store::Sealed> note;
  if (!correction.note.empty()) note = keys.seal(kNote, id, base::Redacted<std::string>(correction.note));
  tx.run("INSERT INTO attendance_correction (id, attendance, before, reason, note_sealed, staff, at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
         before.id, base::json::print(row), correction.reason, note, staff, now);
}

std::optional<Mark> kept_before(store::Transaction& tx, const AttendanceId& id) {
  auto rows = tx.query("SELECT before FROM attendance_correction WHERE attendance = $1 ORDER BY at_us DESC, id DESC LIMIT 1", id);
  if (!rows.next()) return std::nullopt;
  const auto row = base::json::read<KeptMark>(rows.text(0), base::json::Mode::tolerant);
  if (!row) return std::nullopt;
  const auto time = [](const base::json::Nullable<std::string>& text) { return text.value ? parse_iso(*text.value) : std::nullopt; };
  return Mark{.planned = row->planned.value, .mode = row->mode.value, .outcome = row->outcome, .late = row->late, .left_early = row->left_early,
              .changed_mode = row->changed_mode, .came = time(row->came_at), .left = time(row->left_at), .source = row->source};
}

std::optional<Attendance> attendance_of_seat(store::Transaction& tx, const SessionId& session, std::int64_t seat) {
  lock_register(tx, session);
  return of_seat(tx, session, seat);
}

std::vector<BesideRow> beside_room(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session) {
  std::vector<BesideRow> out;
  auto rows = tx.query("SELECT m.seat, a.version, m.id, m.alias_sealed, " + std::string(kMarkColumns) + " FROM attendance a "
                       "JOIN membership m ON m.id = a.membership WHERE a.session = $1 ORDER BY m.seat", session);
  while (rows.next()) {
    const Mark m = mark_of(rows, 4);
    out.push_back({.seat = rows.integer(0), .version = rows.integer(1),
                   .alias = keys.open_maybe(tx, kAlias, rows.text(2), rows, 3).value_or(base::Redacted<std::string>{}), .planned = {m.planned},
                   .mode = {m.mode}, .outcome = m.outcome, .source = m.source, .here = is_beside(m)});
  }
  return out;
}

std::vector<AttendanceRow> register_of(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session) {
  return rows_where(tx, keys, "a.session = $1", session);
}
std::optional<AttendanceRow> attendance_row(store::Transaction& tx, const store::KeyRing& keys, const AttendanceId& id) {
  auto rows = rows_where(tx, keys, "a.id = $1", id);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows[0]));
}

}  // namespace care
