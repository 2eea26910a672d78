// SPDX-License-Identifier: Apache-2.0
// The sums of a crowd: what its people counted, what they saw and heard of each other, and the line that a sample is. Not here: when (crowd.h). Pure.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "load/crowd.h"

namespace load {

void count_in(const Participant& person, Measured& out);
void add(const Measured& some, Measured& to);
// What was counted between two moments; latencies, which are of the time between alone, stay.
void take_since(const Measured& start, const Measured& end, Measured& out);
// Of honest people about each other.
[[nodiscard]] Seen seen_in(const std::vector<Seated>& people, Measured measured);

// A loss can heal, so that there is less of it than there was.
struct Losses {
  std::int64_t expected = 0, lost = 0;
};
struct SampleFigures {
  double seconds = 0;
  bool settled = false;
  std::size_t present = 0, faults = 0;
  Losses good, poor;  // lines
};
// One line of JSON (README.md).
[[nodiscard]] std::string sample_line(const SampleFigures& sample, const Latencies& latencies, const Measured& own, const ChurnCounts& churn);

}  // namespace load
