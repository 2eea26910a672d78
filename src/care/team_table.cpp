// SPDX-License-Identifier: Apache-2.0
// See team_table.h.
#include "care/team_table.h"

#include <map>

namespace care {
namespace {

void add_standings(store::Transaction& tx, std::vector<StaffRow>& to, base::WallTime now) {
  for (StaffRow& row : to) {
    auto rows = tx.query("SELECT role, team FROM staff_role WHERE staff = $1 AND from_us <= $2 AND (until_us IS NULL OR until_us > $2) ORDER BY role, team",
                         row.id, now);
    while (rows.next()) row.standings.push_back({rows.text(0), {rows.null(1) ? std::nullopt : std::optional(rows.id<TeamId>(1))}});
  }
}

}  // namespace

std::vector<TeamRow> list_teams(store::Transaction& tx, const GroupReach& reach, const TeamFilter& filter) {
  std::vector<TeamRow> out;
  if (reach.nothing()) return out;
  auto rows = query_in_teams(tx,
                             "SELECT t.id, t.version, t.name, v.id, v.name, CASE WHEN t.duty_number = '' THEN r.duty_number ELSE t.duty_number END, t.closed_us "
                             "FROM team t JOIN service v ON v.id = t.service JOIN trust r ON r.id = v.trust "
                             "WHERE {reach} AND (t.name, t.id) > ($1, $2) AND ($3 = 1 OR t.closed_us IS NULL) ORDER BY t.name, t.id LIMIT $4",
                             "t.id", reach, filter.after_name, filter.after_id, filter.closed, filter.limit);
  while (rows.next())
    out.push_back({rows.id<TeamId>(0), rows.integer(1), rows.text(2), {rows.id<ServiceId>(3), rows.text(4)}, rows.text(5), !rows.null(6)});
  return out;
}

std::vector<StaffRow> list_staff(store::Transaction& tx, const GroupReach& reach, const StaffFilter& filter, base::WallTime now) {
  std::vector<StaffRow> out;
  if (reach.nothing()) return out;
  // Whoever reaches all of them sees those without any role, too.
  const std::string of_teams = reach.all ? "" : " AND s.id IN (SELECT r.staff FROM staff_role r WHERE r.from_us <= $5 AND "
                                                "(r.until_us IS NULL OR r.until_us > $5) AND {reach})";
  std::string sql = "SELECT s.id, s.version, s.name, s.email, s.active FROM staff s WHERE (s.name, s.id) > ($1, $2) AND ($3 = '' OR s.id IN "
                    "(SELECT o.staff FROM staff_role o WHERE o.team = $3 AND o.from_us <= $5 AND (o.until_us IS NULL OR o.until_us > $5)))" +
                    of_teams + " ORDER BY s.name, s.id LIMIT $4";
  {
    auto rows = query_in_teams(tx, std::move(sql), "r.team", reach, filter.after_name, filter.after_id, filter.team, filter.limit, now);
    while (rows.next())
      out.push_back({.id = rows.id<StaffId>(0), .version = rows.integer(1), .name = rows.text(2), .email = rows.text(3), .active = rows.flag(4), .standings = {}});
  }
  add_standings(tx, out, now);
  return out;
}

std::vector<ColleagueRow> list_colleagues(store::Transaction& tx, const TeamId& team, const std::string& after_name, const std::string& after_id,
                                          std::int64_t limit, base::WallTime now) {
  auto rows = tx.query("SELECT s.id, s.name FROM staff s WHERE s.active = 1 AND (s.name, s.id) > ($1, $2) AND EXISTS (SELECT 1 FROM staff_role r WHERE "
                       "r.staff = s.id AND r.role = 'facilitator' AND (r.team IS NULL OR r.team = $3) AND r.from_us <= $4 AND "
                       "(r.until_us IS NULL OR r.until_us > $4)) ORDER BY s.name, s.id LIMIT $5", after_name, after_id, team, now, limit);
  std::vector<ColleagueRow> out;
  while (rows.next()) out.push_back({rows.id<StaffId>(0), rows.text(1)});
  return out;
}

}  // namespace care
