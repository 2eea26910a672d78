// SPDX-License-Identifier: Apache-2.0
// How much of something one person may cause: some at once, and then no more than so much a second (the generic cell rate algorithm of
// ITU-T I.371). Against whoever asks or sends without end; nobody whose client is honest notices. Pure; media thread.
#pragma once
#include <algorithm>

#include "base/instant.h"

namespace media {

class Allowance {
 public:
  // Something that costs `each` is paid for in that time; `ahead` of time may be used in advance.
  constexpr Allowance(base::Duration each, base::Duration ahead) : each_(each), ahead_(ahead) {}
  [[nodiscard]] bool take(base::Instant now) { return take(each_, now); }
  [[nodiscard]] bool take(base::Duration cost, base::Instant now) {
    const auto from = std::max(paid_until_, now);
    if (from - now >= ahead_) return false;
    paid_until_ = from + cost;
    return true;
  }

 private:
  base::Duration each_, ahead_;
  base::Instant paid_until_{};
};

}  // namespace media
