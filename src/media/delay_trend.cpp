// SPDX-License-Identifier: Apache-2.0
// See delay_trend.h. The constants are those that libwebrtc ships; where the draft has others, it was measured with a
// Kalman filter.
#include "media/delay_trend.h"

#include <algorithm>
#include <cmath>

namespace media {
namespace {

constexpr std::int64_t kBurstGapUs = 5'000, kLongestBurstUs = 100'000;
constexpr std::int64_t kLeapUs = 3'000'000;  // a delay does not change that much at once: a clock was set
constexpr int kMostBackwards = 3;
constexpr double kSmoothing = 0.9;
constexpr double kGain = 4;
constexpr int kMostDeltas = 60;
// Section 5.4: the threshold rises slowly with what is above it, falls fast to what is below, and does not follow what
// is far off.
constexpr double kRise = 0.0087, kFall = 0.039, kFarOff = 15, kLeastThreshold = 6, kMostThreshold = 600;
constexpr double kOverForMs = 10;

}  // namespace

void DelayTrend::forget() { *this = DelayTrend{}; }

void DelayTrend::begin_group(std::int64_t sent, std::int64_t arrival) {
  if (group_.first_sent == kNone) {
    group_ = {sent, sent, arrival, arrival};
    return;
  }
  if (sent < group_.first_sent) return;  // told late: its group has been counted
  // Section 5.2: what waited together on the way (a radio link that was busy) comes together, and says nothing of a
  // queue.
  const auto gap = arrival - group_.last_arrival;
  const auto lasts = arrival - group_.first_arrival;
  const bool burst = gap <= kBurstGapUs && gap < sent - group_.last_sent && lasts >= 0 && lasts < kLongestBurstUs;
  if (burst) {
    group_.last_sent = sent;
    group_.last_arrival = std::max(group_.last_arrival, arrival);
    return;
  }
  if (before_.first_sent != kNone) compare_groups();
  if (group_.first_sent != kNone) before_ = group_;
  group_ = {sent, sent, arrival, arrival};
}

void DelayTrend::compare_groups() {
  const auto sent = group_.last_sent - before_.last_sent;
  const auto arrived = group_.last_arrival - before_.last_arrival;
  if (arrived - sent > kLeapUs || sent - arrived > kLeapUs) return forget();
  if (arrived < 0) {
    if (++backwards_ >= kMostBackwards) forget();
    return;
  }
  backwards_ = 0;
  add(static_cast<double>(arrived - sent) / 1e3, static_cast<double>(sent) / 1e3,
      static_cast<double>(group_.last_arrival) / 1e3);
}

void DelayTrend::add(double delay_ms, double sent_ms, double arrival_ms) {
  deltas_ = std::min(deltas_ + 1, 1'000);
  summed_ += delay_ms;
  smoothed_ = kSmoothing * smoothed_ + (1 - kSmoothing) * summed_;
  if (count_ == kWindow) {
    const auto x = x_[at_] - origin_;
    const auto y = y_[at_];
    sum_x_ -= x;
    sum_y_ -= y;
    sum_xy_ -= x * y;
    sum_xx_ -= x * x;
  } else {
    if (count_ == 0) origin_ = arrival_ms;
    ++count_;
  }
  x_[at_] = arrival_ms;
  y_[at_] = smoothed_;
  const auto x = arrival_ms - origin_;
  sum_x_ += x;
  sum_y_ += smoothed_;
  sum_xy_ += x * smoothed_;
  sum_xx_ += x * x;
  if (++at_ == kWindow) {
    at_ = 0;
    sum_afresh();
  }
  if (count_ == kWindow) trend_ = slope();
  detect(sent_ms, arrival_ms);
}

// What was added and taken away again leaves a rest, and x grows: once a window from the numbers themselves.
void DelayTrend::sum_afresh() {
  origin_ = x_[0];
  sum_x_ = sum_y_ = sum_xy_ = sum_xx_ = 0;
  // The growth since ever is not needed either, only its shape.
  const auto base = y_[0];
  summed_ -= base;
  smoothed_ -= base;
  for (std::size_t i = 0; i < kWindow; ++i) {
    y_[i] -= base;
    const auto x = x_[i] - origin_;
    sum_x_ += x;
    sum_y_ += y_[i];
    sum_xy_ += x * y_[i];
    sum_xx_ += x * x;
  }
}

double DelayTrend::slope() const {
  const auto below = sum_xx_ - sum_x_ * sum_x_ / kWindow;
  return below < 1 ? trend_ : (sum_xy_ - sum_x_ * sum_y_ / kWindow) / below;
}

void DelayTrend::detect(double sent_ms, double arrival_ms) {
  if (deltas_ < 2) return;
  signal_ = std::min(deltas_, kMostDeltas) * trend_ * kGain;
  if (signal_ > threshold_) {
    over_ms_ = over_ms_ < 0 ? sent_ms / 2 : over_ms_ + sent_ms;
    ++over_count_;
    // Section 5.4: for a while, more than once, and not while it falls again.
    if (over_ms_ > kOverForMs && over_count_ > 1 && trend_ >= trend_before_) {
      over_ms_ = 0;
      over_count_ = 0;
      use_ = Use::over;
    }
  } else {
    over_ms_ = -1;
    over_count_ = 0;
    use_ = signal_ < -threshold_ ? Use::under : Use::normal;
  }
  trend_before_ = trend_;
  follow(std::abs(signal_), arrival_ms);
}

void DelayTrend::follow(double signal, double arrival_ms) {
  if (followed_ms_ < 0) followed_ms_ = arrival_ms;
  const auto passed = std::clamp(arrival_ms - followed_ms_, 0.0, 100.0);
  followed_ms_ = arrival_ms;
  if (signal > threshold_ + kFarOff) return;  // a sudden queue (another stream began): the threshold must not hide it
  threshold_ = std::clamp(threshold_ + (signal < threshold_ ? kFall : kRise) * (signal - threshold_) * passed,
                          kLeastThreshold, kMostThreshold);
}

}  // namespace media
