// SPDX-License-Identifier: Apache-2.0
// The daily run of retention_table.h: what was shown long enough ago goes, then what comes next is shown.
#include <algorithm>
#include <functional>

#include "care/access.h"
#include "care/legal_hold_table.h"
#include "care/record_removal_table.h"
#include "care/retention_sql_table.h"
#include "care/retention_table.h"
#include "store/audit_trail.h"

namespace care {
namespace {

store::AuditEntry removed(base::WallTime now, std::string_view data, std::string_view subject_kind, std::string subject, const PersonId& person) {
  return {.at = now, .actor_kind = "system", .actor = {}, .action = "remove", .data = std::string(data), .subject_kind = std::string(subject_kind),
          .subject = std::move(subject), .person = person.text, .reason = "retention", .note = {}};
}

struct Notice {
  std::string subject;
  base::WallTime goes, before;
};
std::vector<Notice> due_notices(store::Transaction& tx, Kept kind, base::WallTime now) {
  std::vector<Notice> out;
  auto rows = tx.query("SELECT subject, goes_us, before_us FROM retention_notice WHERE kind = $1 AND goes_us <= $2 ORDER BY goes_us, subject", to_text(kind), now);
  while (rows.next()) out.push_back({rows.text(0), rows.time(1), rows.time(2)});
  return out;
}
void drop_notice(store::Transaction& tx, Kept kind, std::string_view subject) {
  tx.run("DELETE FROM retention_notice WHERE kind = $1 AND subject = $2", to_text(kind), subject);
}
void add_notice(store::Transaction& tx, Kept kind, std::string_view subject, base::WallTime now, base::WallTime goes, base::WallTime before, std::int64_t items) {
  tx.run("INSERT INTO retention_notice (kind, subject, shown_us, goes_us, before_us, items) VALUES ($1, $2, $3, $4, $5, $6)", to_text(kind), subject, now,
         goes, before, items);
}

// The rows of the audit trail that a cut before `cutoff` takes: none that came later, none about whom or what is held.
std::int64_t last_to_cut(store::Transaction& tx, base::WallTime cutoff) {
  static const std::string kStays = "SELECT MIN(number) FROM audit WHERE at_us >= $1 OR person IN (" + held_people() + ") OR (subject_kind = 'group' AND subject IN (" +
                                    held_groups() + ")) OR (subject_kind = 'session' AND subject IN (SELECT id FROM session WHERE group_id IN (" +
                                    held_groups() + ")))";
  auto stays = tx.query(kStays, cutoff);
  if (stays.next() && !stays.null(0)) return stays.integer(0) - 1;
  auto all = tx.query("SELECT MAX(number) FROM audit");
  return all.next() && !all.null(0) ? all.integer(0) : 0;
}

// Kinds that go by age.
struct Older {
  Kept kind;
  std::string_view data;
  std::function<std::int64_t(store::Transaction&, base::WallTime)> count;
  std::function<void(store::Transaction&, base::WallTime cutoff, base::WallTime now)> remove;
};
std::vector<Older> older_kinds() {
  std::vector<Older> out;
  for (const OlderSql& sql : older_sql())
    out.push_back({.kind = sql.kind,
                   .data = sql.data,
                   .count = [&sql](store::Transaction& tx, base::WallTime cutoff) {
                     auto rows = tx.query(sql.count, cutoff);
                     return rows.next() ? rows.integer(0) : 0;
                   },
                   .remove = [&sql](store::Transaction& tx, base::WallTime cutoff, base::WallTime) {
                     for (const auto& each : sql.remove) tx.run(each, cutoff);
                   }});
  out.push_back({.kind = Kept::audit,
                 .data = "audit",
                 .count = [](store::Transaction& tx, base::WallTime cutoff) {
                   auto rows = tx.query("SELECT COUNT(*) FROM audit WHERE number <= $1", last_to_cut(tx, cutoff));
                   return rows.next() ? rows.integer(0) : 0;
                 },
                 .remove = [](store::Transaction& tx, base::WallTime cutoff, base::WallTime now) {
                   (void)store::cut_audit(tx, last_to_cut(tx, cutoff), removed(now, "audit", "", "", {}));
                 }});
  return out;
}

class Run {
 public:
  Run(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, base::WallTime now) : pool_(pool), keys_(keys), entropy_(entropy), now_(now) {}

