// SPDX-License-Identifier: Apache-2.0
// Break-glass in the database: who opened whose record outside their reach, why, until when, and whether a lead of the person's
// team was told and has looked at it. The words of the reason are a sealed row of their own, which the audit trail names. Not here:
// that a grant opens anything (the sign-in loads Actor::opened, access.h reads it). Thread rule: that of the transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "care/actor.h"
#include "care/person_contact.h"
#include "care/person_search_table.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

using BreakGlassId = base::RecordId<struct BreakGlassTag>;

struct BrokenGlass {
  BreakGlassId id;
  StaffId staff;
  PersonId person;
  std::string reason;  // a code
  base::WallTime from, until;
};
// Saves the grant and its words; returns the id of the words (reason_note), which the audit row names. lead_told_us stays NULL
// until a message has gone.
[[nodiscard]] std::string break_glass(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const BrokenGlass& grant,
                                      const Personal& words);

struct BrokenGlassRow {
  BrokenGlass grant;
  TeamId team;  // the person's
  std::string staff_name;
  std::string note;  // id of the words
  std::optional<base::WallTime> seen;
};
// Of people whose team is led, the latest first, after `before` (empty: from the latest).
[[nodiscard]] std::vector<BrokenGlassRow> broken_glass(store::Transaction& tx, const Searcher& by, bool unseen_alone,
                                                       std::string_view before, std::int64_t limit);
[[nodiscard]] std::optional<BrokenGlassRow> load_broken_glass(store::Transaction& tx, const BreakGlassId& id);
[[nodiscard]] Personal words_of_reason(store::Transaction& tx, const store::KeyRing& keys, std::string_view note);
// The first look counts.
void mark_seen(store::Transaction& tx, const BreakGlassId& id, base::WallTime now);

struct TeamContact {
  std::string name, duty_number;
};
[[nodiscard]] TeamContact team_contact(store::Transaction& tx, const TeamId& id);

}  // namespace care
