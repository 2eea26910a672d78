// SPDX-License-Identifier: Apache-2.0
// In which groups one person is, as far as the actor may know: the part `memberships` of a person's record. Not here: changing any
// of it. Thread rule: that of the transaction.
#pragma once
#include <boost/json/array.hpp>

#include "care/access.h"
#include "care/person_table.h"
#include "store/key_ring.h"

namespace care {

struct VisibleMemberships {
  boost::json::array rows;  // MembershipRow of the API
  Where where;              // of those shown: what the audit row opens
};
// Nothing where the actor may know of none; the latest first. An alias is left out where the booking card is not theirs to see.
[[nodiscard]] VisibleMemberships visible_memberships(store::Transaction& tx, const store::KeyRing& keys, const Actor& actor,
                                                     const PersonPlace& person);

}  // namespace care
