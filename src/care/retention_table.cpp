// SPDX-License-Identifier: Apache-2.0
// See retention_table.h. The daily run is retention_run_table.cpp.
#include "care/retention_table.h"

#include <algorithm>
#include <cstdlib>

#include "care/legal_hold_table.h"
#include "care/person_search_table.h"

namespace care {
namespace {

constexpr Period kSlack{.amount = 5, .unit = KeptUnit::days};  // months are not all as long; the exact day is asked after
constexpr store::Column kDied{"person.died"}, kBorn{"person.birth_date"};

// The last sign of a person that stays as long as the record itself; a session counts whether they came or not.
const std::string kLastContact =
    "(SELECT MAX(t) FROM (SELECT p.changed_us AS t UNION ALL SELECT c.changed_us FROM membership c WHERE c.person = p.id "
    "UNION ALL SELECT w.at_us FROM membership c JOIN membership_step w ON w.membership = c.id WHERE c.person = p.id "
    "UNION ALL SELECT r.changed_us FROM membership c JOIN preparation r ON r.membership = c.id WHERE c.person = p.id "
    "UNION ALL SELECT y.at_us FROM membership c JOIN agreement_acceptance y ON y.membership = c.id WHERE c.person = p.id "
    "UNION ALL SELECT v.raised_us FROM membership c JOIN safety_alert v ON v.membership = c.id WHERE c.person = p.id "
    "UNION ALL SELECT e.ends_us FROM membership c JOIN attendance a ON a.membership = c.id JOIN session e ON e.id = a.session "
    "WHERE c.person = p.id AND e.ends_us < $1) AS signs)";
const std::string kAtRest = "NOT EXISTS (SELECT 1 FROM membership o WHERE o.person = p.id AND o.state IN ('referred', 'waiting', 'prepared', 'joined'))";

constexpr std::string_view kGroupEnds =
    "SELECT g.id, COALESCE((SELECT MAX(e.ends_us) FROM session e WHERE e.group_id = g.id), 0), g.made_us, COALESCE(g.closed_us, 0) FROM therapy_group g "
    "WHERE NOT EXISTS (SELECT 1 FROM membership m WHERE m.group_id = g.id) AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.moved_to = g.id) ";

std::optional<Date> date_in(const std::optional<Personal>& text) { return text ? parse_date(text->get()) : std::nullopt; }

LastKnown known_of(store::Transaction& tx, const store::KeyRing& keys, const store::Rows& rows) {
  const std::string id = rows.text(0);
  return {.contact = rows.time(1), .born = date_in(keys.open_maybe(tx, kBorn, id, rows, 2)), .died = date_in(keys.open_maybe(tx, kDied, id, rows, 3))};
}
std::optional<KeptUnit> parse_unit(std::string_view text) {
  for (const auto& [unit, name] : json_names(KeptUnit{}))
    if (name == text) return unit;
  return std::nullopt;
}
base::WallTime group_ends_at(const store::Rows& rows, const Periods& periods) {
  return after({std::max({rows.integer(1), rows.integer(2), rows.integer(3)})}, periods[Kept::groups]);
}

}  // namespace

std::vector<RuleRow> retention_rules(store::Transaction& tx) {
  std::vector<RuleRow> out;
  for (const auto& k : kept_kinds()) out.push_back({.kind = k.kind, .period = k.standard, .version = 0, .changed = {}, .changed_by = {}});
  auto rows = tx.query("SELECT r.kind, r.amount, r.unit, r.version, r.changed_us, s.name FROM retention_rule r JOIN staff s ON s.id = r.staff");
  while (rows.next()) {
    const auto kind = parse_kept(rows.text(0));
    const auto unit = parse_unit(rows.text(2));
    if (!kind || !unit) continue;  // of a later program
    out[static_cast<std::size_t>(*kind)] = {.kind = *kind, .period = {rows.integer(1), *unit}, .version = rows.integer(3), .changed = rows.time(4),
                                            .changed_by = rows.text(5)};
  }
  return out;
}

Periods load_periods(store::Transaction& tx) {
  Periods out;
  for (const auto& r : retention_rules(tx)) out[r.kind] = r.period;
  return out;
}

bool save_rule(store::Transaction& tx, Kept kind, std::int64_t version, const Period& period, const StaffId& by, base::WallTime now) {
  const auto unit = base::json::name_of(period.unit);
  if (version == 0)
    return tx.run("INSERT INTO retention_rule (kind, version, amount, unit, changed_us, staff) VALUES ($1, 1, $2, $3, $4, $5) ON CONFLICT (kind) DO NOTHING",
                  to_text(kind), period.amount, unit, now, by) == 1;
  return tx.run("UPDATE retention_rule SET version = version + 1, amount = $2, unit = $3, changed_us = $4, staff = $5 WHERE kind = $1 AND version = $6",
                to_text(kind), period.amount, unit, now, by, version) == 1;
}

std::vector<NoticeDay> notices_by_day(store::Transaction& tx) {
  std::vector<NoticeDay> out;
  auto rows = tx.query("SELECT goes_us, kind, CAST(SUM(items) AS BIGINT) FROM retention_notice GROUP BY goes_us, kind ORDER BY goes_us, kind");
  while (rows.next())
    if (const auto kind = parse_kept(rows.text(1))) out.push_back({.day = day_text(base::WallTime{rows.integer(0)}), .kind = *kind, .items = rows.integer(2)});
  return out;
}

std::vector<WentRow> went_lately(store::Transaction& tx, std::int64_t limit) {
  std::vector<WentRow> out;
  auto rows = tx.query("SELECT at_us, kind, items FROM retention_run ORDER BY at_us DESC, id DESC LIMIT $1", limit);
  while (rows.next())
    if (const auto kind = parse_kept(rows.text(1))) out.push_back({.at = base::WallTime{rows.integer(0)}, .kind = *kind, .items = rows.integer(2)});
  return out;
}

std::string last_run_day(store::Transaction& tx) {
  auto rows = tx.query("SELECT last_day FROM retention_state WHERE id = 1");
  return rows.next() ? rows.text(0) : "";
}
std::int64_t holds_standing(store::Transaction& tx) {
  auto rows = tx.query("SELECT COUNT(*) FROM legal_hold WHERE lifted_us IS NULL");
  return rows.next() ? rows.integer(0) : 0;
}

std::vector<ShownRecord> records_shown(store::Transaction& tx, const std::vector<TeamId>& teams, bool every, std::string_view after,
                                       std::int64_t limit) {
  std::vector<ShownRecord> out;
  std::int64_t day = 0;
  std::string id;
  if (const auto bar = after.find('|'); bar != std::string_view::npos) {
    day = std::atoll(std::string(after.substr(0, bar)).c_str());
    id = after.substr(bar + 1);
  }
  auto rows = tx.query("SELECT n.kind, n.subject, COALESCE(p.team, g.team), n.goes_us FROM retention_notice n "
                       "LEFT JOIN person p ON n.kind = 'people' AND p.id = n.subject LEFT JOIN therapy_group g ON n.kind = 'groups' AND g.id = n.subject "
                       "WHERE n.kind IN ('people', 'groups') AND (n.goes_us > $1 OR (n.goes_us = $1 AND n.subject > $2)) "
                       "AND ($3 = 1 OR $4 LIKE '%' || COALESCE(p.team, g.team) || '%') ORDER BY n.goes_us, n.subject LIMIT $5",
                       day, id, every ? 1 : 0, joined(teams), limit);
  while (rows.next()) {
    const auto kind = parse_kept(rows.text(0));
    out.push_back({.kind = kind.value_or(Kept::people), .id = rows.text(1), .team = rows.id<TeamId>(2), .goes = rows.time(3),
                   .sorted_by = std::to_string(rows.integer(3)) + "|" + rows.text(1)});
  }
  return out;
}

std::optional<base::WallTime> person_ends(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const Periods& periods,
                                          base::WallTime now) {
  auto rows = tx.query("SELECT p.id, " + kLastContact + ", p.birth_date_sealed, p.died_sealed FROM person p WHERE p.id = $2 AND " + kAtRest, now, id);
  if (!rows.next()) return std::nullopt;
  return record_ends(known_of(tx, keys, rows), periods);
}
std::optional<base::WallTime> group_ends(store::Transaction& tx, const GroupId& id, const Periods& periods) {
  auto rows = tx.query(std::string(kGroupEnds) + "AND g.id = $1", id);
  return rows.next() ? std::optional(group_ends_at(rows, periods)) : std::nullopt;
}

std::vector<Ending> people_ending(store::Transaction& tx, const store::KeyRing& keys, const Periods& periods, base::WallTime now, base::WallTime by) {
  std::vector<Ending> out;
  // Whoever died may go sooner, so they are all looked at; of the others those whose last contact is long enough ago.
  auto rows = tx.query("SELECT id, last, birth_date_sealed, died_sealed FROM (SELECT p.id AS id, " + kLastContact +
                       " AS last, p.birth_date_sealed, p.died_sealed FROM person p WHERE " + kAtRest + " AND p.id NOT IN (" + held_people() +
                       ")) AS resting WHERE last < $2 OR died_sealed IS NOT NULL ORDER BY id", now, before(after(by, kSlack), periods[Kept::people]));
  while (rows.next())
    if (const auto ends = record_ends(known_of(tx, keys, rows), periods); ends <= by) out.push_back({rows.text(0), ends});
  return out;
}
std::vector<Ending> groups_ending(store::Transaction& tx, const Periods& periods, base::WallTime by) {
  std::vector<Ending> out;
  auto rows = tx.query(std::string(kGroupEnds) + "AND g.id NOT IN (" + held_groups() + ") ORDER BY g.id");
  while (rows.next())
    if (const auto ends = group_ends_at(rows, periods); ends <= by) out.push_back({rows.text(0), ends});
  return out;
}

std::optional<base::WallTime> shown_to_go(store::Transaction& tx, Kept kind, std::string_view id) {
  auto rows = tx.query("SELECT goes_us FROM retention_notice WHERE kind = $1 AND subject = $2", to_text(kind), id);
  return rows.next() ? std::optional(base::WallTime{rows.integer(0)}) : std::nullopt;
}

void save_death(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const std::optional<Personal>& date) {
  const std::optional<store::Sealed> sealed = date ? std::optional(keys.seal(kDied, id.text, *date)) : std::nullopt;
  tx.run("UPDATE person SET died_sealed = $2 WHERE id = $1", id, sealed);
}
std::optional<Personal> load_death(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id) {
  auto rows = tx.query("SELECT died_sealed FROM person WHERE id = $1", id);
  return rows.next() ? keys.open_maybe(tx, kDied, id.text, rows, 0) : std::nullopt;
}

base::Result<std::int64_t, store::StoreError> forget_technical(store::Pool& pool, base::WallTime now) {
  const auto tx = pool.write();
  const base::WallTime yesterday{now.us - std::int64_t{24} * 3'600 * 1'000'000};
  std::int64_t gone = tx->run("DELETE FROM sign_in_tries WHERE last_us < $1", yesterday);
  for (const char* sql : {"DELETE FROM idempotency WHERE until_us <= $1", "DELETE FROM seat_pass WHERE until_us <= $1", "DELETE FROM link_visit WHERE until_us <= $1", "DELETE FROM provider_start WHERE until_us <= $1"})
    gone += tx->run(sql, now);
  if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
  return gone;
}

}  // namespace care
