// SPDX-License-Identifier: Apache-2.0
// Retention in the database: the trust's periods, what was shown and when it goes, and the daily run, which deletes what was shown
// long enough ago and shows what comes next. Not here: the periods' rules (retention.h), holds (legal_hold_table), the timer (app).
// Invariants: nothing is deleted but what a notice named, that is held by nobody and whose period is still over at that moment; each
// record goes in a transaction of its own, whole, with its audit row. Any thread; two runs at once do each thing once.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "care/actor.h"
#include "care/retention.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace care {

struct RuleRow {
  Kept kind = Kept::people;
  Period period;
  std::int64_t version = 0;  // 0: the program's own
  std::optional<base::WallTime> changed;
  std::string changed_by;    // name
};
[[nodiscard]] std::vector<RuleRow> retention_rules(store::Transaction& tx);
[[nodiscard]] Periods load_periods(store::Transaction& tx);
// False: changed since `version`.
[[nodiscard]] bool save_rule(store::Transaction& tx, Kept kind, std::int64_t version, const Period& period, const StaffId& by, base::WallTime now);

struct NoticeDay {
  std::string day;  // "2026-11-23"
  Kept kind = Kept::people;
  std::int64_t items = 0;
};
[[nodiscard]] std::vector<NoticeDay> notices_by_day(store::Transaction& tx);
struct WentRow {
  base::WallTime at;
  Kept kind = Kept::people;
  std::int64_t items = 0;
};
[[nodiscard]] std::vector<WentRow> went_lately(store::Transaction& tx, std::int64_t limit);
[[nodiscard]] std::string last_run_day(store::Transaction& tx);  // empty: none yet
[[nodiscard]] std::int64_t holds_standing(store::Transaction& tx);

// Records that were shown, soonest first, after `after` (what the last one gave as `sorted_by`). Of these teams; `every`: of all.
struct ShownRecord {
  Kept kind = Kept::people;  // or groups
  std::string id;
  TeamId team;
  base::WallTime goes;
  std::string sorted_by;
};
[[nodiscard]] std::vector<ShownRecord> records_shown(store::Transaction& tx, const std::vector<TeamId>& teams, bool every, std::string_view after,
                                                     std::int64_t limit);

// One record: when its time is over, by the periods as they are; nothing where it is still in use (a membership that stands, a group
// with somebody's record in it).
[[nodiscard]] std::optional<base::WallTime> person_ends(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const Periods& periods,
                                                        base::WallTime now);
[[nodiscard]] std::optional<base::WallTime> group_ends(store::Transaction& tx, const GroupId& id, const Periods& periods);
// Those whose time is over on `by` or before, in use or held by nobody.
struct Ending {
  std::string id;
  base::WallTime ends;
};
[[nodiscard]] std::vector<Ending> people_ending(store::Transaction& tx, const store::KeyRing& keys, const Periods& periods, base::WallTime now,
                                                base::WallTime by);
[[nodiscard]] std::vector<Ending> groups_ending(store::Transaction& tx, const Periods& periods, base::WallTime by);
[[nodiscard]] std::optional<base::WallTime> shown_to_go(store::Transaction& tx, Kept kind, std::string_view id);
// Nothing: take what was said away.
void save_death(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const std::optional<Personal>& date);
[[nodiscard]] std::optional<Personal> load_death(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id);

// What is over by tomorrow anyway: answers kept against repeats, passes, tries. Every hour.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_technical(store::Pool& pool, base::WallTime now);

struct RetentionReport {
  bool ran = true;               // false: there was a run today already
  std::vector<WentRow> went;     // a row a kind where any went
  std::vector<NoticeDay> shown;  // newly
};
// `again`: even where there was one today.
[[nodiscard]] base::Result<RetentionReport, store::StoreError> run_retention(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy,
                                                                             base::WallTime now, bool again);

}  // namespace care
