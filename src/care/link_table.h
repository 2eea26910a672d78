// SPDX-License-Identifier: Apache-2.0
// The tables personal_link and link_visit: whose link it is, and who stands behind a visit. Not here: the rules (link.h), HTTP, the
// seat in a session (session_pass_table.h). Invariant: secrets are stored as hashes; a membership or supporter has one link
// that is not withdrawn; what a membership that has ended had opens nothing. One thread a transaction.
#pragma once
#include <optional>
#include <string>

#include "care/access.h"
#include "care/link.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

using LinkId = base::RecordId<struct LinkTag>;
using SecretHash = std::array<std::uint8_t, 32>;  // link_routes.h makes and hashes secrets

// A membership (or its supporter) as far as its link needs it.
struct LinkHolder {
  MembershipId membership;
  SupporterId supporter;  // empty: the member's own
  PersonId person;
  GroupId group;
  TeamId team;
  bool ended = false;     // the membership, or the supporter's time
  std::string duty_number;
  KnownThings known;
  [[nodiscard]] Where where() const { return {.teams = {team}, .groups = {group}, .person = person, .staff = {}}; }
};
[[nodiscard]] std::optional<LinkHolder> load_holder(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership,
                                                    const SupporterId& supporter, base::WallTime now);

struct Link {
  LinkId id;
  LinkHolder holder;
  base::WallTime made, until;
  std::int64_t wrong_answers = 0;
  base::WallTime shut_until;
};
// Nothing where it is unknown, withdrawn, past its time, or its membership has ended.
[[nodiscard]] std::optional<Link> find_link(store::Transaction& tx, const store::KeyRing& keys, const SecretHash& hash, base::WallTime now);
// Withdraws the one before.
[[nodiscard]] LinkId make_link(store::Transaction& tx, base::Entropy& entropy, const LinkHolder& holder, const SecretHash& secret, base::WallTime now);
// How many there were. Visits go with it.
std::int64_t withdraw_links(store::Transaction& tx, const MembershipId& membership, const SupporterId& supporter, base::WallTime now);
void note_wrong(store::Transaction& tx, const Link& link, base::WallTime now);
void begin_visit(store::Transaction& tx, const Link& link, const SecretHash& secret, base::WallTime now);

// Who stands behind `Authorization: Visit <secret>`; for the doorkeeper.
[[nodiscard]] std::optional<Actor> visitor_of(store::Transaction& tx, const SecretHash& hash, base::WallTime now);

// Links and visits that are over by `before` are of no use to anybody.
void drop_visits(store::Transaction& tx, base::WallTime before);

}  // namespace care
