// SPDX-License-Identifier: Apache-2.0
// How fast one may guess: after a few free failures the wait doubles with each, up to a bound, and is forgotten after a day, so
// that nobody is locked out for ever. Counted for an e-mail address (known or not: the answer must not tell), for a network
// address, and for an account's second factor. A try is counted before it is checked and taken back where it was right, so that
// many at once win nothing. Not here: the table (tries_table). Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace identity {

enum class TriesOf : std::uint8_t { email, address, second_factor };
[[nodiscard]] std::string_view domain_of(TriesOf);  // of the keyed hash

struct Tries {
  std::int64_t failures = 0;
  base::WallTime last;
};
// As they count at `now`: forgotten where the last is a day ago.
[[nodiscard]] Tries remembered(const Tries&, base::WallTime now);
// How long until the next try may be made; nothing where it may be made now.
[[nodiscard]] std::optional<base::Duration> must_wait(TriesOf, const Tries&, base::WallTime now);

}  // namespace identity
