// SPDX-License-Identifier: Apache-2.0
// Whether a line carries more than what is sent on it, by a short burst at a higher rate whose spacing on arrival is
// measured (draft-ietf-rmcat-gcc-02 section 5.5 leaves it to the sender; the rules are libwebrtc's). Here: when a burst
// is worth it, how much of it is due, what came of it. Not here: its bytes (delivery.h: repeats of pictures, or
// padding, both by RTX, since what is sealed can be filled up with nothing else). Invariant: one burst at a time, at
// most kMostBytes; results come from the receiver, so they are used within bounds alone, and an identity that was never
// given out is ignored. Pure; media thread; nothing allocated.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/instant.h"

namespace media {

class Probes {
 public:
  static constexpr base::Duration kEvery = base::Duration::seconds(5), kEveryPoor = base::Duration::seconds(10);
  static constexpr base::Duration kLength = base::Duration::millis(20), kTick = base::Duration::millis(4);
  static constexpr std::size_t kLeastPackets = 5, kMostBytes = 60'000;
  static constexpr std::uint32_t kPoor = 150'000;  // bits per second

  struct Result {
    std::uint32_t bps = 0;
    bool full = false;  // it came slower than it was sent: this is what the line carries
  };

  // A burst begins where `wanted` is more than the estimate and it is time for one. True: it did.
  bool consider(std::uint32_t estimate, std::uint32_t wanted, base::Instant now);
  // None for a while: a queue has just been found.
  void wait_until(base::Instant at) { next_ = std::max(next_, at); }
  // Of the burst that is being sent, so that what is sent meanwhile is marked as part of it; 0: none is.
  [[nodiscard]] std::uint8_t mark() const { return sending_ ? id_ : 0; }
  // Bytes that are behind the burst's rate, and when to look again.
  [[nodiscard]] std::size_t due(base::Instant now) const;
  [[nodiscard]] base::Instant next() const { return sending_ ? tick_ : base::Instant::never(); }
  void sent(std::size_t bytes, base::Instant at);
  // Looked at: the next tick, or the end of it.
  void ticked(base::Instant now);
  void stop() { sending_ = false; }

  void arrived(std::uint8_t mark, base::Instant sent, base::Duration arrival, std::size_t bytes);
  // After a feedback message. Empty: nothing to say yet, or nothing came of it.
  [[nodiscard]] std::optional<Result> take_result(base::Instant now);
  [[nodiscard]] std::uint32_t target() const { return bps_; }

 private:
  std::uint8_t id_ = 0;
  bool sending_ = false, open_ = false;  // open: a result may still come
  std::uint32_t bps_ = 0;
  base::Instant began_, tick_, ended_, next_;
  std::size_t bytes_ = 0, packets_ = 0, target_bytes_ = 0;
  // What came back.
  std::size_t came_ = 0, came_bytes_ = 0, first_bytes_ = 0, last_bytes_ = 0;
  base::Instant first_sent_, last_sent_;
  base::Duration first_arrival_, last_arrival_;
};

}  // namespace media
