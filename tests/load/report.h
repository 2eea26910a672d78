// SPDX-License-Identifier: Apache-2.0
// What a run came to, as JSON for programs and as lines for people. The JSON is described in README.md. Pure; any thread.
#pragma once
#include <string>

#include "load/crowd.h"

namespace load {

// Everything: run figures, people, pairs.
[[nodiscard]] std::string report_json(const CrowdSettings& settings, const RunResult& result);
// People and pairs alone, for `./run --check`.
[[nodiscard]] std::string check_json(const CrowdSettings& settings, const RunResult& result);
[[nodiscard]] std::string report_text(const CrowdSettings& settings, const RunResult& result);

// Of all pairs of synthetic people in one room: how many there are, and in how many the right code and tone arrived.
struct Pairs {
  std::size_t all = 0, right = 0;
};
[[nodiscard]] Pairs count_pairs(const CrowdSettings& settings, const RunResult& result);

}  // namespace load
