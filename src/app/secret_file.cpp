// SPDX-License-Identifier: Apache-2.0
// See secret_file.h.
#include "app/secret_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace app {

std::string secret_file_of(const std::string& configured, const char* credential) {
  if (!configured.empty()) return configured;
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials != nullptr)
    if (const auto path = std::filesystem::path(credentials) / credential; std::filesystem::exists(path)) return path.string();
  return {};
}

void only_its_owners(const std::string& path, const std::string& what) {
  struct stat s {};
  if (::stat(path.c_str(), &s) == 0 && (s.st_mode & 0077) != 0) throw std::runtime_error(what + " must be readable by its owner alone: " + path);
}

}  // namespace app
