// SPDX-License-Identifier: Apache-2.0
// See trust_clock_table.h.
#include "care/trust_clock_table.h"

namespace care {

Zone zone_or_utc(const std::string& name) { return Zone::find(name).value_or(*Zone::find("Etc/UTC")); }

Zone trust_zone(store::Transaction& tx) {
  auto rows = tx.query("SELECT zone FROM trust ORDER BY id LIMIT 1");
  return zone_or_utc(rows.next() ? rows.text(0) : std::string());
}

Date trust_day(store::Transaction& tx, base::WallTime now) {
  return std::chrono::sys_days(std::chrono::days(trust_zone(tx).shown_at(now).date.days));
}

}  // namespace care
