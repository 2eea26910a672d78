// SPDX-License-Identifier: Apache-2.0
// What a line has carried for a while already: the least estimate of the last seconds. Going up is paid out of this,
// going down follows the estimate at once, so that pictures do not swing with it. Where going up was followed by a full
// line, the next time takes longer. Not here: the estimate, who gets what (layer_allocation.h). Pure; media thread;
// nothing allocated.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"

namespace media {

class LineProof {
 public:
  static constexpr base::Duration kShortest = base::Duration::seconds(2), kLongest = base::Duration::seconds(8);
  static constexpr base::Duration kTooSoon =
      base::Duration::seconds(5);  // full so soon after going up: that was the cause
  static constexpr base::Duration kForgiven = base::Duration::seconds(30);

  explicit LineProof(std::uint32_t first) { least_.fill(first); }
  // `fell`: when the estimate last fell because the line was full. `starting`: no limit was seen yet, so nothing is to
  // be waited for.
  std::uint32_t update(std::uint32_t estimate, bool starting, base::Instant fell, base::Instant now) {
    if (fell > fell_) {
      fell_ = fell;
      if (fell - raised_ < kTooSoon && fell >= raised_) {
        need_ = std::min(need_ * 2, kLongest);
        failed_at_ = estimate;
      }
    } else if (now - fell_ > kForgiven) {
      need_ = kShortest;
    }
    const auto step = now.us / kStep.us;
    if (step - step_ > static_cast<std::int64_t>(kSteps) || step < step_) {
      least_.fill(estimate);  // nothing was asked for so long
    } else {
      for (auto s = step_ + 1; s <= step; ++s) least_[index(s)] = estimate;
    }
    step_ = step;
    auto& here = least_[index(step)];
    here = std::min(here, estimate);
    if (starting) {
      least_.fill(estimate);
      return estimate;
    }
    const auto lately = least_of(step, kShortest);
    // Much more than where it went wrong: that was another line. And what is below that was not what went wrong.
    if (lately > failed_at_ / 2 * 3) return lately;
    return std::max(std::min(lately, failed_at_), least_of(step, need_));
  }
  // Something was given more.
  void raised(base::Instant now) { raised_ = now; }
  [[nodiscard]] base::Duration need() const { return need_; }

 private:
  static constexpr base::Duration kStep = base::Duration::millis(500);
  static constexpr std::size_t kSteps = 32;
  static std::size_t index(std::int64_t step) { return static_cast<std::size_t>(step) % kSteps; }
  [[nodiscard]] std::uint32_t least_of(std::int64_t step, base::Duration span) const {
    auto out = UINT32_MAX;
    for (std::int64_t back = 0; back * kStep.us < span.us; ++back) out = std::min(out, least_[index(step - back)]);
    return out;
  }
  std::array<std::uint32_t, kSteps> least_{};
  std::uint32_t failed_at_ = 0;  // the estimate after going up was followed by a full line
  std::int64_t step_ = 0;
  base::Duration need_ = kShortest;
  base::Instant fell_{-1'000'000'000}, raised_{-1'000'000'000};
};

}  // namespace media
