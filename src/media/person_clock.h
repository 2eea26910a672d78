// SPDX-License-Identifier: Apache-2.0
// Puts one person's sound and picture on our wall clock: from the sender reports of each stream (RFC 3550 section 6.4.1),
// with one offset for the person, so that lips and voice agree at every receiver. Not here: sending reports. Pure.
#pragma once
#include <cstdint>
#include <optional>

#include "base/instant.h"

namespace media {

// The last sender report of one stream, on the sender's own clock.
struct StreamClock {
  std::uint32_t rate = 90'000;
  bool known = false;
  base::WallTime theirs;
  std::uint32_t timestamp = 0;
};

// Ticks of a clock of this rate in so many microseconds. In two parts: a sender may report any moment of a century, and then the whole
// product would not fit.
[[nodiscard]] constexpr std::int64_t ticks_in(std::int64_t us, std::uint32_t rate) {
  return us / 1'000'000 * static_cast<std::int64_t>(rate) + us % 1'000'000 * static_cast<std::int64_t>(rate) / 1'000'000;
}

class PersonClock {
 public:
  void report(StreamClock& stream, base::WallTime theirs, std::uint32_t timestamp, base::WallTime now) {
    stream.known = true;
    stream.theirs = theirs;
    stream.timestamp = timestamp;
    const auto offset = now.us - theirs.us;
    if (!offset_ || offset - *offset_ > kStep || *offset_ - offset > kStep)
      offset_ = offset;  // the first one, or their clock was set
    else
      offset_ = *offset_ + (offset - *offset_) / 32;  // follow a drifting clock, not the jitter of one report
  }
  // The RTP timestamp that stands for our wall time; empty before the stream's first report.
  [[nodiscard]] std::optional<std::uint32_t> timestamp_at(const StreamClock& stream, base::WallTime at) const {
    if (!stream.known || !offset_) return std::nullopt;
    const auto since = at.us - *offset_ - stream.theirs.us;
    return stream.timestamp + static_cast<std::uint32_t>(ticks_in(since, stream.rate));
  }
  // Our wall time of a sample.
  [[nodiscard]] std::optional<base::WallTime> wall_of(const StreamClock& stream, std::uint32_t timestamp) const {
    if (!stream.known || !offset_) return std::nullopt;
    const auto ticks = static_cast<std::int32_t>(timestamp - stream.timestamp);
    return base::WallTime{stream.theirs.us + *offset_ +
                          static_cast<std::int64_t>(ticks) * 1'000'000 / static_cast<std::int64_t>(stream.rate)};
  }

 private:
  static constexpr std::int64_t kStep = 1'000'000;
  std::optional<std::int64_t> offset_;  // our clock minus theirs, microseconds
};

}  // namespace media
