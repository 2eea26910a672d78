// SPDX-License-Identifier: Apache-2.0
// One plain word for a person's line, and what of the room it carries to them, out of the figures that media keeps of it.
// What is worse is told after two readings in a row, what is better after four, so that nothing flickers: close to a limit,
// pictures come and go. Not here: measuring. Values only: any thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "call/message.h"
#include "media/exchange.h"

namespace call {

struct LineReading {
  LineWord word = LineWord::good;
  media::Pictures pictures = media::Pictures::full;
  std::vector<base::ArrivalId> thinned;  // whose sound the line does not carry at present
  bool operator==(const LineReading&) const = default;
};

// A value that may be better (less) or worse (more), as it is told.
template <class T>
class Steady {
 public:
  static constexpr std::size_t kWorseAfter = 2, kBetterAfter = 4;  // readings in a row
  // True where what is told changes.
  bool read(T now) {
    last_[next_++ % kBetterAfter] = now;
    if (next_ < kWorseAfter) return false;
    const auto before = [&](std::size_t back) { return last_[(next_ - 1 - back) % kBetterAfter]; };
    auto said = told;
    if (const auto least = std::min(before(0), before(1)); !told || least > *told) said = least;
    if (told && next_ >= kBetterAfter)
      if (const auto most = std::ranges::max(last_); most < *told) said = most;
    return std::exchange(told, said) != said;
  }
  std::optional<T> told;

 private:
  std::array<T, kBetterAfter> last_{};
  std::size_t next_ = 0;
};

class LineWatch {
 public:
  // The new reading where it changes. Call at even intervals; `heard`: the media connection stands.
  [[nodiscard]] std::optional<LineReading> read(const std::optional<media::LineFigures>& figures, bool heard);

 private:
  [[nodiscard]] LineWord word_now(const media::LineFigures& figures, bool heard);
  std::uint64_t packets_in_ = 0, lost_in_ = 0;
  Steady<LineWord> word_;
  Steady<media::Pictures> pictures_;
  // Who is thinned changes with who speaks: told of are those who were in two of the last four readings.
  std::array<std::vector<base::ArrivalId>, 4> thinned_;
  std::vector<base::ArrivalId> thinned_told_;
  std::size_t reading_ = 0;
};

}  // namespace call
