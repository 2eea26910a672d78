// SPDX-License-Identifier: Apache-2.0
// One plain word for a person's line, out of the figures that media keeps of it. A word changes only when two readings in a
// row agree, so that it does not flicker. Not here: measuring. Values only: any thread.
#pragma once
#include <cstdint>
#include <optional>

#include "call/message.h"
#include "media/exchange.h"

namespace call {

class LineWatch {
 public:
  // The new word where it changes. Call at even intervals; `heard`: the media connection stands.
  [[nodiscard]] std::optional<LineWord> read(const std::optional<media::LineFigures>& figures, bool heard);

 private:
  [[nodiscard]] LineWord word_now(const media::LineFigures& figures, bool heard);
  std::uint64_t packets_in_ = 0, lost_in_ = 0;
  std::optional<LineWord> candidate_, told_;
};

}  // namespace call
