// SPDX-License-Identifier: Apache-2.0
// See supporter_attendance_table.h.
#include "care/supporter_attendance_table.h"

#include "store/audit_trail.h"

namespace care {
namespace {

constexpr store::Column kAlias{"supporter.alias"};

struct Seated {
  SupporterId supporter;
  PersonId person;
};
std::optional<Seated> seated(store::Transaction& tx, const SessionId& session, std::int64_t seat) {
  auto rows = tx.query("SELECT c.id, m.person FROM supporter c JOIN membership m ON m.id = c.membership JOIN session s ON s.group_id = m.group_id "
                       "WHERE s.id = $1 AND c.seat = $2 AND s.state <> 'cancelled'", session, seat);
  if (!rows.next()) return std::nullopt;
  return Seated{rows.id<SupporterId>(0), rows.id<PersonId>(1)};
}

void audit_of_call(store::Transaction& tx, const Seated& who, base::WallTime at) {
  store::append_audit(tx, {{.at = at, .actor_kind = "system", .actor = {}, .action = "change", .data = "attendance", .subject_kind = "supporter",
                            .subject = who.supporter.text, .person = who.person.text, .reason = "from-the-call", .note = {}}});
}

}  // namespace

void note_supporter_came(store::Transaction& tx, base::Entropy& entropy, const SessionId& session, std::int64_t seat, base::WallTime at) {
  const auto who = seated(tx, session, seat);
  if (!who) return;
  // Who comes back came when they first did.
  tx.run("INSERT INTO supporter_attendance (id, version, session, supporter, call_came_us) VALUES ($1, 1, $2, $3, $4) ON CONFLICT (session, supporter) DO "
         "UPDATE SET version = supporter_attendance.version + 1, call_came_us = COALESCE(supporter_attendance.call_came_us, $4), call_left_us = NULL",
         base::new_uuid(entropy, at), session, who->supporter, at);
  audit_of_call(tx, *who, at);
}

void note_supporter_left(store::Transaction& tx, const SessionId& session, std::int64_t seat, base::WallTime at) {
  const auto who = seated(tx, session, seat);
  if (!who) return;
  if (tx.run("UPDATE supporter_attendance SET version = version + 1, call_left_us = $3 WHERE session = $1 AND supporter = $2 AND call_came_us IS NOT NULL",
             session, who->supporter, at) == 1)
    audit_of_call(tx, *who, at);
}

std::vector<SupporterThere> supporters_at(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session) {
  std::vector<SupporterThere> out;
  auto rows = tx.query("SELECT c.id, c.seat, COALESCE(a.version, 0), c.kind, c.alias_sealed, m.id, m.person, a.mode, a.came_us, a.left_us, a.call_came_us, "
                       "a.call_left_us FROM session s JOIN membership m ON m.group_id = s.group_id JOIN supporter c ON c.membership = m.id "
                       "LEFT JOIN supporter_attendance a ON a.session = s.id AND a.supporter = c.id WHERE s.id = $1 AND (a.id IS NOT NULL OR "
                       "((c.until_us IS NULL OR c.until_us > s.starts_us) AND EXISTS (SELECT 1 FROM attendance x WHERE x.session = s.id AND "
                       "x.membership = m.id))) ORDER BY c.seat, c.id", session);
  while (rows.next()) {
    SupporterThere each{.supporter = rows.id<SupporterId>(0), .seat = rows.integer(1), .version = rows.integer(2), .kind = SupporterKind::carer,
                        .alias = keys.open_maybe(tx, kAlias, rows.text(0), rows, 4).value_or(base::Redacted<std::string>{}),
                        .membership = rows.id<MembershipId>(5), .person = rows.id<PersonId>(6), .mark = {}};
    for (const auto& [kind, name] : json_names(SupporterKind{}))
      if (rows.text(3) == name) each.kind = kind;
    if (!rows.null(7)) {
      each.mark.mode = parse_way(rows.text(7));
      each.mark.came = rows.maybe_time(8);
      each.mark.left = rows.maybe_time(9);
      each.mark.source = MarkedBy::staff;
    } else if (!rows.null(10)) {
      each.mark.mode = Way::video;
      each.mark.came = rows.maybe_time(10);
      each.mark.left = rows.maybe_time(11);
      each.mark.source = MarkedBy::call;
    }
    if (each.mark.mode) each.mark.outcome = Outcome::attended;
    out.push_back(std::move(each));
  }
  return out;
}

std::optional<Mark> seen_of_supporter(const Mark& before, Seen seen, base::WallTime at) {
  Mark after = before;
  switch (seen) {
    case Seen::in_person:
    case Seen::phone:
      after.source = MarkedBy::staff;
      after.outcome = Outcome::attended;
      after.mode = seen == Seen::in_person ? Way::in_person : Way::phone;
      if (!after.came) after.came = at;
      after.left = std::nullopt;
      break;
    case Seen::left:
      if (!is_beside(before)) return std::nullopt;
      after.left = at;
      break;
    case Seen::mistake:
      if (before.source != MarkedBy::staff) return std::nullopt;
      after = Mark{};  // what the call saw stands beside it
      break;
  }
  return before == after ? std::nullopt : std::optional(after);
}

Mark written_of_supporter(const Mark& before, std::optional<Way> way) {
  if (!way) return {};
  Mark after = before.source == MarkedBy::staff ? before : Mark{};
  after.source = MarkedBy::staff;
  after.outcome = Outcome::attended;
  after.mode = way;
  return after;
}

bool save_supporter_mark(store::Transaction& tx, base::Entropy& entropy, const SessionId& session, const SupporterThere& before, const Mark& after,
                         const StaffId& staff, base::WallTime at) {
  std::optional<std::string> mode;
  if (after.mode) mode = std::string(base::json::name_of(*after.mode));
  if (before.version == 0)
    return tx.run("INSERT INTO supporter_attendance (id, version, session, supporter, mode, came_us, left_us, staff) VALUES ($1, 1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT DO NOTHING", base::new_uuid(entropy, at), session, before.supporter, mode, after.came, after.left, staff) == 1;
  return tx.run("UPDATE supporter_attendance SET version = version + 1, mode = $3, came_us = $4, left_us = $5, staff = $6 WHERE session = $1 AND "
                "supporter = $2 AND version = $7", session, before.supporter, mode, after.came, after.left, staff, before.version) == 1;
}

}  // namespace care
