// SPDX-License-Identifier: Apache-2.0
// Which packets of one received stream are missing and when to ask for each (RFC 4585 section 6.2.1). A packet is asked for
// 10 ms after the gap shows (it may only be late), then every round trip, at most ten times within a second. Not here:
// building the message. Invariant: at most kMost are missing at once; nothing is allocated once as many were. Media thread.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/instant.h"

namespace media {

class NackList {
 public:
  static constexpr std::size_t kMost = 128;
  static constexpr base::Duration kPatience = base::Duration::millis(10);

  // `newest` came and the `skipped` numbers before it did not. False: the gap is too long to repair (ask for a key frame).
  bool missing(std::uint32_t newest, std::uint32_t skipped, base::Instant now) {
    if (skipped == 0) return true;
    if (skipped > kMost || count_ + skipped > kMost) {
      count_ = 0;
      return false;
    }
    if (entries_.size() < count_ + skipped) entries_.resize(std::min<std::size_t>(kMost, std::bit_ceil(count_ + skipped)));
    for (auto s = newest - skipped; s != newest; ++s) entries_[count_++] = {s, 0, now, now + kPatience};
    return true;
  }
  // True where it was missing.
  bool arrived(std::uint32_t sequence) {
    for (std::size_t i = 0; i < count_; ++i)
      if (entries_[i].sequence == sequence) {
        std::copy(entries_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  entries_.begin() + static_cast<std::ptrdiff_t>(count_), entries_.begin() + static_cast<std::ptrdiff_t>(i));
        --count_;
        return true;
      }
    return false;
  }
  // Writes the numbers to ask for now, ascending, and counts them as asked. Gives up on the old: `gave_up` is then true.
  struct Due {
    std::array<std::uint16_t, kMost> sequences;
    std::size_t count = 0;
    bool gave_up = false;
  };
  void due(base::Instant now, base::Duration round_trip, Due& out) {
    out.count = 0;
    out.gave_up = false;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      auto entry = entries_[i];
      if (entry.asked >= 10 || now - entry.since > base::Duration::seconds(1)) {
        out.gave_up = true;
        continue;
      }
      if (entry.at <= now) {
        out.sequences[out.count++] = static_cast<std::uint16_t>(entry.sequence);
        ++entry.asked;
        entry.at = now + std::clamp(round_trip + round_trip / 4, base::Duration::millis(20), base::Duration::millis(300));
      }
      entries_[kept++] = entry;
    }
    count_ = kept;
  }
  [[nodiscard]] base::Instant next() const {
    auto at = base::Instant::never();
    for (std::size_t i = 0; i < count_; ++i) at = std::min(at, entries_[i].at);
    return at;
  }
  void clear() { count_ = 0; }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Entry {
    std::uint32_t sequence = 0;
    std::uint8_t asked = 0;
    base::Instant since, at;
  };
  std::vector<Entry> entries_;  // as many as were missing at once
  std::size_t count_ = 0;
};

}  // namespace media
