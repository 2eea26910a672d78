// SPDX-License-Identifier: Apache-2.0
// SQL of the audit trail as it is looked at: newest first, of everything, of safety's data, of one person's record or of one
// actor. Not here: writing and verifying it (store/audit_trail), who may look (audit_routes). A transaction's thread.
#pragma once
#include <string>
#include <vector>

#include "care/actor.h"
#include "store/audit_trail.h"

namespace care {

struct AuditRow {
  std::int64_t number = 0;
  store::AuditEntry entry;
  std::string actor_name;  // of staff; empty else
};
struct AuditQuery {
  std::string person, actor;  // ids; empty: any
  std::string data;           // a row of docs/access.md; empty: any
  base::WallTime until;       // rows before this moment; 0: up to now
  bool safety_only = false;
  std::int64_t before = 0;    // rows with smaller numbers; 0: from the newest
  std::int64_t limit = 50;
};
[[nodiscard]] std::vector<AuditRow> audit_rows(store::Transaction&, const AuditQuery&);

}  // namespace care
