// SPDX-License-Identifier: Apache-2.0
// The table supporter: who comes along with a member, until their time is over. Name, contacts and alias are sealed. Callers hold
// lock_group() while they add one, so that seats and aliases are not given twice. Not here: rules (supporter.h). One thread a
// transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "care/membership_table.h"
#include "care/supporter.h"

namespace care {

struct SupporterRow {
  SupporterId id;
  std::int64_t version = 0;
  SupporterKind kind = SupporterKind::carer;
  Personal name, alias;
  SupporterContacts contacts;
  base::json::Nullable<std::string> endedAt;
  static constexpr auto fields() {
    using base::json::field;
    using R = SupporterRow;
    return std::tuple{field("id", &R::id), field("version", &R::version), field("kind", &R::kind), field("name", &R::name),
                      field("alias", &R::alias), field("contacts", &R::contacts), field("endedAt", &R::endedAt)};
  }
};
[[nodiscard]] std::vector<SupporterRow> supporters_of(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership);
struct SupporterPlace {
  MembershipId membership;
  std::int64_t version = 0;
};
[[nodiscard]] std::optional<SupporterPlace> find_supporter(store::Transaction& tx, const SupporterId& supporter);
[[nodiscard]] SupporterId insert_supporter(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Membership& membership,
                                           const NewSupporter& supporter, base::WallTime now);
// What their link asks and how they are reached from now on; messages that wait go there. False: changed since, or ended.
[[nodiscard]] bool update_supporter(store::Transaction& tx, const store::KeyRing& keys, const SupporterId& id, std::int64_t version,
                                    const NewSupporter& supporter, base::WallTime now);
// From now on they are told nothing and their link opens nothing; false where that was so already.
[[nodiscard]] bool end_supporter(store::Transaction& tx, const MembershipId& membership, const SupporterId& supporter, base::WallTime now);

}  // namespace care
