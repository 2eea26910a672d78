// SPDX-License-Identifier: Apache-2.0
// The request target (RFC 9112 section 3.2.1, origin-form only) as a decoded path and query. Strict: what could mean two
// things to two programs (dot segments, encoded slashes, control bytes, backslashes, bad UTF-8) is refused, not mended.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace http {

struct Target {
  std::string path;  // begins with '/', percent-decoded
  std::vector<std::pair<std::string, std::string>> query;
  bool operator==(const Target&) const = default;
};

inline constexpr std::size_t kMaxTarget = 2'048;
inline constexpr std::size_t kMaxQueryFields = 32;

[[nodiscard]] base::Result<Target, base::ParseError> parse_target(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace http
