// SPDX-License-Identifier: Apache-2.0
// Files as one ZIP archive in memory (APPNOTE 6.3, by libarchive). Not here: what is in them. Pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/redacted.h"
#include "base/result.h"

namespace interop {

struct FileInZip {
  std::string name;  // "data/groups.json"
  base::Redacted<std::string> content;
};
enum class ZipError : std::uint8_t { failed };
[[nodiscard]] base::Result<base::Redacted<std::string>, ZipError> zip_of(const std::vector<FileInZip>& files, base::WallTime at);

}  // namespace interop
