// SPDX-License-Identifier: Apache-2.0
// A first estimate of what the line to one person carries: from losses (transport-wide feedback or receiver reports), from
// what arrives, and from REMB where that is all they say. It starts fast: until the first sign of a limit (losses, or packets
// that wait ever longer) it goes at once to half as much again as was proved. Delay gradients are not followed yet (issue 5):
// a standing queue stops the rise, only losses lower.
// Invariant: kLeast <= estimate() <= kMost; rises only while the line is really used. Pure; media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"
#include "wire/rtcp_transport_feedback.h"

namespace media {

class BandwidthEstimator {
 public:
  static constexpr std::uint32_t kLeast = 50'000, kFirst = 2'000'000, kMost = 50'000'000;  // bits per second

  // `first`: what a line is thought to carry before anything was measured.
  explicit BandwidthEstimator(std::uint32_t first = kFirst) : first_(std::clamp(first, kLeast, kMost)), bps_(first_) {}

  // A packet went out under this transport-wide number.
  void sent(std::uint16_t sequence, std::size_t bytes, base::Instant at) {
    history_[sequence % kHistory] = {at, static_cast<std::uint16_t>(bytes), sequence, true};
  }
  void feedback(const wire::TransportFeedback& message, base::Instant now);
  // From a receiver report, where the receiver gives no transport-wide feedback.
  void loss_report(double fraction, base::Instant now);
  void remb(std::uint64_t bps) {
    remb_ = static_cast<std::uint32_t>(bps < kLeast ? kLeast : bps > kMost ? kMost : bps);
  }
  [[nodiscard]] std::uint32_t estimate() const;
  [[nodiscard]] double loss() const { return loss_; }  // 0..1, of the last window
  [[nodiscard]] std::uint32_t acknowledged_bps() const { return acknowledged_; }

 private:
  struct Sent {
    base::Instant at;
    std::uint16_t bytes = 0, sequence = 0;
    bool waiting = false;
  };
  static constexpr std::size_t kHistory = 2048;
  void step(double loss, base::Duration span, base::Instant now);
  void note_delay(base::Duration sent_to_arrival) { window_delay_ = std::min(window_delay_, sent_to_arrival.us); }
  [[nodiscard]] bool queue_stands(base::Instant now);
  std::array<Sent, kHistory> history_{};
  std::uint32_t first_, bps_, remb_ = kMost, acknowledged_ = 0;
  double loss_ = 0;
  bool seen_feedback_ = false;
  base::Instant window_from_, lowered_;
  bool window_open_ = false;
  bool starting_ = true;
  // The least time from sending to arrival, on two clocks, so only differences count: of this window, of the last five to
  // ten seconds (the clocks drift, so older ones are let go).
  static constexpr std::int64_t kNoDelay = INT64_MAX;
  std::int64_t window_delay_ = kNoDelay, least_delay_ = kNoDelay, least_before_ = kNoDelay;
  base::Instant least_since_;
  std::uint32_t window_received_ = 0, window_lost_ = 0, window_bytes_ = 0;
};

}  // namespace media
