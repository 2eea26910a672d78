// SPDX-License-Identifier: Apache-2.0
// The rate that the delay allows, in bits per second: draft-ietf-rmcat-gcc-02 section 5.5. Down at once to 0.85 of what
// arrives where a queue grows, hold while it drains, up again: by 8% a second far from where the line was last found
// full, about one packet a response time near it. Not here: whether a queue grows (delay_trend.h), losses
// (loss_control.h). Application-limited care (section 5.5, RFC 7661): a line of which little is used proves nothing, so
// nothing rises by it; and a queue that grows on it is not our doing alone, so the rate falls by steps rather than to
// the little that was sent. Pure; media thread; nothing allocated.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "media/delay_trend.h"

namespace media {

class RateControl {
 public:
  struct Seen {
    DelayTrend::Use use = DelayTrend::Use::normal;
    std::optional<std::uint32_t> acknowledged;  // bits per second
    bool limited = false;                       // the line is not used up to the rate
    bool may_rise = true;                       // false: losses, or a queue that stands
    base::Duration round_trip = base::Duration::millis(100);
  };

  RateControl(std::uint32_t first, std::uint32_t least, std::uint32_t most) : bps_(first), least_(least), most_(most) {}
  // True: it fell.
  bool update(const Seen& seen, base::Instant now);
  void set(std::uint32_t bps, base::Instant now);
  // Losses, a probe showed the line full at this rate.
  void full_at(std::uint32_t bps, double weight);
  [[nodiscard]] std::uint32_t bps() const { return bps_; }
  // What the line was last found to carry, where that is known.
  [[nodiscard]] std::optional<std::uint32_t> capacity() const;

 private:
  enum class State : std::uint8_t { hold, increase };
  bool decrease(const Seen& seen, base::Instant now);
  void increase(const Seen& seen, base::Instant now);
  [[nodiscard]] double additive(base::Duration round_trip) const;
  std::uint32_t bps_, least_, most_;
  State state_ = State::hold;
  base::Instant changed_{-1'000'000'000}, fell_{-1'000'000'000};
  double capacity_kbps_ = 0, deviation_ = 0.4;  // zero: not known
};

}  // namespace media
