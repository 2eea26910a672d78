// SPDX-License-Identifier: Apache-2.0
// The audit trail: who read or changed what, when and why, as rows chained by hash, so that a row taken out, put in or changed
// later shows. A row holds ids and codes only, never a personal value; a reason in free text is a sealed row of its own that
// the audit row names. Not here: who must be audited (the route table), the viewer (care/audit_routes).
// Invariant: hash(n) = SHA-256(hash(n-1) | the row's canonical text). Any thread; one transaction a call.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "crypto/sealing.h"
#include "store/transaction.h"

namespace store {

struct AuditEntry {
  base::WallTime at;
  std::string actor_kind;    // "staff", "member", "supporter", "system"
  std::string actor;         // record id, or empty for the system
  std::string action;        // "read", "create", "change", "remove", "refused", "break-glass", …
  std::string data;          // the row of ACCESS.md ("identity", "attendance", …)
  std::string subject_kind;  // "person", "group", …
  std::string subject;       // record id
  std::string person;        // whose record it is, where it is somebody's; empty else
  std::string reason;        // a code, or empty
  std::string note;          // id of the sealed free text (reason_note), or empty
};

// Appends in order, in a write transaction, which the caller commits together with what the rows speak of.
void append_audit(Transaction& transaction, const std::vector<AuditEntry>& entries);

// Rows that have had their time go from the beginning alone: all up to `last`. The chain goes on from that row's hash, and an audit
// row of its own, which the caller gives what else to say (`entry`), names number and hash, so that a beginning taken off in any
// other way shows. Returns how many went.
std::int64_t cut_audit(Transaction& transaction, std::int64_t last, AuditEntry entry);

struct AuditVerdict {
  std::int64_t rows = 0;   // that are there
  std::int64_t start = 0;  // the number of the last row that went by cut_audit(); 0: none did
  std::optional<std::int64_t> first_wrong;  // its number; the number after the last where the end is missing
};
[[nodiscard]] AuditVerdict verify_audit(Transaction& transaction);
[[nodiscard]] std::string canonical_text(std::int64_t number, const AuditEntry& entry);

}  // namespace store
