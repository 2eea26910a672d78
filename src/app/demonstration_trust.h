// SPDX-License-Identifier: Apache-2.0
// A trust to look at: 2 services, 6 teams, 40 staff, 300 people, 30 groups with sessions behind and before them, one of them
// meeting now. Everybody is plainly invented: birds' and trees' names, NHS numbers of the range kept for tests (999 …), telephone
// numbers that Ofcom keeps for drama, addresses at example.org. Not here: the demonstration room's own links (demonstration.h).
// Made once, into an empty database; the same each time but for ids.
#pragma once
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/instant.h"
#include "crypto/password.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace app {

struct DemonstrationStaff {
  std::string name, role, email, password;
};
// Whom the sign-in page offers: one of each role. They exist in a demonstration alone, and need no second factor.
[[nodiscard]] std::vector<DemonstrationStaff> demonstration_staff();

// Makes the trust where there is none, and lets one group meet now. Throws std::runtime_error where the database cannot hold it.
void prepare_demonstration_trust(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, base::WallTime now,
                                 crypto::PasswordCost cost);

}  // namespace app
