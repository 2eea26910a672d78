// SPDX-License-Identifier: Apache-2.0
// See bandwidth_estimator.h. The rule for losses is that of draft-ietf-rmcat-gcc-02 section 6: above 10% down in proportion,
// below 2% up by 8% a second, between them hold.
#include "media/bandwidth_estimator.h"

#include <algorithm>

namespace media {
namespace {

constexpr auto kQueue = base::Duration::millis(60);  // longer than that on the way than at best: a queue stands
constexpr auto kDelayKept = base::Duration::seconds(5);

}  // namespace

void BandwidthEstimator::feedback(const wire::TransportFeedback& message, base::Instant now) {
  seen_feedback_ = true;
  if (!window_open_) {
    window_open_ = true;
    window_from_ = now;
  }
  message.for_each([&](std::uint16_t sequence, bool received, base::Duration arrival) {
    auto& sent = history_[sequence % kHistory];
    if (!sent.waiting || sent.sequence != sequence) return;
    if (received) {
      sent.waiting = false;
      ++window_received_;
      note_delay(base::Duration::micros(arrival.us - sent.at.us));
      window_bytes_ += sent.bytes;
    } else {
      ++window_lost_;  // told again, and then not counted as received, where it comes late: rare
      sent.waiting = false;
    }
  });
  const auto span = now - window_from_;
  if (span < base::Duration::millis(500)) return;
  const auto all = window_received_ + window_lost_;
  acknowledged_ = static_cast<std::uint32_t>(std::uint64_t{window_bytes_} * 8'000'000 / static_cast<std::uint64_t>(span.us));
  // Too few packets say nothing about the line.
  if (all >= 20) step(static_cast<double>(window_lost_) / all, span, now);
  window_from_ = now;
  window_received_ = window_lost_ = window_bytes_ = 0;
  window_delay_ = kNoDelay;
}

// By the quickest packet of the window, so that jitter alone is no queue.
bool BandwidthEstimator::queue_stands(base::Instant now) {
  if (window_delay_ == kNoDelay) return false;
  if (now - least_since_ >= kDelayKept) {
    least_before_ = least_delay_;
    least_delay_ = kNoDelay;
    least_since_ = now;
  }
  least_delay_ = std::min(least_delay_, window_delay_);
  return window_delay_ - std::min(least_delay_, least_before_) > kQueue.us;
}

void BandwidthEstimator::loss_report(double fraction, base::Instant now) {
  if (seen_feedback_) return;
  const auto span = window_open_ ? now - window_from_ : base::Duration::millis(500);
  if (window_open_ && span < base::Duration::millis(500)) {
    window_lost_ = std::max(window_lost_, static_cast<std::uint32_t>(fraction * 1'000));
    return;
  }
  const auto worst = std::max(fraction, window_lost_ / 1'000.0);
  window_open_ = true;
  window_from_ = now;
  window_lost_ = 0;
  acknowledged_ = kMost;  // not known: do not bind by it
  step(worst, std::min(span, base::Duration::seconds(2)), now);
}

void BandwidthEstimator::step(double loss, base::Duration span, base::Instant now) {
  loss_ = loss;
  const bool queue = queue_stands(now);
  if (queue || loss >= 0.02) starting_ = false;
  if (loss > 0.10) {
    // Once per 300 ms at most, so that one burst is not punished twice.
    if (lowered_.us != 0 && now - lowered_ < base::Duration::millis(300)) return;
    lowered_ = now;
    bps_ = static_cast<std::uint32_t>(bps_ * (1.0 - 0.5 * loss));
  } else if (loss < 0.02 && !queue) {
    const auto seconds = static_cast<double>(span.us) / 1e6;
    const auto raised = bps_ * (1.0 + 0.08 * std::min(seconds, 2.0)) + 1'000;
    // Room beyond what was proved: half as much again, or where we began.
    const auto bound = std::max<double>(first_, acknowledged_ * 1.5 + 50'000);
    // Where nothing is acknowledged packet by packet (receiver reports only), nothing is proved that fast.
    const auto wanted = starting_ && seen_feedback_ ? bound : raised;
    bps_ = static_cast<std::uint32_t>(std::max<double>(bps_, std::min({wanted, bound, double{kMost}})));
  }
  bps_ = std::clamp(bps_, kLeast, kMost);
}

std::uint32_t BandwidthEstimator::estimate() const { return std::min(bps_, remb_); }

}  // namespace media
