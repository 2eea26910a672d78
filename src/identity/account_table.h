// SPDX-License-Identifier: Apache-2.0
// SQL of staff and their accounts: who may sign in and with what, roles with the time they held, second factors, recovery codes
// and one-time set-up links. Not here: rules (account.h). Invariant: passwords, codes and links are stored hashed, the second
// factor's secret sealed. A transaction's thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "identity/account.h"
#include "identity/totp.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace identity {

struct Account {
  care::StaffId staff;
  std::string name, email;
  bool active = false;
  std::string password_hash;  // empty: none
  bool second_factor = false; // set up
  std::string subject;        // of the provider; empty: not bound
};
[[nodiscard]] std::optional<Account> find_account(store::Transaction&, std::string_view email);
[[nodiscard]] std::optional<Account> find_account(store::Transaction&, const care::StaffId&);
[[nodiscard]] std::optional<Account> find_account_by_subject(store::Transaction&, std::string_view subject);
void bind_subject(store::Transaction&, const care::StaffId&, std::string_view subject, base::WallTime now);
void set_password(store::Transaction&, const care::StaffId&, const std::string& hash, base::WallTime now);

// -- the second factor ---
struct SecondFactor {
  std::optional<TotpSecret> secret, unconfirmed;
  std::int64_t last = 0;  // step taken
};
[[nodiscard]] SecondFactor second_factor(store::Transaction&, const store::KeyRing&, const care::StaffId&);
void offer_second_factor(store::Transaction&, const store::KeyRing&, const care::StaffId&, const TotpSecret&, base::WallTime now);
// The recovery codes that were offered with it hold from now on, instead of those of before.
void confirm_second_factor(store::Transaction&, const care::StaffId&, std::int64_t step, base::WallTime now);
// False where another request took this step first.
[[nodiscard]] bool take_step(store::Transaction&, const care::StaffId&, std::int64_t step);
void drop_second_factor(store::Transaction&, const care::StaffId&, base::WallTime now);
void offer_recovery_codes(store::Transaction&, const store::KeyRing&, const care::StaffId&, const std::vector<std::string>& codes);
[[nodiscard]] bool use_recovery_code(store::Transaction&, const store::KeyRing&, const care::StaffId&, std::string_view code, base::WallTime now);

// -- one-time set-up links ---
struct SetUp {
  care::StaffId staff;
  bool second_factor = false;  // anew, too
};
void add_set_up_link(store::Transaction&, const SetUp&, const crypto::Sha256& hash, base::WallTime now, base::WallTime until);
[[nodiscard]] std::optional<SetUp> find_set_up_link(store::Transaction&, const crypto::Sha256& hash, base::WallTime now);
[[nodiscard]] bool use_set_up_link(store::Transaction&, const crypto::Sha256& hash, base::WallTime now);

// -- staff ---
struct StaffRecord {
  care::StaffId id;
  std::int64_t version = 0;
  AccountForm form;  // roles that hold now
};
[[nodiscard]] std::optional<StaffRecord> find_staff(store::Transaction&, const care::StaffId&, base::WallTime now);
[[nodiscard]] bool email_taken(store::Transaction&, std::string_view email, const care::StaffId& by_other_than);
[[nodiscard]] std::int64_t other_administrators(store::Transaction&, const care::StaffId&, base::WallTime now);
void add_staff(store::Transaction&, const care::StaffId&, const AccountForm&, base::Entropy&, base::WallTime now);
// False where the version is another's by now.
[[nodiscard]] bool change_staff(store::Transaction&, const StaffRecord& before, const AccountChanges&, base::Entropy&, base::WallTime now);

}  // namespace identity
