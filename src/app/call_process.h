// SPDX-License-Identifier: Apache-2.0
// `quietroom call`: rooms and media, without database, names or files. Listens on a Unix socket for the service, routes its
// frames by room to the media threads, and goes on with its rooms when the service is gone. Not here: what the rooms do.
#pragma once
#include <string>

#include "app/configuration.h"

namespace app {

// Runs until the service says Stop, or SIGTERM, or nobody has come and no room is left for ten minutes. The exit status.
// Throws std::runtime_error where it cannot start.
int run_call(const Configuration& configuration, const std::string& socket_path);

}  // namespace app
