// SPDX-License-Identifier: Apache-2.0
// A delivery status notification (RFC 3464 in a multipart/report of RFC 6522), as far as it says which of our messages did not
// arrive: the envelope sender that each mail has of its own, and each recipient's action and status. Not here: a bounce that is
// no such report (its words are not guessed at), reports of success and delay (skipped), SQL. Invariant: hostile bytes are
// ordinary; nothing of the mail but an id and a status of digits leaves. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/record_id.h"

namespace interop {

// "bounces@example.org" and an id: "bounces+ID@example.org". Empty where the base is no address.
[[nodiscard]] std::string bounce_address(std::string_view base, std::string_view id);
// The id in such an address, whatever stands around it; nothing where there is none.
[[nodiscard]] std::optional<std::string> id_in_address(std::string_view address);

struct Bounce {
  std::string id;      // of the message
  std::string status;  // "5.1.1" (RFC 3463)
  bool operator==(const Bounce&) const = default;
};
inline constexpr std::size_t kMostReport = std::size_t{1} << 20;
// Of a mail that came to `recipient` (what the mail server said; may be empty, then To, Delivered-To and X-Original-To are looked
// at). Nothing where it reports no failure, or of none of ours.
[[nodiscard]] std::optional<Bounce> read_bounce(std::string_view mail, std::string_view recipient);

}  // namespace interop
