// SPDX-License-Identifier: Apache-2.0
// HTTP requests to other servers by libcurl: TLS verified, redirects off, https alone except to this machine, size and time
// bounded, no proxy and no cookies. Not here: what is asked. Each send() has a connection of its own. Any thread; it blocks.
#pragma once
#include "http/outbound.h"

namespace net {

class HttpClient final : public http::Outbound {
 public:
  HttpClient();
  [[nodiscard]] base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest& request) override;
};

}  // namespace net
