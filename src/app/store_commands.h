// SPDX-License-Identifier: Apache-2.0
// What an operator does with the database from the command line: migrate, backup, restore, copy, keys. Each says what it did with
// counts, and returns the exit status. Not here: argument parsing (main). One thread.
#pragma once
#include <optional>
#include <string>

#include "app/configuration.h"

namespace app {

[[nodiscard]] int migrate_database(const Configuration& configuration);
// Into a new SQLite file, from either engine, while the service runs. The key file is not in it.
[[nodiscard]] int backup_database(const Configuration& configuration, const std::string& file);
// Out of such a file into the configured database, which must be empty.
[[nodiscard]] int restore_database(const Configuration& configuration, const std::string& file);
// From the configured database into another, empty one; one of both is SQLite.
[[nodiscard]] int copy_database(const Configuration& configuration, const std::string& to_url);
// The trust's table of deprivation by postcode, from a CSV file; everybody's decile follows.
[[nodiscard]] int load_postcode_file(const Configuration& configuration, const std::string& file, std::optional<int> year);
// A line for the key file, on standard output.
[[nodiscard]] int print_new_key(const std::string& name);

}  // namespace app
