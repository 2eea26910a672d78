// SPDX-License-Identifier: Apache-2.0
// `quietroom serve`: pages, API and signalling over HTTP, the database, and the call process that it starts or adopts.
// Not here: rules (admission), sockets (net/). Wiring only.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "app/demonstration.h"

namespace app {

struct ServeOptions {
  std::optional<DemonstrationSettings> demonstration;
  bool demonstration_trust = false;  // with accounts that sign in without a second factor
  std::string links_file;      // where all links of the demonstration are written; empty: nowhere
  std::string listening_file;  // JSON {http, media: [ports]}, written once both processes listen; empty: nowhere
  std::vector<std::string> call_arguments;  // how to start the call process, without --socket
  // Read again at SIGHUP: the level alone is taken over.
  std::function<std::optional<LogLevel>()> log_level_again;
};

// Runs until SIGTERM or SIGINT; tells the rooms first. Throws std::runtime_error where it cannot start.
int run_service(const Configuration& configuration, const ServeOptions& options);

}  // namespace app
