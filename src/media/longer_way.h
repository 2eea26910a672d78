// SPDX-License-Identifier: Apache-2.0
// Tells a way that has become longer (a phone that changed its cell, a satellite) from a queue: a queue becomes shorter when nothing is
// added to it. After a rate fell by half because packets came late, and they go on to, pictures rest for a moment. Where the quickest
// packets come as late as before all the same, and nothing is lost, the lateness is the way's own. Others' traffic that holds a queue full
// looks the same, and there is nothing to be won by waiting for that either. Not here: whether a queue grows (delay_trend.h). Pure;
// media thread; nothing allocated.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/instant.h"

namespace media {

class LongerWay {
 public:
  static constexpr base::Duration kRest = base::Duration::millis(500);
  struct Found {
    std::int64_t longer_us = 0;  // than the least that was known
    std::uint32_t from_bps = 0;  // the rate before it fell for that
  };

  // For lateness, from this rate.
  void fell(std::uint32_t from_bps, base::Instant now) {
    if (state_ != State::idle) return;
    state_ = State::watches;
    from_bps_ = from_bps;
    since_ = from_ = now;
    least_us_ = kNone;
  }
  // The quickest packet of a message of feedback came so much later than the least that is known.
  [[nodiscard]] std::optional<Found> came_late(double late_us, std::uint32_t bps, bool loses, base::Duration round_trip, base::Instant now) {
    if (state_ == State::idle) return std::nullopt;
    // A queue has drained. Or it was looked at for so long that the least itself is forgotten soon.
    if (late_us < kLate.us || now - since_ > kLooksFor) {
      state_ = State::idle;
      return std::nullopt;
    }
    least_us_ = std::min(least_us_, static_cast<std::int64_t>(late_us));
    const bool passed = now - from_ >= (state_ == State::watches ? kWatches : kRest + round_trip);
    if (!passed) return std::nullopt;
    if (state_ == State::rests) {
      const bool alike = std::abs(least_us_ - before_us_) <= before_us_ / kAlike + kUnsteady.us;
      state_ = State::idle;
      return alike && !loses ? std::optional<Found>({least_us_, from_bps_}) : std::nullopt;
    }
    if (!loses && bps < from_bps_ / 2) {
      state_ = State::rests;
      before_us_ = least_us_;
    }
    from_ = now;
    least_us_ = kNone;
    return std::nullopt;
  }
  // Pictures are to rest, that is.
  [[nodiscard]] bool begins_to_rest(base::Instant now) const { return state_ == State::rests && from_ == now; }

 private:
  enum class State : std::uint8_t { idle, watches, rests };
  static constexpr base::Duration kLate = base::Duration::millis(60), kWatches = base::Duration::millis(700), kLooksFor = base::Duration::seconds(6),
                                  kUnsteady = base::Duration::millis(10);
  static constexpr std::int64_t kNone = INT64_MAX, kAlike = 8;
  State state_ = State::idle;
  std::uint32_t from_bps_ = 0;
  base::Instant since_, from_;
  std::int64_t least_us_ = kNone, before_us_ = kNone;
};

}  // namespace media
