// SPDX-License-Identifier: Apache-2.0
// What arrives at the receiver, in bits per second, over the last half second of its own clock: draft-ietf-rmcat-gcc-02
// section 5.5 (R_hat). In steps, so that a packet costs an addition; the step that is still filling does not count. Not
// here: what is made of it. Invariant: arrival times may come in any order and from anywhere; those older than the
// window add nothing, and a leap starts afresh. Pure; media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/instant.h"

namespace media {

class AcknowledgedRate {
 public:
  static constexpr std::int64_t kStepUs = 50'000, kSteps = 10;

  void arrived(base::Duration at, std::uint32_t bytes) {
    const auto step = at.us / kStepUs;
    if (step != newest_ && !move_to(step)) return;
    bytes_[index(step)] += bytes;
  }
  // Empty until three whole steps have passed: less than that says nothing.
  [[nodiscard]] std::optional<std::uint32_t> bps() const { return over(kSteps - 1); }
  // Of the last moments alone: where more began to be sent just now, and waits, this is what the line carries.
  [[nodiscard]] std::optional<std::uint32_t> latest_bps() const { return over(4); }
  void forget() { oldest_ = newest_ = kNone; }

 private:
  static constexpr std::int64_t kNone = INT64_MIN / 2;
  static constexpr std::int64_t kLeap = 60;  // steps: three seconds of silence, or a clock that was set
  [[nodiscard]] std::optional<std::uint32_t> over(std::int64_t steps) const {
    const auto whole = std::min(newest_ - oldest_, steps);
    if (whole < 3) return std::nullopt;
    std::uint64_t sum = 0;
    for (auto s = newest_ - whole; s < newest_; ++s) sum += bytes_[index(s)];
    return static_cast<std::uint32_t>(sum * 8'000'000 / static_cast<std::uint64_t>(whole * kStepUs));
  }
  static std::size_t index(std::int64_t step) { return static_cast<std::size_t>(step & 0xf); }
  // False: `step` is in the past.
  bool move_to(std::int64_t step) {
    if (newest_ == kNone || step - newest_ > kLeap || newest_ - step > kLeap) {
      bytes_.fill(0);
      oldest_ = newest_ = step;
      return true;
    }
    if (step < newest_) return newest_ - step < kSteps && step >= oldest_;
    for (auto s = std::max(newest_ + 1, step - 15); s <= step; ++s) bytes_[index(s)] = 0;
    newest_ = step;
    return true;
  }
  std::array<std::uint32_t, 16> bytes_{};
  std::int64_t newest_ = kNone, oldest_ = kNone;
};

}  // namespace media
