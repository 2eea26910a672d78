// SPDX-License-Identifier: Apache-2.0
// What is said to the bridge, a line of JSON each: {"down": {...}} and {"up": {...}} say what that direction is from
// now on, as a whole (what is left out is as on a good line); {} only asks. The answer is the counters of both, or
// {"error": pointer}. Down is towards the far side.
#pragma once
#include <string>
#include <string_view>

#include "bridge/direction.h"

namespace bridge {

struct Both {
  Direction down, up;
};

// The answer, without its end of line.
[[nodiscard]] std::string obey(Both& line, std::string_view command);

}  // namespace bridge
