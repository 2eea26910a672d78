// SPDX-License-Identifier: Apache-2.0
// See rate_control.h.
#include "media/rate_control.h"

#include <cmath>

namespace media {
namespace {

constexpr double kBeta = 0.85, kEta = 1.08;
constexpr double kStepOfUnused = 0.7;
constexpr base::Duration kLeastBetween = base::Duration::millis(10), kMostBetween = base::Duration::millis(200);

}  // namespace

void RateControl::set(std::uint32_t bps, base::Instant now) {
  bps_ = std::clamp(bps, least_, most_);
  changed_ = now;
}

// As libwebrtc smooths it: a mean, and a deviation relative to it within which the line counts as the same.
void RateControl::full_at(std::uint32_t bps, double weight) {
  const auto kbps = bps / 1e3;
  if (capacity_kbps_ == 0) {
    capacity_kbps_ = kbps;
    deviation_ = 0.4;
    return;
  }
  capacity_kbps_ += weight * (kbps - capacity_kbps_);
  const auto error = capacity_kbps_ - kbps;
  deviation_ = std::clamp((1 - weight) * deviation_ + weight * error * error / std::max(capacity_kbps_, 1.0), 0.4, 2.5);
}

std::optional<std::uint32_t> RateControl::capacity() const {
  if (capacity_kbps_ == 0) return std::nullopt;
  return static_cast<std::uint32_t>(capacity_kbps_ * 1e3);
}

bool RateControl::update(const Seen& seen, base::Instant now) {
  const auto far = 3 * std::sqrt(deviation_ * std::max(capacity_kbps_, 1.0));
  // The line carries clearly more than where it was found full: that was another line.
  if (capacity_kbps_ > 0 && seen.acknowledged && *seen.acknowledged / 1e3 > capacity_kbps_ + far) capacity_kbps_ = 0;
  switch (seen.use) {
    case DelayTrend::Use::over:
      return decrease(seen, now);
    case DelayTrend::Use::under:
      state_ = State::hold;  // a queue drains
      break;
    case DelayTrend::Use::normal:
      if (state_ == State::hold) changed_ = std::max(changed_, now - kMostBetween);
      state_ = State::increase;
      increase(seen, now);
      break;
  }
  return false;
}

bool RateControl::decrease(const Seen& seen, base::Instant now) {
  state_ = State::hold;
  // What was sent before the last fall is still arriving.
  const auto between = std::clamp(seen.round_trip, kLeastBetween, kMostBetween);
  const bool far_below = seen.acknowledged && *seen.acknowledged < bps_ / 2 && !seen.limited;
  if (now - fell_ < between && !far_below) return false;
  if (!seen.acknowledged) {
    // Nothing known of what arrives: half, as for a line that is overrun from its first packets on.
    set(bps_ / 2, now);
    fell_ = now;
    return true;
  }
  const auto proved = kBeta * *seen.acknowledged;
  const auto to = seen.limited ? std::max(proved, kStepOfUnused * bps_) : proved;
  if (!seen.limited) {
    // Well below what it was thought to be: that line is no more.
    if (capacity_kbps_ > 0 && *seen.acknowledged / 1e3 < capacity_kbps_ - 3 * std::sqrt(deviation_ * capacity_kbps_))
      capacity_kbps_ = 0;
    full_at(*seen.acknowledged, 0.05);
  }
  fell_ = now;
  if (to >= bps_) return false;
  set(static_cast<std::uint32_t>(to), now);
  return true;
}

// One packet of usual size a response time, and at least 4 kbit/s a second.
double RateControl::additive(base::Duration round_trip) const {
  const auto frame = bps_ / 8.0 / 30;
  const auto packet = frame / std::ceil(std::max(frame, 1.0) / 1'200);
  const auto response = static_cast<double>((round_trip + base::Duration::millis(100)).us) / 1e6;
  return std::max(4'000.0, packet * 8 / response);
}

void RateControl::increase(const Seen& seen, base::Instant now) {
  const auto seconds = std::clamp(static_cast<double>((now - changed_).us) / 1e6, 0.0, 1.0);
  changed_ = std::max(changed_, now);
  if (seen.limited || !seen.may_rise || !seen.acknowledged) return;
  const auto raised = capacity_kbps_ > 0 ? bps_ + additive(seen.round_trip) * seconds
                                         : std::max(bps_ * std::pow(kEta, seconds), bps_ + 1'000 * seconds);
  // Half as much again as arrives, so that it does not run away from what is proved.
  const auto bound = *seen.acknowledged * 1.5 + 10'000;
  bps_ = static_cast<std::uint32_t>(std::clamp<double>(std::max<double>(bps_, std::min(raised, bound)), least_, most_));
}

}  // namespace media
