// SPDX-License-Identifier: Apache-2.0
// A sign-in and what it opens at a moment: nothing, the second factor's page alone, an unlock, or everything its holder may.
// Also what makes a sign-in known again to its owner ("Firefox on Windows"). Not here: cookies and SQL (sign_in_routes,
// sign_in_table). Invariant: without a second factor no sign-in is `open`. Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "care/actor.h"

namespace identity {

using SignInId = base::RecordId<struct SignInTag>;

struct SignInTimes {
  base::Duration lasts = base::Duration::seconds(12 * 3'600);       // absolute
  base::Duration idle = base::Duration::seconds(15 * 60);           // then it asks for the password again
  base::Duration half_way = base::Duration::seconds(10 * 60);       // from the password to the second factor
  base::Duration set_up = base::Duration::seconds(7 * 24 * 3'600);  // a one-time set-up link
};

struct SignIn {
  SignInId id;
  care::StaffId staff;
  bool second_factor = false;
  base::WallTime made, seen, until;
  bool locked = false;
  bool ended = false;
  std::string device;
};

enum class SignInState : std::uint8_t { gone, half_way, locked, open };
[[nodiscard]] SignInState state_of(const SignIn&, base::WallTime now, const SignInTimes&);
// Whether being seen now is worth a write: once a minute is.
[[nodiscard]] bool note_seen(const SignIn&, base::WallTime now);
[[nodiscard]] std::string device_name(std::string_view user_agent);

}  // namespace identity
