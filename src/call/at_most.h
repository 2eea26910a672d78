// SPDX-License-Identifier: Apache-2.0
// "At most N in this long": the times of the last N, nothing else. Not here: what happens to who is too fast (plane.cpp).
// Values only: any thread.
#pragma once
#include <array>
#include <cstddef>

#include "base/instant.h"

namespace call {

template <std::size_t N>
class AtMost {
 public:
  explicit AtMost(base::Duration per) : per_(per) {}
  // Counts one more at `now`; false where it is the N + 1st within `per`.
  [[nodiscard]] bool allow(base::Instant now) {
    base::Instant& oldest = times_[next_ % N];
    const bool ok = next_ < N || now - oldest >= per_;
    oldest = now;
    ++next_;
    return ok;
  }

 private:
  base::Duration per_;
  std::array<base::Instant, N> times_{};
  std::size_t next_ = 0;
};

}  // namespace call
