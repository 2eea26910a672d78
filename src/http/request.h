// SPDX-License-Identifier: Apache-2.0
// One HTTP request and one response as values (RFC 9110). Not here: sockets, parsing of the wire (net/), routes.
// The body and the peer's address may be personal: they are Redacted.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/redacted.h"
#include "http/target.h"

namespace http {

enum class Method : std::uint8_t { get, head, post, put, del, options, other };
[[nodiscard]] std::string_view to_text(Method);
[[nodiscard]] Method parse_method(std::string_view);

struct Header {
  std::string name, value;
  bool operator==(const Header&) const = default;
};
// Case-insensitive (RFC 9110 section 5.1); the first of that name, or empty.
[[nodiscard]] std::string_view find_header(const std::vector<Header>&, std::string_view name);

struct Request {
  Method method = Method::get;
  Target target;
  std::vector<Header> headers;
  base::Redacted<std::string> body;
  base::Redacted<std::string> peer;  // address without port, of IPv6 its /64: to count by
  bool loopback = false;             // the peer is this machine
  bool secure = false;               // over TLS
  std::vector<std::string> path_values;  // what stood at {…} in the route's pattern
  [[nodiscard]] std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::shared_ptr<const std::string> body;  // may be null; shared so that a file is held once
  void set(std::string name, std::string value);
  [[nodiscard]] std::string_view header(std::string_view name) const { return find_header(headers, name); }
  [[nodiscard]] std::string_view text() const { return body ? std::string_view{*body} : std::string_view{}; }
};

// 200 with a JSON body that must not be cached.
[[nodiscard]] Response json(std::string body);
[[nodiscard]] Response plain(int status, std::string body);
// Problem details (RFC 9457). `kind` is a slug ("link-not-known"), `title` is for people; neither may hold what was sent.
[[nodiscard]] Response problem(int status, std::string_view kind, std::string_view title);

}  // namespace http
