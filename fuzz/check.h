// SPDX-License-Identifier: Apache-2.0
// What a fuzzer does when a property does not hold: stop, in every build.
#pragma once
#include <cstdlib>

inline void require(bool holds) {
  if (!holds) std::abort();
}
