// SPDX-License-Identifier: Apache-2.0
// Legal holds: a person's record, or a group's with the records of everybody who is or was in it, stays whatever the periods say,
// until the hold is lifted. Who set and lifted it, when and why; the words are sealed. Not here: who may (duties_routes), what goes
// (retention_table). Invariant: setting a hold and every deletion take the same lock (lock_retention). One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "care/actor.h"
#include "care/person_contact.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

using HoldId = base::RecordId<struct HoldTag>;

struct Hold {
  HoldId id;
  std::string reason;  // a code
  Personal note;
  base::WallTime set;
  std::string set_by;  // name
  std::optional<base::WallTime> lifted;
  std::string lifted_by;
  Personal lift_note;
};
// Of a person alone or of a group: one of the two is empty.
struct Held {
  PersonId person;
  GroupId group;
};

void lock_retention(store::Transaction& tx);
// Newest first: those that stand and those that were lifted.
[[nodiscard]] std::vector<Hold> holds_of(store::Transaction& tx, const store::KeyRing& keys, const Held& what);
[[nodiscard]] bool is_held(store::Transaction& tx, const Held& what);  // by a hold of its own or, a person, of a group
// Groups with a hold that keeps this person's record.
struct HoldingGroup {
  GroupId id;
  std::string name;
};
[[nodiscard]] std::vector<HoldingGroup> groups_that_hold(store::Transaction& tx, const PersonId& person);
// False: there is one already.
[[nodiscard]] bool set_hold(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Held& what,
                            std::string_view reason, const Personal& note, const StaffId& by, base::WallTime now);
// False: there is none. What was shown is shown anew from here on, so that nothing goes on the day of lifting.
[[nodiscard]] bool lift_hold(store::Transaction& tx, const store::KeyRing& keys, const Held& what, const Personal& note,
                             const StaffId& by, base::WallTime now);

// SQL: ids of the people, of the memberships and of the groups that are held.
[[nodiscard]] const std::string& held_people();
[[nodiscard]] const std::string& held_memberships();
[[nodiscard]] const std::string& held_groups();

}  // namespace care
