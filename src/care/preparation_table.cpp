// SPDX-License-Identifier: Apache-2.0
// See preparation_table.h.
#include "care/preparation_table.h"

#include "care/attendance_table.h"

namespace care {
namespace {

constexpr store::Column kRecord{"preparation.record"}, kConflict{"preparation.conflict"}, kAlias{"membership.alias"};
constexpr base::json::Limits kLimits{.bytes = std::size_t{1} << 20, .depth = 8};
constexpr std::string_view kCurrent = "('referred', 'waiting', 'prepared', 'joined')";

// What we sealed ourselves: where it is not understood, the database is damaged.
template <class T>
T opened(store::Transaction& tx, const store::KeyRing& keys, store::Column column, const MembershipId& id, base::Bytes sealed) {
  const auto text = keys.open(tx, column, id.text, sealed);
  auto value = base::json::read<T>(text.get(), base::json::Mode::tolerant, kLimits);
  if (!value) {
    tx.fail(store::StoreError::unavailable);
    return {};
  }
  return std::move(*value);
}

template <class T>
store::Sealed sealed(const store::KeyRing& keys, store::Column column, const MembershipId& id, const T& value) {
  return keys.seal(column, id.text, base::Redacted<std::string>(base::json::write(value)));
}

}  // namespace

Preparation load_preparation(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id) {
  auto rows = tx.query("SELECT version, record_sealed, conflict_sealed, finished_us FROM preparation WHERE membership = $1", id);
  if (!rows.next()) return {};
  Preparation out{.version = rows.integer(0), .record = {}, .conflict = {}, .finished = rows.maybe_time(3)};
  out.record = opened<PreparationRecord>(tx, keys, kRecord, id, rows.bytes(1));
  if (!rows.null(2)) out.conflict = opened<ConflictCheck>(tx, keys, kConflict, id, rows.bytes(2));
  return out;
}

std::optional<PreparationRecord> persons_own_record(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id) {
  auto rows = tx.query("SELECT record_sealed FROM preparation WHERE membership = $1", id);
  if (!rows.next()) return std::nullopt;
  auto record = opened<PreparationRecord>(tx, keys, kRecord, id, rows.bytes(0));
  std::erase_if(record.parts, [](const PartAnswer& p) { return p.part == Part::conflict; });
  return record;
}

std::vector<PreparationOfPerson> preparations_of(store::Transaction& tx, const PersonId& person) {
  auto rows = tx.query("SELECT p.membership, p.changed_us FROM preparation p JOIN membership m ON m.id = p.membership WHERE m.person = $1 "
                       "ORDER BY p.changed_us DESC, p.membership LIMIT 20", person);
  std::vector<PreparationOfPerson> out;
  while (rows.next()) out.push_back({.membership = rows.id<MembershipId>(0), .changed = rows.time(1)});
  return out;
}

bool save_preparation(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id, const Preparation& before,
                      const WantedPreparation& wanted, const StaffId& staff, base::WallTime now) {
  const auto record = sealed(keys, kRecord, id, wanted.record), conflict = sealed(keys, kConflict, id, wanted.conflict);
  const auto open = static_cast<std::int64_t>(missing_before_first(wanted.record).size());
  if (before.version == 0)
    return tx.run("INSERT INTO preparation (membership, version, record_sealed, conflict_sealed, open_parts, finished_us, changed_us, staff) "
                  "VALUES ($1, 1, $2, $3, $4, NULL, $5, $6)", id, record, conflict, open, now, staff) == 1;
  return tx.run("UPDATE preparation SET version = version + 1, record_sealed = $1, conflict_sealed = $2, open_parts = $3, changed_us = $4, "
                "staff = $5 WHERE membership = $6 AND version = $7", record, conflict, open, now, staff, id, before.version) == 1;
}

bool save_finished(store::Transaction& tx, const MembershipId& id, std::int64_t version, base::WallTime now) {
  return tx.run("UPDATE preparation SET version = version + 1, finished_us = $1, changed_us = $1 WHERE membership = $2 AND version = $3", now,
                id, version) == 1;
}

std::vector<ComingSession> coming_sessions(store::Transaction& tx, const GroupId& group, const MembershipId& membership, base::WallTime now) {
  auto rows = tx.query("SELECT s.id, s.number, s.local_date, s.local_time, a.planned FROM session s LEFT JOIN attendance a "
                       "ON a.session = s.id AND a.membership = $1 WHERE s.group_id = $2 AND s.state = 'planned' AND s.ends_us > $3 "
                       "ORDER BY s.starts_us, s.id", membership, group, now);
  std::vector<ComingSession> out;
  while (rows.next()) {
    ComingSession each{.id = rows.id<SessionId>(0), .number = rows.integer(1), .date = rows.text(2), .time = rows.text(3), .way = {}};
    if (!rows.null(4)) each.way.value = parse_way(rows.text(4));
    out.push_back(std::move(each));
  }
  return out;
}

void plan_session(store::Transaction& tx, base::Entropy& entropy, const MembershipId& membership, const PlannedWay& planned,
                  base::WallTime now) {
  std::optional<std::string_view> way;
  if (planned.way.value) way = base::json::name_of(*planned.way.value);
  if (tx.run("UPDATE attendance SET version = version + 1, planned = $1 WHERE session = $2 AND membership = $3", way, planned.session,
             membership) > 0 || !way)
    return;
  tx.run("INSERT INTO attendance (id, version, session, membership, planned, mode, outcome, late, left_early, changed_mode, came_us, "
         "left_us, source) VALUES ($1, 1, $2, $3, $4, NULL, 'expected', 0, 0, 0, NULL, NULL, 'plan')",
         base::new_uuid(entropy, now), planned.session, membership, way);
}

std::string not_prepared_sql(std::string_view group) {
  return "(SELECT COUNT(*) FROM membership pm LEFT JOIN preparation pp ON pp.membership = pm.id WHERE pm.group_id = " + std::string(group) +
         " AND pm.state IN " + std::string(kCurrent) + " AND (pp.membership IS NULL OR pp.open_parts > 0))";
}

std::int64_t count_not_prepared(store::Transaction& tx, const GroupId& group) {
  auto rows = tx.query("SELECT " + not_prepared_sql("$1"), group);
  return rows.next() ? rows.integer(0) : 0;
}

std::vector<Readiness> readiness_of(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group, base::WallTime now) {
  std::vector<Readiness> out;
  {
    auto rows = tx.query("SELECT m.id, m.state, m.person, m.alias_sealed, p.record_sealed, p.finished_us FROM membership m "
                         "LEFT JOIN preparation p ON p.membership = m.id WHERE m.group_id = $1 AND m.state IN " + std::string(kCurrent) +
                         " ORDER BY m.seat", group);
    while (rows.next()) {
      Readiness each{.membership = rows.id<MembershipId>(0), .state = parse_membership_state(rows.text(1)), .alias = {}, .name = {},
                     .missing = {}, .declined = {}, .ways_not_said = 0, .finished = !rows.null(5), .person = rows.id<PersonId>(2)};
      if (auto alias = keys.open_maybe(tx, kAlias, each.membership.text, rows, 3)) each.alias = std::move(*alias);
      PreparationRecord record;
      if (!rows.null(4)) record = opened<PreparationRecord>(tx, keys, kRecord, each.membership, rows.bytes(4));
      each.missing = missing_before_first(record);
      for (const auto& p : record.parts)
        if (p.state == PartState::declined) each.declined.push_back(p.part);
      out.push_back(std::move(each));
    }
  }
  auto rows = tx.query("SELECT m.id, COUNT(s.id) FROM membership m JOIN therapy_group g ON g.id = m.group_id JOIN session s ON s.group_id = g.id LEFT JOIN attendance a "
                       "ON a.session = s.id AND a.membership = m.id WHERE m.group_id = $1 AND s.state = 'planned' AND s.ends_us > $2 "
                       "AND " + way_not_said_sql() + " GROUP BY m.id", group, now);
  while (rows.next())
    for (auto& each : out)
      if (each.membership.text == rows.text(0)) each.ways_not_said = rows.integer(1);
  return out;
}

}  // namespace care
