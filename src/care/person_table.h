// SPDX-License-Identifier: Apache-2.0
// People in the database: names, numbers, contacts, preferences and characteristics sealed column by column, found again by
// person_search. A change of identity writes the search terms anew in the same transaction. Not here: rules (person.h, need.h),
// who may see whom (access.h). Invariant: no personal value reaches a column unsealed; decile and year are figures of a place.
// Thread rule: that of the transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "care/access.h"
#include "care/characteristics.h"
#include "care/need.h"
#include "care/person.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

struct Deprivation {
  std::int64_t decile = 0, year = 0;  // 1 is the most deprived
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("decile", &Deprivation::decile), field("year", &Deprivation::year));
  }
};

// Where the record belongs, and its version: what is asked before anything is opened.
struct PersonPlace {
  std::int64_t version = 0;
  TeamId team;
  Where where;  // their team, every group that they are or were a member of, and those groups' teams
};
[[nodiscard]] std::optional<PersonPlace> find_person(store::Transaction& tx, const PersonId& id);

[[nodiscard]] Identity load_identity(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id);
[[nodiscard]] Needs load_needs(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id);
[[nodiscard]] std::optional<Deprivation> load_deprivation(store::Transaction& tx, const PersonId& id);

struct ProtectedAnswers {
  std::int64_t version = 0;  // of the answers alone
  Characteristics said;
};
[[nodiscard]] std::optional<ProtectedAnswers> load_protected(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id);

// All of these take what settle() gave.
void insert_person(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PersonId& id, const TeamId& team,
                   const Identity& identity, const Needs& needs, base::WallTime now);
// False where `version` is no longer the record's: nothing was written.
[[nodiscard]] bool update_identity(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, std::int64_t version,
                                   const Identity& identity, base::WallTime now);
[[nodiscard]] bool update_needs(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PersonId& id,
                                std::int64_t version, const Needs& needs, base::WallTime now);
[[nodiscard]] bool update_protected(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, std::int64_t version,
                                    const Characteristics& said);

// Who else has this NHS number. `except` may be empty.
[[nodiscard]] bool nhs_number_taken(store::Transaction& tx, const store::KeyRing& keys, const Personal& number, const PersonId& except);
[[nodiscard]] bool team_exists(store::Transaction& tx, const TeamId& team);
// What a supporter is: "interpreter", "carer" or "advocate"; empty where there is none.
[[nodiscard]] std::string supporter_kind(store::Transaction& tx, const SupporterId& id);

}  // namespace care
