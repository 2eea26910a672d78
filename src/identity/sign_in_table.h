// SPDX-License-Identifier: Apache-2.0
// SQL of sign-ins, of tries, of who the holder of a sign-in or of a visit is now, and of sign-ins at a provider that have begun.
// Not here: rules (sign_in.h, tries.h). Invariant: a secret that a browser holds is stored as its SHA-256 alone; addresses and
// e-mails of tries as keyed hashes. A transaction's thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "identity/sign_in.h"
#include "identity/tries.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace identity {

void add_sign_in(store::Transaction&, const SignIn&, const crypto::Sha256& hash);
// Of active staff.
[[nodiscard]] std::optional<SignIn> find_sign_in(store::Transaction&, const crypto::Sha256& hash);
[[nodiscard]] std::optional<SignIn> find_sign_in(store::Transaction&, const SignInId&);
// The second factor was shown: another secret, and the whole time.
void complete_sign_in(store::Transaction&, const SignInId&, const crypto::Sha256& fresh, base::WallTime now, base::WallTime until);
void replace_secret(store::Transaction&, const SignInId&, const crypto::Sha256& fresh);
void seen(store::Transaction&, const SignInId&, base::WallTime now);
void set_locked(store::Transaction&, const SignInId&, bool locked, base::WallTime now);
// False where it is not theirs, or is over already.
[[nodiscard]] bool end_sign_in(store::Transaction&, const SignInId&, const care::StaffId& of, base::WallTime now);
void end_sign_ins(store::Transaction&, const care::StaffId& of, const SignInId& but, base::WallTime now);
[[nodiscard]] std::vector<SignIn> sign_ins_of(store::Transaction&, const care::StaffId&, base::WallTime now);
// Rows that nobody needs any more.
void forget_old(store::Transaction&, base::WallTime now);

// What `staff` may act as at `now`.
[[nodiscard]] care::Actor actor_of(store::Transaction&, const care::StaffId&, base::WallTime now);

// Counts one more failure; says how long to wait first where that is not over, and then counts nothing.
[[nodiscard]] std::optional<base::Duration> charge(store::Transaction&, const store::KeyRing&, TriesOf, std::string_view whose, base::WallTime now);
void forgive(store::Transaction&, const store::KeyRing&, TriesOf, std::string_view whose);      // all
void forgive_one(store::Transaction&, const store::KeyRing&, TriesOf, std::string_view whose);  // the last

struct ProviderStart {
  base::WallTime made;
  std::optional<SignInId> again;  // a page waits behind its lock: the sign-in to open again, or an empty id where that is over
  bool anew = false;              // the person has to show once more who they are
};
void add_provider_start(store::Transaction&, const crypto::Sha256& state, const crypto::Sha256& browser, const ProviderStart&, base::WallTime until);
// Once, for the browser that began it.
[[nodiscard]] std::optional<ProviderStart> take_provider_start(store::Transaction&, const crypto::Sha256& state, const crypto::Sha256& browser,
                                                               base::WallTime now);

}  // namespace identity
