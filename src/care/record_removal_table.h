// SPDX-License-Identifier: Apache-2.0
// A record taken out whole: a person with everything that is theirs (memberships, preparation, register, messages, links, places,
// supporters, alerts, break-glass, reasons in words, blind indexes, lifted holds), or a group with its sessions and agreements once nobody's
// membership is left. What the audit trail says of them are ids and codes, and stays. Not here: whether it may go (retention_table).
// Invariant: a new table that refers to a person or group fails the test until it stands here. One thread a transaction.
#pragma once
#include "care/actor.h"
#include "store/transaction.h"

namespace care {

void remove_person(store::Transaction& tx, const PersonId& id);
void remove_group(store::Transaction& tx, const GroupId& id);

}  // namespace care
