// SPDX-License-Identifier: Apache-2.0
// One WebSocket (RFC 6455) as its user sees it: texts in, texts out, a close code. Not here: Beast, frames, pings (net/).
// Thread rule: send() and close() may be called from any thread; the user's on_… calls come one at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/request.h"

namespace http {

class WebSocket {
 public:
  WebSocket() = default;
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  virtual ~WebSocket() = default;
  // Queued; a reader too slow for the bounded queue is closed with 1013.
  virtual void send(std::string text) = 0;
  // After what is queued was sent; hard after a few seconds.
  virtual void close(std::uint16_t code) = 0;
};

class WebSocketUser {
 public:
  WebSocketUser() = default;
  WebSocketUser(const WebSocketUser&) = delete;
  WebSocketUser& operator=(const WebSocketUser&) = delete;
  virtual ~WebSocketUser() = default;
  virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_text(std::string text) = 0;
  virtual void on_closed() = 0;  // the last call
};

struct WebSocketRoute {
  std::string path;
  std::string subprotocol;
  std::size_t max_message = std::size_t{64} * 1024;
  std::function<std::shared_ptr<WebSocketUser>()> make;
};

}  // namespace http
