// SPDX-License-Identifier: Apache-2.0
// Beast, callbacks, one thread. The connection lives until its last operation has ended.
#include "load/web_socket.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <deque>
#include <stdexcept>

namespace load {

namespace asio = boost::asio;
namespace beast = boost::beast;

ServerAddress parse_server_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) throw std::invalid_argument("the server's address must begin with http://");
  auto rest = url.substr(kScheme.size());
  rest = rest.substr(0, rest.find('/'));
  ServerAddress out;
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    const auto digits = rest.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) throw std::invalid_argument("that is no port");
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) throw std::invalid_argument("the server's address has no host");
  out.host = rest;
  return out;
}

struct WebSocket::Connection : std::enable_shared_from_this<Connection> {
  Connection(asio::io_context& io, ServerAddress address, Handlers h)
      : server(std::move(address)), handlers(std::move(h)), resolver(io), stream(io) {}

  void start() {
    resolver.async_resolve(server.host, std::to_string(server.port),
                           [self = shared_from_this()](beast::error_code error, const auto& found) {
                             if (error) return self->end(1006);
                             self->connect(found);
                           });
  }
  void connect(const asio::ip::tcp::resolver::results_type& found) {
    beast::get_lowest_layer(stream).async_connect(found, [self = shared_from_this()](beast::error_code error, const auto&) {
      if (error) return self->end(1006);
      self->handshake();
    });
  }
  void handshake() {
    beast::get_lowest_layer(stream).expires_never();
    beast::get_lowest_layer(stream).socket().set_option(asio::ip::tcp::no_delay(true));
    stream.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::client));
    stream.read_message_max(256 * 1024);
    const std::string host = server.host + ":" + std::to_string(server.port);
    stream.set_option(beast::websocket::stream_base::decorator([host, protocol = server.protocol](beast::websocket::request_type& request) {
      request.set(beast::http::field::sec_websocket_protocol, protocol);
      request.set(beast::http::field::origin, "http://" + host);
    }));
    stream.async_handshake(host, server.target, [self = shared_from_this()](beast::error_code error) {
      if (error) return self->end(1006);
      self->open = true;
      self->stream.text(true);
      if (self->handlers.opened) self->handlers.opened();
      self->write();
      self->read();
    });
  }
  void read() {
    stream.async_read(buffer, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->end(self->stream.reason().code == 0 ? 1006U : self->stream.reason().code);
      const auto data = self->buffer.cdata();
      if (self->handlers.text) self->handlers.text({static_cast<const char*>(data.data()), data.size()});
      self->buffer.consume(self->buffer.size());
      self->read();
    });
  }
  void write() {
    if (!open || writing || queue.empty()) return;
    writing = true;
    stream.async_write(asio::buffer(queue.front()), [self = shared_from_this()](beast::error_code error, std::size_t) {
      self->writing = false;
      self->queue.pop_front();
      if (error) return;  // the read tells
      self->write();
      if (self->closing && self->queue.empty()) self->close_now();
    });
  }
  void close_now() {
    if (!open) return;
    open = false;
    stream.async_close(beast::websocket::close_code::normal, [self = shared_from_this()](beast::error_code) {});
  }
  void end(unsigned code) {
    open = false;
    if (auto closed = std::exchange(handlers, {}).closed) closed(code);
  }

  ServerAddress server;
  Handlers handlers;
  asio::ip::tcp::resolver resolver;
  beast::websocket::stream<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
  std::deque<std::string> queue;
  bool open = false, writing = false, closing = false;
};

WebSocket::WebSocket(boost::asio::io_context& io, ServerAddress server, Handlers handlers)
    : connection_(std::make_shared<Connection>(io, std::move(server), std::move(handlers))) {
  connection_->start();
}

WebSocket::~WebSocket() {
  connection_->handlers = {};
  if (connection_->open || connection_->stream.next_layer().socket().is_open())
    connection_->stream.next_layer().cancel();
}

void WebSocket::send(std::string text) {
  connection_->queue.push_back(std::move(text));
  connection_->write();
}

void WebSocket::forsake() { connection_->handlers = {}; }

void WebSocket::close() {
  connection_->closing = true;
  if (connection_->queue.empty()) connection_->close_now();
}

}  // namespace load
