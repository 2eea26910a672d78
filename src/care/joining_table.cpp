// SPDX-License-Identifier: Apache-2.0
// See joining_table.h.
#include "care/joining_table.h"

namespace care {

Joining load_joining(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session) {
  auto rows = tx.query("SELECT version, address_sealed FROM session_joining WHERE session = $1", session);
  if (!rows.next()) return {};
  return {.version = rows.integer(0), .address = keys.open_maybe(tx, kJoiningAddress, session.text, rows, 1).value_or(base::Redacted<std::string>{})};
}

bool save_joining(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session, std::int64_t version,
                  const base::Redacted<std::string>& address, const StaffId& staff, base::WallTime now) {
  std::optional<store::Sealed> sealed;
  if (!address.get().empty()) sealed = keys.seal(kJoiningAddress, session.text, address);
  if (version == 0)
    return tx.run("INSERT INTO session_joining (session, version, address_sealed, staff, set_us) VALUES ($1, 1, $2, $3, $4) ON CONFLICT DO NOTHING", session,
                  sealed, staff, now) == 1;
  return tx.run("UPDATE session_joining SET version = version + 1, address_sealed = $3, staff = $4, set_us = $5 WHERE session = $1 AND version = $2", session,
                version, sealed, staff, now) == 1;
}

void drop_joining(store::Transaction& tx, base::WallTime ended_by) {
  tx.run("DELETE FROM session_joining WHERE session IN (SELECT id FROM session WHERE ends_us <= $1)", ended_by);
}

}  // namespace care
