// SPDX-License-Identifier: Apache-2.0
// For tests: bytes written as hexadecimal text, spaces allowed, and a buffer that a writer fills. Not for the product.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace wire {

using Buffer = std::vector<std::uint8_t>;

[[nodiscard]] inline Buffer from_hex(std::string_view text) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Buffer out;
  bool half = false;
  for (const char c : text) {
    if (c == ' ') continue;
    if (half)
      out.back() = static_cast<std::uint8_t>(out.back() << 4 | digit(c));
    else
      out.push_back(static_cast<std::uint8_t>(digit(c)));
    half = !half;
  }
  return out;
}

[[nodiscard]] inline std::string to_hex(base::Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t b : bytes) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out;
}

// What value.write(Writer&) wrote, or nothing where it refused.
template <class T>
[[nodiscard]] Buffer written(const T& value) {
  Buffer out(1 << 16);
  base::Writer writer{out};
  if (!value.write(writer)) return {};
  out.resize(writer.size());
  return out;
}

}  // namespace wire
