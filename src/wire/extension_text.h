// SPDX-License-Identifier: Apache-2.0
// What mid, rid and repaired rid share: a short token as an SDES header extension (RFC 7941 section 4). The alphabet is
// that of RFC 4566's token, which leaves nothing that could break a line of SDP or of a log.
#pragma once
#include <algorithm>

#include "wire/extension_use.h"

namespace wire {

inline constexpr std::size_t kMaxExtensionText = 16;  // fits the one-byte form

[[nodiscard]] constexpr bool is_token(std::string_view text) {
  constexpr std::string_view kOther = "!#$%&'*+-.^_`{|}~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOther.find(c) != std::string_view::npos;
  });
}

template <class Self>
struct TextExtension {
  std::string_view value;
  bool operator==(const TextExtension&) const = default;

  [[nodiscard]] static Parsed<Self> parse(base::Bytes data) {
    if (data.size() > kMaxExtensionText) return base::Unexpected{base::ParseError::too_large};
    if (!is_token(base::as_text(data))) return base::Unexpected{base::ParseError::malformed};
    Self out;
    out.value = base::as_text(data);
    return out;
  }
  bool write(base::Writer& out) const {
    if (!is_token(value) || value.size() > kMaxExtensionText) return false;
    out.bytes(base::as_bytes(value));
    return out.ok();
  }
};

}  // namespace wire
