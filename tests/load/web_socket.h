// SPDX-License-Identifier: Apache-2.0
// One signalling connection of a synthetic person: a WebSocket client over plain HTTP, as docs/protocol.md asks for, or with
// another path and subprotocol. The only file of tests/load that knows Beast is web_socket.cpp. Not here: what is said. Runs
// on its io_context's one thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace load {

struct ServerAddress {
  std::string host;
  std::uint16_t port = 80;
  std::string target = "/api/call", protocol = "quietroom.1";  // of the WebSocket (RFC 6455 section 4.1)
};
// "http://127.0.0.1:8080"; throws std::invalid_argument for anything else than plain HTTP with host and optional port.
[[nodiscard]] ServerAddress parse_server_url(std::string_view url);

class WebSocket {
 public:
  struct Handlers {
    std::function<void()> opened;
    std::function<void(std::string_view)> text;
    std::function<void(unsigned code)> closed;  // once, and nothing after it; 1006 where there was no close frame
  };
  WebSocket(boost::asio::io_context& io, ServerAddress server, Handlers handlers);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  void send(std::string text);
  void close();
  // Whoever was here hears nothing any more; the connection stands until the other side ends it.
  void forsake();

 private:
  struct Connection;
  std::shared_ptr<Connection> connection_;
};

}  // namespace load
