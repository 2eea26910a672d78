// SPDX-License-Identifier: Apache-2.0
// See person_break_glass_table.h.
#include "care/person_break_glass_table.h"

namespace care {
namespace {

constexpr store::Column kReasonNote{"reason_note.note"};  // as the desk seals it
constexpr std::string_view kColumns =
    "SELECT b.id, b.staff, b.person, b.reason, b.from_us, b.until_us, p.team, s.name, b.note, b.lead_seen_us "
    "FROM break_glass b JOIN person p ON p.id = b.person JOIN staff s ON s.id = b.staff ";

BrokenGlassRow row_of(const store::Rows& rows) {
  return {.grant = {.id = rows.id<BreakGlassId>(0), .staff = rows.id<StaffId>(1), .person = rows.id<PersonId>(2), .reason = rows.text(3),
                    .from = rows.time(4), .until = rows.time(5)},
          .team = rows.id<TeamId>(6),
          .staff_name = rows.text(7),
          .note = rows.text(8),
          .seen = rows.maybe_time(9)};
}

}  // namespace

std::string break_glass(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const BrokenGlass& grant,
                        const Personal& words) {
  std::string note = base::new_uuid(entropy, grant.from);
  tx.run("INSERT INTO reason_note (id, person, note_sealed, made_us) VALUES ($1, $2, $3, $4)", note, grant.person,
         keys.seal(kReasonNote, note, words), grant.from);
  tx.run("INSERT INTO break_glass (id, staff, person, reason, note, from_us, until_us, lead_told_us, lead_seen_us) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)",
         grant.id, grant.staff, grant.person, grant.reason, note, grant.from, grant.until);
  return note;
}

std::vector<BrokenGlassRow> broken_glass(store::Transaction& tx, const Searcher& by, bool unseen_alone, std::string_view before,
                                         std::int64_t limit) {
  store::Rows rows = tx.query(std::string(kColumns) +
                                  "WHERE b.id < $1 AND ($2 = 0 OR b.lead_seen_us IS NULL) AND ($3 = 1 OR $4 LIKE '%' || p.team || '%') "
                                  "ORDER BY b.id DESC LIMIT $5",
                              before.empty() ? std::string_view("g") : before,  // beyond every hexadecimal figure
                              unseen_alone, by.every_team, joined(by.teams), limit);
  std::vector<BrokenGlassRow> out;
  while (rows.next()) out.push_back(row_of(rows));
  return out;
}

std::optional<BrokenGlassRow> load_broken_glass(store::Transaction& tx, const BreakGlassId& id) {
  store::Rows rows = tx.query(std::string(kColumns) + "WHERE b.id = $1", id);
  return rows.next() ? std::optional(row_of(rows)) : std::nullopt;
}

Personal words_of_reason(store::Transaction& tx, const store::KeyRing& keys, std::string_view note) {
  store::Rows rows = tx.query("SELECT note_sealed FROM reason_note WHERE id = $1", note);
  return rows.next() ? keys.open(tx, kReasonNote, note, rows.bytes(0)) : Personal{};
}

void mark_seen(store::Transaction& tx, const BreakGlassId& id, base::WallTime now) {
  tx.run("UPDATE break_glass SET lead_seen_us = $2 WHERE id = $1 AND lead_seen_us IS NULL", id, now);
}

TeamContact team_contact(store::Transaction& tx, const TeamId& id) {
  store::Rows rows = tx.query("SELECT name, duty_number FROM team WHERE id = $1", id);
  return rows.next() ? TeamContact{.name = rows.text(0), .duty_number = rows.text(1)} : TeamContact{};
}

}  // namespace care
