// SPDX-License-Identifier: Apache-2.0
// See audit_table.h.
#include "care/audit_table.h"

#include <limits>

namespace care {

std::vector<AuditRow> audit_rows(store::Transaction& t, const AuditQuery& q) {
  std::string sql =
      "SELECT a.number, a.at_us, a.actor_kind, a.actor, a.action, a.data, a.subject_kind, a.subject, a.person, a.reason, a.note, s.name "
      "FROM audit a LEFT JOIN staff s ON s.id = a.actor WHERE a.number < $1";
  // Each parameter is named where it is used, so that an index serves the one that is asked for.
  sql += q.person.empty() ? " AND $3 = ''" : " AND a.person = $3";
  sql += q.actor.empty() ? " AND $4 = ''" : " AND a.actor = $4";
  sql += q.data.empty() ? " AND $5 = ''" : " AND a.data = $5";
  sql += q.until.us == 0 ? " AND $6 = 0" : " AND a.at_us < $6";
  if (q.safety_only) sql += " AND a.data IN ('incidents', 'hazard-log')";
  sql += " ORDER BY a.number DESC LIMIT $2";
  store::Rows rows = t.query(sql, q.before > 0 ? q.before : std::numeric_limits<std::int64_t>::max(), q.limit, q.person, q.actor, q.data, q.until);
  std::vector<AuditRow> out;
  while (rows.next())
    out.push_back({.number = rows.integer(0),
                   .entry = {.at = rows.time(1), .actor_kind = rows.text(2), .actor = rows.text(3), .action = rows.text(4), .data = rows.text(5),
                             .subject_kind = rows.text(6), .subject = rows.text(7), .person = rows.text(8), .reason = rows.text(9), .note = rows.text(10)},
                   .actor_name = rows.maybe_text(11).value_or("")});
  return out;
}

}  // namespace care
