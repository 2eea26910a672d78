// SPDX-License-Identifier: Apache-2.0
// See target.h.
#include "http/target.h"

#include <cstdint>

namespace http {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent-decodes (RFC 3986 section 2.1). `form`: '+' is a space, as browsers write queries.
base::Result<std::string, base::ParseError> decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return base::Unexpected(base::ParseError::malformed);
      const int high = hex(text[i + 1]), low = hex(text[i + 2]);
      if (high < 0 || low < 0) return base::Unexpected(base::ParseError::malformed);
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(form && c == '+' ? ' ' : c);
    }
  }
  for (const char c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return base::Unexpected(base::ParseError::malformed);
  if (!is_utf8(out)) return base::Unexpected(base::ParseError::malformed);
  return out;
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at + 1, end - at - 1);
    if (segment == "." || segment == "..") return true;
    at = end;
  }
  return false;
}

// Encoded '/', '\' and '%' in a path mean one thing to us and another to a proxy.
bool has_double_meaning(std::string_view raw) {
  for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
    if (raw[i] != '%') continue;
    const int value = hex(raw[i + 1]) * 16 + hex(raw[i + 2]);
    if (value == '/' || value == '\\' || value == '%') return true;
  }
  return raw.find('\\') != std::string_view::npos;
}

}  // namespace

bool is_utf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    const auto c = static_cast<std::uint8_t>(s[i]);
    const std::size_t more = c < 0x80 ? 0 : (c & 0xe0) == 0xc0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : (c & 0xf8) == 0xf0 ? 3 : 9;
    if (more == 9 || i + more >= s.size() + (more == 0)) return false;
    std::uint32_t point = more == 0 ? c : c & (0x3fU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto d = static_cast<std::uint8_t>(s[i + k]);
      if ((d & 0xc0) != 0x80) return false;
      point = (point << 6) | (d & 0x3fU);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    i += 1 + more;
  }
  return true;
}

base::Result<Target, base::ParseError> parse_target(std::string_view text) {
  if (text.size() > kMaxTarget) return base::Unexpected(base::ParseError::too_large);
  if (text.empty() || text[0] != '/') return base::Unexpected(base::ParseError::unsupported);
  if (text.starts_with("//")) return base::Unexpected(base::ParseError::malformed);
  if (text.find('#') != std::string_view::npos) return base::Unexpected(base::ParseError::malformed);
  const std::size_t mark = text.find('?');
  const std::string_view raw = text.substr(0, mark);
  if (has_double_meaning(raw)) return base::Unexpected(base::ParseError::malformed);
  auto path = decode(raw, false);
  if (!path) return base::Unexpected(path.error());
  if (has_dot_segment(*path)) return base::Unexpected(base::ParseError::malformed);
  Target out{.path = std::move(*path), .query = {}};
  std::string_view rest = mark == std::string_view::npos ? std::string_view{} : text.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (field.empty()) continue;
    if (out.query.size() == kMaxQueryFields) return base::Unexpected(base::ParseError::too_large);
    const std::size_t equals = field.find('=');
    auto name = decode(field.substr(0, equals), true);
    auto value = decode(equals == std::string_view::npos ? std::string_view{} : field.substr(equals + 1), true);
    if (!name || !value) return base::Unexpected(base::ParseError::malformed);
    out.query.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

}  // namespace http
