// SPDX-License-Identifier: Apache-2.0
// Asking another server over HTTP, as an interface: net/http_client is the real one, tests answer themselves. Not here: sockets,
// TLS. Redirects are never followed; addresses are https, or http to this machine. send() blocks up to `most`. Any thread.
#pragma once
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/redacted.h"
#include "base/result.h"
#include "http/request.h"

namespace http {

struct OutboundRequest {
  Method method = Method::get;
  std::string url;
  std::vector<Header> headers;
  base::Redacted<std::string> body;
  std::size_t max_answer = std::size_t{256} * 1024;
  base::Duration most = base::Duration::seconds(10);
};
struct OutboundAnswer {
  int status = 0;
  base::Redacted<std::string> body;
};
enum class OutboundError : std::uint8_t {
  refused_address,  // not https, and not this machine
  unreachable,      // no name, no line, a certificate that does not hold
  too_large,
  too_slow,
};

class Outbound {
 public:
  Outbound() = default;
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;
  virtual ~Outbound() = default;
  [[nodiscard]] virtual base::Result<OutboundAnswer, OutboundError> send(const OutboundRequest& request) = 0;
};

// https://…, or http:// to localhost, 127.0.0.1 or [::1].
[[nodiscard]] bool good_outbound_address(std::string_view url);

}  // namespace http
