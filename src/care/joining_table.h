// SPDX-License-Identifier: Apache-2.0
// The table session_joining: the address to join by of a session on other software, sealed. Not here: who may see it
// (session_joining_routes.h, interop/mine_routes.h). Invariant: it goes when its session is cancelled or held on something else
// (session_table.h), and some hours after its end. One thread a transaction.
#pragma once
#include <vector>

#include "care/joining.h"
#include "care/session_table.h"
#include "store/key_ring.h"

namespace care {

inline constexpr store::Column kJoiningAddress{"session_joining.address"};
struct Joining {
  std::int64_t version = 0;  // 0: there never was one
  base::Redacted<std::string> address;  // empty: none now
};
[[nodiscard]] Joining load_joining(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session);
// False: changed since `version`.
[[nodiscard]] bool save_joining(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session, std::int64_t version,
                                const base::Redacted<std::string>& address, const StaffId& staff, base::WallTime now);

// Of sessions that ended by then: it is of use no more, and often opens the next meeting, too.
void drop_joining(store::Transaction& tx, base::WallTime ended_by);

}  // namespace care