  base::Result<RetentionReport, store::StoreError> all(bool again) {
    {
      const auto tx = pool_.read();
      if (!again && last_run_day(*tx) == day_text(now_)) return RetentionReport{.ran = false, .went = {}, .shown = {}};
      if (!tx->ok()) return std::unexpected(*tx->error());
    }
    for (const Older& kind : older_kinds())
      if (auto done = remove_older(kind); !done) return std::unexpected(done.error());
    for (const Kept kind : {Kept::people, Kept::groups})
      if (auto done = remove_records(kind); !done) return std::unexpected(done.error());
    if (auto done = show(); !done) return std::unexpected(done.error());
    return report_;
  }

 private:
  // The count goes into the run's own table, which the audit row names.
  void went(store::Transaction& tx, Kept kind, std::string_view data, std::int64_t items) {
    const std::string id = base::new_uuid(entropy_, now_);
    tx.run("INSERT INTO retention_run (id, kind, items, at_us) VALUES ($1, $2, $3, $4)", id, to_text(kind), items, now_);
    auto entry = removed(now_, data, to_text(kind), id, {});
    entry.reason = "retention-" + std::to_string(items);
    store::append_audit(tx, {std::move(entry)});
    report_.went.push_back({.at = now_, .kind = kind, .items = items});
  }

  base::Result<void, store::StoreError> remove_older(const Older& kind) {
    const auto tx = pool_.write();
    lock_retention(*tx);
    const Period period = load_periods(*tx)[kind.kind];
    std::int64_t items = 0;
    for (const Notice& n : due_notices(*tx, kind.kind, now_)) {
      drop_notice(*tx, kind.kind, n.subject);
      if (period.unit == KeptUnit::with_record) continue;
      // A period made longer since counts at once; one made shorter only as far as it was shown.
      const base::WallTime cutoff = std::min(n.before, before(now_, period));
      const std::int64_t here = kind.count(*tx, cutoff);
      if (here == 0) continue;
      kind.remove(*tx, cutoff, now_);
      items += here;
    }
    const std::size_t reported = report_.went.size();
    if (items > 0) went(*tx, kind.kind, kind.data, items);
    const auto done = tx->commit();
    if (!done) report_.went.resize(reported);
    return done;
  }

  // What is over and held by nobody at this moment; else what was shown of it is taken back.
  base::Result<bool, store::StoreError> remove_record(Kept kind, const std::string& id) {
    const auto tx = pool_.write();
    lock_retention(*tx);
    const Periods periods = load_periods(*tx);
    const bool person = kind == Kept::people;
    const auto ends = person ? person_ends(*tx, keys_, PersonId{id}, periods, now_) : group_ends(*tx, GroupId{id}, periods);
    const Held what{.person = person ? PersonId{id} : PersonId{}, .group = person ? GroupId{} : GroupId{id}};
    const auto shown = shown_to_go(*tx, kind, id);
    const bool goes = ends && *ends <= now_ && shown && *shown <= now_ && !is_held(*tx, what);
    if (goes) {
      person ? remove_person(*tx, what.person) : remove_group(*tx, what.group);
      store::append_audit(*tx, {removed(now_, to_text(person ? Data::identity : Data::group_plan), person ? "person" : "group", id, what.person)});
    } else {
      drop_notice(*tx, kind, id);
    }
    if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
    return goes;
  }

