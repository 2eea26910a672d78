// SPDX-License-Identifier: Apache-2.0
// Plain text as it stands in HTML, in an element or in a quoted attribute. Not here: whole pages or messages. Any thread.
#pragma once
#include <string>
#include <string_view>

namespace interop {

[[nodiscard]] inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  return out;
}

}  // namespace interop
