// SPDX-License-Identifier: Apache-2.0
// Where a secret of the service lies: a file that the configuration names, else a systemd credential. Not here: what it holds, and
// making one (service_store.cpp, turn_relay.cpp).
#pragma once
#include <string>

namespace app {

// Empty where neither is there: it is the data folder's then.
[[nodiscard]] std::string secret_file_of(const std::string& configured, const char* credential);
// Throws std::runtime_error, which names it as `what`, where others than its owner may read it.
void only_its_owners(const std::string& path, const std::string& what);

}  // namespace app
