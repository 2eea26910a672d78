// SPDX-License-Identifier: Apache-2.0
// The day that it is where the trust is: by it a date is in the past, since whoever enters it looks at that clock. Not here: a group's
// own zone, by which its sessions are planned (series.h). A transaction's thread.
#pragma once
#include "care/person.h"
#include "care/zone.h"
#include "store/transaction.h"

namespace care {

[[nodiscard]] Zone zone_or_utc(const std::string& name);
[[nodiscard]] Zone trust_zone(store::Transaction& tx);
[[nodiscard]] Date trust_day(store::Transaction& tx, base::WallTime now);

}  // namespace care
