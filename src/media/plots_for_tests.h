// SPDX-License-Identifier: Apache-2.0
// A picture of the test that runs, by its name, in build/line.
#pragma once
#include <vector>

#include "sim/plot.h"

namespace media::rehearsal {

void draw(const std::vector<sim::Panel>& panels);  // line_scenarios_test.cpp, which is told where the tree stands

}  // namespace media::rehearsal
