// SPDX-License-Identifier: Apache-2.0
// See legal_hold_table.h.
#include "care/legal_hold_table.h"

namespace care {
namespace {

constexpr store::Column kNote{"legal_hold.note"}, kLiftNote{"legal_hold.lift_note"};

std::optional<PersonId> person_of(const Held& h) { return h.person.empty() ? std::nullopt : std::optional(h.person); }
std::optional<GroupId> group_of(const Held& h) { return h.group.empty() ? std::nullopt : std::optional(h.group); }
std::string_view column_of(const Held& h) { return h.person.empty() ? "group_id" : "person"; }
const std::string& id_of(const Held& h) { return h.person.empty() ? h.group.text : h.person.text; }

// A hold begins the time of showing anew for all that it keeps.
void drop_notices(store::Transaction& tx, const Held& what) {
  tx.run("DELETE FROM retention_notice WHERE subject = $1", id_of(what));
  if (!what.group.empty())
    tx.run("DELETE FROM retention_notice WHERE kind = 'people' AND subject IN (SELECT person FROM membership WHERE group_id = $1)", what.group);
}

}  // namespace

void lock_retention(store::Transaction& tx) {
  tx.run("INSERT INTO retention_state (id, last_day) VALUES (1, '') ON CONFLICT (id) DO UPDATE SET id = 1");
}

std::vector<Hold> holds_of(store::Transaction& tx, const store::KeyRing& keys, const Held& what) {
  std::vector<Hold> out;
  auto rows = tx.query("SELECT h.id, h.reason, h.note_sealed, h.set_us, s.name, h.lifted_us, l.name, h.lift_note_sealed FROM legal_hold h "
                       "JOIN staff s ON s.id = h.set_by LEFT JOIN staff l ON l.id = h.lifted_by WHERE h." + std::string(column_of(what)) +
                       " = $1 ORDER BY h.set_us DESC, h.id DESC", id_of(what));
  while (rows.next()) {
    Hold h{.id = rows.id<HoldId>(0), .reason = rows.text(1), .note = {}, .set = rows.time(3), .set_by = rows.text(4),
           .lifted = rows.maybe_time(5), .lifted_by = rows.maybe_text(6).value_or(""), .lift_note = {}};
    h.note = keys.open(tx, kNote, h.id.text, rows.bytes(2));
    h.lift_note = keys.open_maybe(tx, kLiftNote, h.id.text, rows, 7).value_or(Personal{});
    out.push_back(std::move(h));
  }
  return out;
}

bool is_held(store::Transaction& tx, const Held& what) {
  if (what.person.empty()) return tx.query("SELECT 1 FROM therapy_group WHERE id = $1 AND id IN (" + held_groups() + ")", what.group).next();
  return tx.query("SELECT 1 FROM person WHERE id = $1 AND id IN (" + held_people() + ")", what.person).next();
}

std::vector<HoldingGroup> groups_that_hold(store::Transaction& tx, const PersonId& person) {
  std::vector<HoldingGroup> out;
  auto rows = tx.query("SELECT DISTINCT g.id, g.name FROM legal_hold h JOIN membership m ON m.group_id = h.group_id "
                       "JOIN therapy_group g ON g.id = h.group_id WHERE h.lifted_us IS NULL AND m.person = $1 ORDER BY g.name, g.id", person);
  while (rows.next()) out.push_back({rows.id<GroupId>(0), rows.text(1)});
  return out;
}

bool set_hold(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Held& what, std::string_view reason,
              const Personal& note, const StaffId& by, base::WallTime now) {
  lock_retention(tx);
  if (tx.query("SELECT 1 FROM legal_hold WHERE " + std::string(column_of(what)) + " = $1 AND lifted_us IS NULL", id_of(what)).next()) return false;
  const std::string id = base::new_uuid(entropy, now);
  tx.run("INSERT INTO legal_hold (id, person, group_id, reason, note_sealed, set_us, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
         person_of(what), group_of(what), reason, keys.seal(kNote, id, note), now, by);
  drop_notices(tx, what);
  return tx.ok();
}

bool lift_hold(store::Transaction& tx, const store::KeyRing& keys, const Held& what, const Personal& note, const StaffId& by,
               base::WallTime now) {
  lock_retention(tx);
  std::string id;
  {
    auto rows = tx.query("SELECT id FROM legal_hold WHERE " + std::string(column_of(what)) + " = $1 AND lifted_us IS NULL", id_of(what));
    if (!rows.next()) return false;
    id = rows.text(0);
  }
  // What was counted while it was held back did not count this: all of it is shown anew.
  tx.run("DELETE FROM retention_notice WHERE kind NOT IN ('people', 'groups')");
  return tx.run("UPDATE legal_hold SET lifted_us = $2, lifted_by = $3, lift_note_sealed = $4 WHERE id = $1 AND lifted_us IS NULL", id, now, by,
                keys.seal(kLiftNote, id, note)) == 1;
}

const std::string& held_people() {
  static const std::string sql =
      "SELECT hp.person FROM legal_hold hp WHERE hp.lifted_us IS NULL AND hp.person IS NOT NULL UNION "
      "SELECT hm.person FROM legal_hold hg JOIN membership hm ON hm.group_id = hg.group_id WHERE hg.lifted_us IS NULL";
  return sql;
}
const std::string& held_memberships() {
  static const std::string sql = "SELECT ho.id FROM membership ho WHERE ho.person IN (" + held_people() + ")";
  return sql;
}
// A group's own hold, and that of anybody whose membership is still there: the register stands by its sessions.
const std::string& held_groups() {
  static const std::string sql = "SELECT hq.group_id FROM legal_hold hq WHERE hq.lifted_us IS NULL AND hq.group_id IS NOT NULL";
  return sql;
}

}  // namespace care
