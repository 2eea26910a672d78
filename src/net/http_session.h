// SPDX-License-Identifier: Apache-2.0
// One HTTP connection, over plain TCP or TLS: header, limits, handler, answer, again; or the change to a WebSocket.
// Runs on its own strand.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "net/http_server.h"
#include "net/runtime_impl.h"

namespace net {

struct HttpServer::Shared {
  Shared(Runtime& r, HttpSettings s, const http::Site& site_in)
      : runtime(r), settings(std::move(s)), site(site_in), limits(settings.limits) {}
  Runtime& runtime;
  HttpSettings settings;
  const http::Site& site;
  AddressLimits limits;
  HttpCounters counters;
  std::unique_ptr<boost::asio::ssl::context> tls;
};

using HttpShared = std::shared_ptr<HttpServer::Shared>;

struct HttpPeer {
  std::string address;  // personal: for limits, never for logs
  bool loopback = false;
};

// Over TLS where the server has a certificate.
boost::asio::awaitable<void> serve_http(HttpShared shared, boost::asio::ip::tcp::socket socket, HttpPeer peer);

}  // namespace net
