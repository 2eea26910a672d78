// SPDX-License-Identifier: Apache-2.0
// How much later something comes than it usually does, of two clocks that are not in step: only how it grows is known
// (RFC 3550 section 6.4.1). Usual is the least of the last ten to twenty seconds, for clocks drift. And the same of what says itself when it
// left its browser. Pure; media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/instant.h"
#include "wire/extension_abs_send_time.h"

namespace media {

class Transit {
 public:
  void begin(base::Instant now) {
    is_ = {};
    lows_ = {};
    since_ = now;
  }
  void grow(base::Duration by, base::Instant now) {
    is_ = is_ + by;
    if (now - since_ >= kForget) {
      lows_ = {is_, lows_[0]};
      since_ = now;
    }
    lows_[0] = std::min(lows_[0], is_);
  }
  // What came so much later had another reason.
  void correct(base::Duration by) { is_ = is_ - by; }
  void take_as_usual(base::Instant now) {
    lows_ = {is_, is_};
    since_ = now;
  }
  [[nodiscard]] base::Duration late() const { return is_ - std::min(lows_[0], lows_[1]); }

 private:
  static constexpr base::Duration kForget = base::Duration::seconds(10);
  base::Duration is_{};
  std::array<base::Duration, 2> lows_{};  // of this stretch of time, and of the one before
  base::Instant since_{};
};

// Of whatever says when it left: what is late beyond that is the way's, and none of its device's.
class WayTransit {
 public:
  void note(wire::AbsSendTimeExtension left, base::Instant now) {
    const auto by = grew(left, now);
    if (by)
      transit_.grow(*by, now);
    else
      transit_.begin(now);
    left_ = left;
    at_ = now;
    if (now - since_ >= kStretch) {
      before_ = now - since_ < kStretch * 2 ? most_ : std::nullopt;
      most_.reset();
      since_ = now;
    }
    most_ = std::max(most_.value_or(base::Duration{}), transit_.late());
  }
  // The most of the last 150 to 300 ms in which anything came; nothing where nothing did for twice as long.
  [[nodiscard]] std::optional<base::Duration> late(base::Instant now) const {
    if (!most_ || now - at_ >= kLately) return std::nullopt;
    return std::max(*most_, before_.value_or(base::Duration{}));
  }

 private:
  static constexpr base::Duration kStretch = base::Duration::millis(150), kLately = base::Duration::millis(600), kLeap = base::Duration::seconds(5),
                                  kRound = base::Duration::seconds(64);
  // Stamps go round in 64 s. Nothing where that clock is another one now.
  [[nodiscard]] std::optional<base::Duration> grew(wire::AbsSendTimeExtension left, base::Instant now) const {
    if (at_.is_never()) return std::nullopt;
    auto by = (now - at_ - left.since(left_)).us % kRound.us;
    if (by > kRound.us / 2) by -= kRound.us;
    return std::abs(by) <= kLeap.us ? std::optional(base::Duration{by}) : std::nullopt;
  }
  Transit transit_;
  wire::AbsSendTimeExtension left_;
  base::Instant at_ = base::Instant::never(), since_{};
  std::optional<base::Duration> most_, before_;
};

}  // namespace media
