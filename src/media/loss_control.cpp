// SPDX-License-Identifier: Apache-2.0
// See loss_control.h.
#include "media/loss_control.h"

#include <algorithm>
#include <cmath>

namespace media {
namespace {

constexpr double kForget = 0.9;   // weight of a window relative to the next
constexpr double kProof = 3;      // natural logarithm of how much likelier the lower capacity must be
constexpr double kLittle = 0.02;  // section 6: below 2% nothing is concluded
constexpr double kFarMore = 0.15,
                 kPersists = 1.2;  // share beyond twice its own; seconds, more than one gap of 400 ms spans
constexpr double kLeast = 1e-3, kMost = 0.999;

// Beyond this the line is full, whatever it may lose by itself. The more is sent, the more a wrong belief costs.
double most_inherent(double rate, bool queue) {
  return queue ? kLittle : std::min(0.3, 0.1 + 100'000 / std::max(rate, 1.0));
}

double excess(double bps, double capacity) { return bps > capacity ? 1 - capacity / bps : 0; }

}  // namespace

LossControl::Fit LossControl::fit(double capacity, double most) const {
  // The share lost by itself: what is lost beyond the excess, of what the excess left.
  double lost = 0, left = 0, weight = 1;
  for (std::size_t i = 0; i < count_; ++i, weight *= kForget) {
    const auto& w = before(i);
    const auto over = excess(w.bps, capacity) * w.packets;
    lost += weight * (w.lost - std::min(over, w.lost));
    left += weight * (w.packets - std::min(over, w.lost));
  }
  Fit out;
  out.inherent = left > 0 ? std::clamp(lost / left, 0.0, most) : 0;
  weight = 1;
  for (std::size_t i = 0; i < count_; ++i, weight *= kForget) {
    const auto& w = before(i);
    const auto p = std::clamp(out.inherent + (1 - out.inherent) * excess(w.bps, capacity), kLeast, kMost);
    out.likelihood += weight * (w.lost * std::log(p) + (w.packets - w.lost) * std::log(1 - p));
  }
  return out;
}

LossControl::Verdict LossControl::update(const Window& window, double rate, std::optional<double> acknowledged) {
  auto w = window;
  w.packets = std::clamp(w.packets, 0.0, 1e5);
  w.lost = std::clamp(w.lost, 0.0, w.packets);
  windows_[at_] = w;
  at_ = (at_ + 1) % kWindows;
  count_ = std::min(count_ + 1, kWindows);
  Verdict out;
  const auto share = w.packets > 0 ? w.lost / w.packets : 0;
  if (share > 2 * inherent_ + kFarMore) {
    ++bad_;
    bad_seconds_ += w.seconds;
    if (bad_seconds_ >= kPersists) count_ = std::min(count_, bad_);
  } else {
    bad_ = 0;
    bad_seconds_ = 0;
  }
  bool any = false;
  for (std::size_t i = 0; i < count_; ++i) any = any || before(i).lost > 0;
  if (!any) {
    inherent_ = 0;
    return out;
  }
  const auto bound = most_inherent(rate, w.queue);
  const auto present = fit(rate, bound);
  inherent_ = present.inherent;
  out.may_rise = share <= inherent_ + kLittle;
  if (share < kLittle) return out;
  auto best = present.likelihood + kProof;
  const auto consider = [&](double capacity) {
    if (capacity >= rate) return;
    const auto lower = fit(capacity, bound);
    if (lower.likelihood <= best) return;
    best = lower.likelihood;
    out.lower = capacity;
    inherent_ = lower.inherent;
  };
  for (const auto step : {0.95, 0.85, 0.7, 0.5}) consider(rate * step);
  if (acknowledged) consider(*acknowledged / (1 - std::min(present.inherent, 0.5)));
  if (acknowledged) consider(*acknowledged);
  if (out.lower) out.may_rise = false;
  return out;
}

}  // namespace media
