// SPDX-License-Identifier: Apache-2.0
// Accounts of staff: what a name, an e-mail address, a password and a set of roles must be, and what a change of an account does.
// Passwords follow the NCSC's advice (long, not a common one, no required signs, no expiry). Not here: SQL (account_table),
// hashing (crypto/password), who may do it (care/access). Invariant: the trust keeps an administrator who is active.
// Pure; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/redacted.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"

namespace identity {

using Fault = care::FieldFault;
using Faults = care::FieldFaults;

struct RoleAt {
  std::string role;  // as in care::to_text(Role)
  base::json::Nullable<care::TeamId> team;
  bool operator==(const RoleAt&) const = default;
  static constexpr auto fields() {
    return std::tuple{base::json::field("role", &RoleAt::role, {.least = 1, .most = 30}), base::json::field("team", &RoleAt::team)};
  }
};
// What an administrator writes.
struct AccountForm {
  std::string name, email;
  bool active = true;
  std::vector<RoleAt> standings;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("name", &AccountForm::name, {.most = 1'000}), field("email", &AccountForm::email, {.most = 1'000}),
                      field("active", &AccountForm::active), field("standings", &AccountForm::standings, {.least = 0, .most = 50})};
  }
};
// As it stands, and what a change must know beyond it.
struct AccountState {
  AccountForm now;
  bool own = false;                 // the one who changes it is its owner
  bool last_administrator = false;  // nobody else is an active one
};
struct AccountChanges {
  AccountForm next;                   // trimmed, e-mail in lower case
  std::vector<RoleAt> given, taken;
  bool ends_sign_ins = false;
};

[[nodiscard]] std::string normalised_email(std::string_view text);
// What is wrong with it by itself; `form` is normalised.
[[nodiscard]] base::Result<AccountForm, Faults> checked(const AccountForm& form);
[[nodiscard]] base::Result<AccountChanges, Faults> decide(const AccountState& state, const AccountForm& wanted);
// Faults at `pointer`; none: good enough.
[[nodiscard]] Faults password_faults(const base::Redacted<std::string>& password, std::string_view name, std::string_view email,
                                     std::string_view pointer);

}  // namespace identity
