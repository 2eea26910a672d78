// SPDX-License-Identifier: Apache-2.0
// The table contact_change: the one wish of a person that waits, and what became of the others. Not here: what may be wished
// (contact_change.h), who may confirm (contact_change_routes). Invariant: at most one waits a person; what was settled stays so.
// One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "interop/contact_change.h"
#include "interop/message_table.h"

namespace interop {

using ContactChangeId = base::RecordId<struct ContactChangeTag>;

struct ContactChange {
  ContactChangeId id;
  std::int64_t version = 0;
  care::PersonId person;
  care::MembershipId membership;
  WantedContact wanted;
  std::optional<base::Redacted<std::string>> code;  // nothing: the team checks
  MessageId message;                                // that carries the code; empty: none
  std::int64_t wrong_codes = 0;
  base::WallTime asked, until;
  [[nodiscard]] bool takes_codes() const { return code && wrong_codes < kMostWrongCodes; }
};
enum class Settled : std::uint8_t { confirmed, refused, withdrawn, expired };

// The one that waits at `now`.
[[nodiscard]] std::optional<ContactChange> waiting_change(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& person, base::WallTime now);
// How many were asked for since then.
[[nodiscard]] std::int64_t changes_asked(store::Transaction& tx, const care::PersonId& person, base::WallTime since);
// The one before is withdrawn.
ContactChangeId insert_change(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const ContactChange& change, base::WallTime now);
// On PostgreSQL the row is held until the end, so that tries at the same moment are counted one after another.
void hold_change(store::Transaction& tx, const care::PersonId& person);
void note_wrong_code(store::Transaction& tx, const ContactChange& change);
// Its message goes with it where it has not gone out. False: settled or changed since.
[[nodiscard]] bool settle_change(store::Transaction& tx, const ContactChange& change, Settled as, const std::optional<care::StaffId>& by, base::WallTime now);
// Those whose time is over, of everybody; how many.
std::int64_t expire_changes(store::Transaction& tx, base::WallTime now);

struct WaitingChangeRow {
  care::PersonRef person;
  bool byCode = false;
  std::string askedAt, until;
  base::WallTime asked;  // not shown: where the next page begins
  ContactChangeId id;
  static constexpr auto fields() {
    using base::json::field;
    using R = WaitingChangeRow;
    return std::tuple{field("person", &R::person), field("byCode", &R::byCode), field("askedAt", &R::askedAt), field("until", &R::until)};
  }
};
// Of the people whose contacts the actor may read, the oldest first; those after the one that `after` (of MessagesAfter) names.
[[nodiscard]] std::vector<WaitingChangeRow> waiting_changes(store::Transaction& tx, const store::KeyRing& keys, const care::Actor& actor, base::WallTime now,
                                                            const MessagesAfter& after, std::int64_t limit);

}  // namespace interop