  base::Result<void, store::StoreError> remove_records(Kept kind) {
    std::vector<Notice> due;
    {
      const auto tx = pool_.read();
      due = due_notices(*tx, kind, now_);
      if (!tx->ok()) return std::unexpected(*tx->error());
    }
    std::int64_t items = 0;
    for (const Notice& n : due) {
      const auto gone = remove_record(kind, n.subject);
      if (!gone && gone.error() == store::StoreError::conflict) continue;  // somebody is at it now: tomorrow
      if (!gone) return std::unexpected(gone.error());
      items += *gone ? 1 : 0;
    }
    if (items == 0) return {};
    const auto tx = pool_.write();
    went(*tx, kind, to_text(kind == Kept::people ? Data::identity : Data::group_plan), items);
    return tx->commit();
  }

  // Records whose time is over within the time of showing, and of everything else what is older than the day on which it goes says.
  base::Result<void, store::StoreError> show() {
    const auto tx = pool_.write();
    lock_retention(*tx);
    const Periods periods = load_periods(*tx);
    const base::WallTime horizon = after(now_, periods[Kept::notice]);
    show_records(*tx, Kept::people, people_ending(*tx, keys_, periods, now_, horizon), periods);
    show_records(*tx, Kept::groups, groups_ending(*tx, periods, horizon), periods);
    for (const Older& kind : older_kinds())
      if (periods[kind.kind].unit != KeptUnit::with_record) show_older(*tx, kind, horizon, periods[kind.kind]);
    tx->run("UPDATE retention_state SET last_day = $1 WHERE id = 1", day_text(now_));
    return tx->commit();
  }

  void show_records(store::Transaction& tx, Kept kind, const std::vector<Ending>& ending, const Periods& periods) {
    std::vector<std::string> shown, stays;
    {
      auto rows = tx.query("SELECT subject FROM retention_notice WHERE kind = $1 ORDER BY subject", to_text(kind));
      while (rows.next()) shown.push_back(rows.text(0));
    }
    std::ranges::sort(shown);
    std::int64_t fresh = 0;
    for (const Ending& e : ending) {
      stays.push_back(e.id);
      if (std::ranges::binary_search(shown, e.id)) continue;
      add_notice(tx, kind, e.id, now_, goes_on(e.ends, now_, periods), {0}, 1);
      ++fresh;
    }
    std::ranges::sort(stays);
    // Back in use, held, or by longer periods no longer at its end.
    for (const auto& id : shown)
      if (!std::ranges::binary_search(stays, id)) drop_notice(tx, kind, id);
    if (fresh > 0) report_.shown.push_back({.day = day_text(after(now_, periods[Kept::notice])), .kind = kind, .items = fresh});
  }

  void show_older(store::Transaction& tx, const Older& kind, base::WallTime goes, const Period& period) {
    base::WallTime known{0};  // what earlier notices name
    {
      auto rows = tx.query("SELECT MAX(before_us) FROM retention_notice WHERE kind = $1", to_text(kind.kind));
      if (rows.next() && !rows.null(0)) known = base::WallTime{rows.integer(0)};
    }
    // Only what is there to be shown.
    const base::WallTime cutoff = std::min(before(goes, period), day_of(now_));
    if (cutoff <= known) return;
    const std::int64_t items = kind.count(tx, cutoff) - (known.us > 0 ? kind.count(tx, known) : 0);
    if (items <= 0) return;
    const std::string day = day_text(goes);
    drop_notice(tx, kind.kind, day);
    add_notice(tx, kind.kind, day, now_, goes, cutoff, items);
    report_.shown.push_back({.day = day, .kind = kind.kind, .items = items});
  }

  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  const base::WallTime now_;
  RetentionReport report_;
};

}  // namespace

base::Result<RetentionReport, store::StoreError> run_retention(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, base::WallTime now,
                                                               bool again) {
  return Run(pool, keys, entropy, now).all(again);
}

}  // namespace care
