// SPDX-License-Identifier: Apache-2.0
// Everything of one person out of the database, area by area, and the names of the others from their groups, which the copy masks.
// Not here: the files (person_export). Invariant: every query stands on the person's id, their memberships or what hangs on those; a
// new table that refers to a person fails the test until tables_exported() names it. One thread a transaction.
#pragma once
#include <optional>

#include "care/actor.h"
#include "interop/person_export.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace interop {

// The copy as one ZIP; nothing where there is no such person, or where the transaction failed.
[[nodiscard]] std::optional<base::Redacted<std::string>> export_person(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& id,
                                                                       base::WallTime now);

}  // namespace interop
