// SPDX-License-Identifier: Apache-2.0
// What an operator does with accounts and the audit trail from the command line: make an administrator (the first one has nobody
// else to make them), check the trail's chain. Not here: argument parsing (main), what the pages do (identity/staff_routes).
// Throws std::runtime_error where it cannot. One thread.
#pragma once
#include <string>

#include "app/configuration.h"

namespace app {

// Makes the account, or gives an existing one the role, and prints a one-time address to set it up.
[[nodiscard]] int create_administrator(const Configuration& configuration, const std::string& email, const std::string& name);
// 0 where every row stands as it was written; 1 and the first wrong row's number else.
[[nodiscard]] int verify_audit_trail(const Configuration& configuration);

}  // namespace app
