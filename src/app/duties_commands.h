// SPDX-License-Identifier: Apache-2.0
// What an operator does about how long what is kept, and about a copy of one person's record, from the command line. Each says what
// it did with counts and without a personal value, and returns the exit status. Throws std::runtime_error where it cannot. One thread.
#pragma once
#include <string>

#include "app/configuration.h"

namespace app {

// The periods, and what goes on which day.
[[nodiscard]] int show_retention(const Configuration& configuration);
// The day's run now, also where there was one today.
[[nodiscard]] int run_retention_now(const Configuration& configuration);
// Everything of one person as a ZIP of pages that they can read, into a new file of mode 0600; the reason goes on record.
[[nodiscard]] int export_one_person(const Configuration& configuration, const std::string& person, const std::string& file, const std::string& reason);

}  // namespace app
