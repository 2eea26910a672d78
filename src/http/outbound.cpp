// SPDX-License-Identifier: Apache-2.0
// See outbound.h.
#include "http/outbound.h"

#include <algorithm>

namespace http {

bool good_outbound_address(std::string_view url) {
  const bool clean = std::ranges::all_of(url, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '\\'; });
  if (!clean || url.size() > 2'048) return false;
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return false;
  url.remove_prefix(tls ? 8 : 7);
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.empty() || authority.find('@') != std::string_view::npos) return false;
  if (tls) return true;
  const std::size_t colon = authority.starts_with('[') ? authority.find("]:") : authority.find(':');
  std::string_view host = authority;
  if (colon != std::string_view::npos) host = authority.substr(0, colon + (authority.starts_with('[') ? 1 : 0));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace http
