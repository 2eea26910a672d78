// SPDX-License-Identifier: Apache-2.0
// When each packet of one connection arrived, for transport-wide feedback to its sender
// (draft-holmer-rmcat-transport-wide-cc-extensions-01). Not here: the message's bytes (wire/), what a sender makes of it.
// Invariant: remembers kWindow numbers, nothing is allocated. Media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/instant.h"
#include "wire/rtcp_transport_feedback.h"

namespace media {

class ArrivalRecord {
 public:
  static constexpr std::uint32_t kWindow = 512;

  void note(std::uint16_t sequence, base::Instant at) {
    if (!started_) {
      started_ = true;
      ring_.fill(base::Instant::never());
      highest_ = next_ = (1U << 16) | sequence;
    }
    const auto ahead = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(highest_));
    const auto extended = highest_ + static_cast<std::uint32_t>(static_cast<std::int32_t>(ahead));
    if (ahead > 0) {
      const auto steps = static_cast<std::uint32_t>(ahead);
      for (std::uint32_t i = 1; i <= steps && i <= kWindow; ++i) ring_[(highest_ + i) % kWindow] = base::Instant::never();
      highest_ = extended;
    } else if (highest_ - extended >= kWindow) {
      return;
    }
    ring_[extended % kWindow] = at;
    // The next message begins where the last ended, or earlier for a packet that came late.
    next_ = std::max(std::min(next_, extended), highest_ - std::min(highest_, kWindow - 1));
    pending_ = true;
  }
  [[nodiscard]] bool pending() const { return pending_; }

  // Fills one message with everything not yet told (it may leave a rest: pending() stays true).
  void take(wire::TransportFeedback& out) {
    out.statuses.clear();
    out.base_sequence = static_cast<std::uint16_t>(next_);
    out.feedback_count = count_++;
    auto at = base::Duration{};
    auto s = next_;
    bool any = false;
    for (; s <= highest_ && !out.statuses.full() && s - next_ < kWindow; ++s) {
      const auto arrived = ring_[s % kWindow];
      if (arrived.is_never()) {
        (void)out.statuses.push_back({});
        continue;
      }
      if (!any) {
        any = true;
        const auto units = arrived.us / wire::TransportFeedback::kReferenceUnit.us;
        out.reference_time = static_cast<std::int32_t>((units & 0xffffff) << 8) >> 8;
        at = wire::TransportFeedback::kReferenceUnit * units;
      }
      const auto ticks = (arrived.us - at.us) / wire::TransportFeedback::kTick.us;
      if (ticks > 32'767 || ticks < -32'768) break;
      (void)out.statuses.push_back({true, static_cast<std::int16_t>(ticks)});
      at = at + wire::TransportFeedback::kTick * ticks;
    }
    next_ = s;
    pending_ = s <= highest_;
  }

 private:
  bool started_ = false, pending_ = false;
  std::uint32_t highest_ = 0, next_ = 0;
  std::uint8_t count_ = 0;
  std::array<base::Instant, kWindow> ring_{};
};

}  // namespace media
