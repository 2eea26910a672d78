// SPDX-License-Identifier: Apache-2.0
// Who a personal link lets in, and as what: the rule between a booking and a room. The room is given {seat, role,
// permissions} and nothing else. Not here: SQL (admission_table), HTTP (admission_routes), bookings of real people (care_seats):
// what stands in the table is demonstration data. Values only; time is a parameter.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/instant.h"
#include "base/redacted.h"
#include "base/result.h"
#include "call/service_link.h"
#include "care/membership.h"
#include "care/session_pass_table.h"

namespace app {

using LinkHash = std::array<std::uint8_t, 32>;
// SHA-256: the secret has 256 bits of its own, so a fast hash is enough, and only the hash is stored.
[[nodiscard]] LinkHash hash_link(const base::Redacted<std::string>& link);
// 43 characters of base64url from 32 random bytes.
[[nodiscard]] base::Redacted<std::string> link_text(base::Bytes random32);

struct SessionTimes {
  base::WallTime starts, ends;
};

struct Booking {
  base::RoomId room;
  base::SeatId seat;
  call::Role role = call::Role::member;
  base::Redacted<std::string> alias, disguise, needs;
  care::Disguise agreed;  // the disguise as the person's own page presets it
  SessionTimes session;
  std::string duty_number;
  bool demonstration = false;  // open at any time
  bool withdrawn = false;
  bool encrypted = true;  // end to end; without only where the group's plan or the demonstration says so
  bool watermark = false;  // the person's own name over the pictures that they see
  bool blank_on_blur = false;  // nothing is shown in a window that is not in front
  bool may_share = false;      // a member or supporter, a screen, where a facilitator lets them for the moment
  std::optional<care::TakenSeat> taken{};  // of a real session: what the seat stands on
  bool ended = false;  // for everyone, by a facilitator, and none of them has come again since
};

enum class Closed : std::uint8_t { unknown, not_now, ended };
[[nodiscard]] std::uint16_t close_code(Closed);

// People may come this long before the beginning, and come back until this long after the end.
inline constexpr auto kOpensBefore = base::Duration::seconds(30 * 60);
inline constexpr auto kClosesAfter = base::Duration::seconds(30 * 60);

[[nodiscard]] call::Permissions permissions_of(call::Role role);
// Once a room has ended its links open nothing until a facilitator or co-facilitator is there again.
[[nodiscard]] bool over_for(const Booking& booking);
[[nodiscard]] base::Result<call::Admission, Closed> admit(const Booking& booking, base::WallTime now);

[[nodiscard]] std::string_view role_text(call::Role);
[[nodiscard]] call::Role parse_role(std::string_view);  // what the table's CHECK allows; else member

}  // namespace app
