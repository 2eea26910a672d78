// SPDX-License-Identifier: Apache-2.0
// What has arrived of one RTP stream: extended sequence numbers, losses and jitter for receiver reports (RFC 3550 sections
// 6.4.1, A.1, A.3, A.8). Not here: asking for what is missing (nack_list.h). Pure; runs on the room's media thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "base/replay_window.h"

namespace media {

class SequenceTracker {
 public:
  // `after`: extended numbers begin in a later cycle than this one (a stream that takes another's place).
  explicit SequenceTracker(std::uint32_t clock_rate, std::uint32_t after = 0) : clock_rate_(clock_rate), after_(after) {}

  struct Arrival {
    std::uint32_t extended = 0;
    bool newest = false;     // beyond everything before it
    std::uint32_t skipped = 0;  // newest only: how many numbers before it have not come
    bool again = false;         // it has come before, or is too old to know
  };
  // Empty where the number jumps so far that it cannot be this stream going on (a second such packet in a row restarts).
  [[nodiscard]] std::optional<Arrival> note(std::uint16_t sequence) {
    if (!started_) {
      started_ = true;
      // A first number near the wrap must be able to have older neighbours, so cycles count from one.
      base_ = highest_ = (((after_ >> 16) + (after_ == 0 ? 1U : 2U)) << 16) | sequence;
      cycles_ = highest_ & 0xffff0000U;
      received_ = 1;
      came_.mark(highest_);
      return Arrival{highest_, true, 0};
    }
    const auto ahead = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(highest_));
    if (ahead > kMaxJump || ahead < -kMaxJump) return jump(sequence);
    suspect_.reset();
    const auto extended = highest_ + static_cast<std::uint32_t>(static_cast<std::int32_t>(ahead));
    ++received_;
    const bool again = !came_.fresh(extended);
    if (!again) came_.mark(extended);
    if (ahead <= 0) return Arrival{extended, false, 0, again};
    highest_ = extended;
    return Arrival{extended, true, static_cast<std::uint32_t>(ahead - 1)};
  }
  // RFC 3550 section A.8. Newest packets only.
  void note_timing(std::uint32_t timestamp, base::Instant arrived) {
    const auto arrival = static_cast<std::uint32_t>(static_cast<std::uint64_t>(arrived.us) * clock_rate_ / 1'000'000);
    const auto transit = arrival - timestamp;
    if (has_transit_) {
      const auto d = static_cast<std::int32_t>(transit - transit_);
      const auto size = d < 0 ? -static_cast<std::int64_t>(d) : static_cast<std::int64_t>(d);
      if (size < static_cast<std::int64_t>(clock_rate_) * 5) jitter16_ += size - ((jitter16_ + 8) >> 4);
    }
    transit_ = transit;
    has_transit_ = true;
  }

  struct Report {
    std::uint8_t fraction_lost = 0;  // of 256, since the last report
    std::int32_t lost = 0;           // in all
    std::uint32_t highest = 0;
    std::uint32_t jitter = 0;  // in the stream's clock
  };
  [[nodiscard]] Report report() {
    const auto expected = highest_ - base_ + 1;
    const auto expected_now = expected - expected_before_;
    const auto received_now = received_ - received_before_;
    expected_before_ = expected;
    received_before_ = received_;
    Report out;
    if (expected_now > received_now && expected_now > 0)
      out.fraction_lost = static_cast<std::uint8_t>(std::min(255U, ((expected_now - received_now) << 8) / expected_now));
    out.lost = std::clamp(static_cast<std::int32_t>(expected - received_), -0x800000, 0x7fffff);
    out.highest = highest_ - cycles_;
    out.jitter = static_cast<std::uint32_t>(jitter16_ >> 4);
    return out;
  }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint32_t highest() const { return highest_; }
  [[nodiscard]] std::uint32_t received() const { return received_; }
  [[nodiscard]] std::uint32_t expected() const { return started_ ? highest_ - base_ + 1 : 0; }

  static constexpr std::int16_t kMaxJump = 3'000;

 private:
  std::optional<Arrival> jump(std::uint16_t sequence) {
    if (!suspect_ || sequence != static_cast<std::uint16_t>(*suspect_ + 1)) {
      suspect_ = sequence;
      return std::nullopt;
    }
    // The sender has restarted its numbers: go on in the next cycle, counting afresh.
    suspect_.reset();
    highest_ = ((highest_ >> 16) + 2) << 16 | sequence;
    base_ = highest_;
    cycles_ = highest_ & 0xffff0000U;
    received_ = 1;
    came_ = {};
    came_.mark(highest_);
    expected_before_ = received_before_ = 0;
    has_transit_ = false;
    return Arrival{highest_, true, 0};
  }
  std::uint32_t clock_rate_, after_;
  bool started_ = false;
  std::uint32_t base_ = 0, highest_ = 0, cycles_ = 0, received_ = 0, expected_before_ = 0, received_before_ = 0;
  base::ReplayWindow<512> came_;
  std::optional<std::uint16_t> suspect_;
  bool has_transit_ = false;
  std::uint32_t transit_ = 0;
  std::int64_t jitter16_ = 0;
};

}  // namespace media
