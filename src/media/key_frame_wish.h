// SPDX-License-Identifier: Apache-2.0
// When a key frame of one layer is asked for: at once when first wanted, then again only while somebody still waits, at most
// every kAtMostEvery, more slowly the longer none comes; and how many one viewer may cause, since each costs all others of their line
// what ten usual frames do. Not here: the message. Pure; media thread.
#pragma once
#include <algorithm>
#include <cstdint>

#include "base/instant.h"
#include "media/allowance.h"

namespace media {

class KeyFrameWish {
 public:
  static constexpr base::Duration kAtMostEvery = base::Duration::millis(300);

  void want() { wanted_ = true; }
  void came() {
    wanted_ = false;
    tries_ = 0;
  }
  void forget() { wanted_ = false; }
  [[nodiscard]] bool wanted() const { return wanted_; }
  // True: ask now. Counts the asking.
  [[nodiscard]] bool due(base::Instant now) {
    if (!wanted_ || now < next()) return false;
    asked_ = now;
    tries_ = std::min(tries_ + 1, 8);
    ever_ = true;
    return true;
  }
  [[nodiscard]] base::Instant next() const {
    if (!wanted_) return base::Instant::never();
    if (!ever_) return base::Instant{};
    return asked_ + (tries_ <= 3 ? kAtMostEvery : kAtMostEvery * (tries_ - 2));
  }

 private:
  bool wanted_ = false, ever_ = false;
  int tries_ = 0;
  base::Instant asked_;
};

// Of one picture, for one viewer: some at once, since a picture that begins on a poor line may be lost more than once, and then no more
// than one every so often, however often it is asked for or the picture hidden and shown.
class KeyFrameShare : public Allowance {
 public:
  static constexpr base::Duration kEvery = base::Duration::seconds(2);
  static constexpr std::int64_t kAtOnce = 6;
  constexpr KeyFrameShare() : Allowance(kEvery, kEvery * kAtOnce) {}
};

}  // namespace media
