// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 and WebSockets on TCP, with TLS where a certificate is given. Takes requests apart, keeps the limits, and hands
// values to an http::Site. Not here: what is answered; HTTP/2 (a proxy in front). Invariant: no line it reads, no address
// and no header value is ever logged. Handlers run on the runtime's pool, sockets on its io threads.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "http/site.h"
#include "net/address_limits.h"
#include "net/runtime.h"

namespace net {

struct HttpSettings {
  std::vector<std::string> listen{"127.0.0.1", "::1"};
  std::uint16_t port = 8080;  // 0: the machine chooses
  std::string certificate, key;  // PEM files; both or neither
  bool plain_beyond_loopback = false;
  std::uint32_t header_limit = 16 * 1024;
  std::uint64_t body_limit = std::uint64_t{256} * 1024;
  base::Duration header_time = base::Duration::seconds(10);  // from the first wait to the end of the header
  base::Duration body_time = base::Duration::seconds(20);
  base::Duration write_time = base::Duration::seconds(30);
  base::Duration ping_every = base::Duration::seconds(20);
  base::Duration close_within = base::Duration::seconds(3);  // then the connection is cut
  std::size_t send_queue = 1 << 20;  // bytes waiting for one WebSocket's reader
  AddressLimitSettings limits;
};

struct HttpCounters {
  std::array<std::atomic<std::uint64_t>, 6> by_class{};  // [2]: 200..299; [0]: no answer could be sent
  std::atomic<std::uint64_t> accepted{0}, refused_connections{0}, too_fast{0}, malformed{0}, tls_failed{0}, timed_out{0};
  std::atomic<std::uint64_t> sockets_opened{0}, sockets_open{0}, slow_readers{0};
};

class HttpServer {
 public:
  // Binds and loads the certificate; throws std::runtime_error where it cannot. Accepts from start() on.
  HttpServer(Runtime& runtime, HttpSettings settings, const http::Site& site);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  void start();
  // Takes no more connections; those that stand go on until the runtime stops.
  void stop();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const HttpCounters& counters() const;
  [[nodiscard]] std::uint32_t connections() const;

  struct Shared;  // what every session needs (http_session.h)

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace net
