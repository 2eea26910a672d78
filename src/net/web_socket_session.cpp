// SPDX-License-Identifier: Apache-2.0
// One WebSocket: a reader, a bounded queue with one write at a time, pings, and a close that ends
// hard after a few seconds (a blocked write is not interrupted by a close). See http_session.h. Runs on its own strand.
#include "net/web_socket_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>

namespace net {
namespace {

class WebSocketSession final : public http::WebSocket, public std::enable_shared_from_this<WebSocketSession> {
  using Socket = boost::beast::websocket::stream<ByteStream>;
  using Error = boost::beast::error_code;

 public:
  WebSocketSession(HttpShared shared, ByteStream stream, const http::WebSocketRoute& route)
      : shared_(std::move(shared)), socket_(std::move(stream)), route_(route), hard_(socket_.get_executor()) {}
  ~WebSocketSession() override = default;

  boost::asio::awaitable<void> run(boost::beast::http::request<boost::beast::http::string_body> request) {
    namespace ws = boost::beast::websocket;
    constexpr auto quiet = boost::asio::as_tuple(boost::asio::use_awaitable);
    boost::beast::get_lowest_layer(socket_).expires_never();
    // Beast sends a ping after half of idle_timeout without a message, and gives up after the whole.
    socket_.set_option(ws::stream_base::timeout{std::chrono::seconds(10),
                                                std::chrono::microseconds(shared_->settings.ping_every.us * 2), true});
    socket_.set_option(ws::stream_base::decorator([this](ws::response_type& r) {
      r.set(boost::beast::http::field::sec_websocket_protocol, route_.subprotocol);
      r.set(boost::beast::http::field::cache_control, "no-store");
    }));
    socket_.read_message_max(route_.max_message);  // of what is read, unpacked
    socket_.set_option(deflated());
    auto [refused] = co_await socket_.async_accept(request, quiet);
    if (refused) co_return;
    ++shared_->counters.sockets_opened;
    ++shared_->counters.sockets_open;
    const auto user = route_.make();
    user->on_open(shared_from_this());
    boost::beast::flat_buffer buffer;
    for (;;) {
      auto [error, size] = co_await socket_.async_read(buffer, quiet);
      if (error) break;
      if (!socket_.got_text()) {
        close(1003);
      } else if (!closing_) {
        user->on_text({static_cast<const char*>(buffer.data().data()), buffer.size()});
      }
      buffer.consume(buffer.size());
    }
    open_ = false;
    hard_.cancel();
    --shared_->counters.sockets_open;
    user->on_closed();
  }

  void send(std::string text) override {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this(), text = std::move(text)]() mutable {
      self->enqueue(std::move(text));
    });
  }
  void close(std::uint16_t code) override {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this(), code] { self->begin_close(code); });
  }

 private:
  // RFC 7692. An offer has thousands of bytes that repeat themselves, and on a poor line sound waits behind them. Each message by
  // itself, so that no secret is ever packed together with what others say (the length would tell of it). What we send has a window of
  // 4 KiB, some 25 KB of memory; what comes one of 32, since Firefox cannot be asked for less.
  static boost::beast::websocket::permessage_deflate deflated() {
    boost::beast::websocket::permessage_deflate out;
    out.server_enable = true;
    out.server_no_context_takeover = out.client_no_context_takeover = true;
    out.server_max_window_bits = 12;
    out.memLevel = 4;
    out.msg_size_threshold = 2'048;
    return out;
  }

  void enqueue(std::string text) {
    if (closing_ || !open_) return;
    queued_bytes_ += text.size();
    queue_.push_back(std::move(text));
    if (queued_bytes_ > shared_->settings.send_queue) {
      ++shared_->counters.slow_readers;
      while (queue_.size() > 1) queue_.pop_back();  // the first is being written
      if (!writing_) queue_.clear();
      begin_close(1013);
      return;
    }
    if (!writing_) write_next();
  }

  void write_next() {
    writing_ = true;
    socket_.text(true);
    socket_.async_write(boost::asio::buffer(queue_.front()),
                        [self = shared_from_this()](Error error, std::size_t) { self->written(error); });
  }

  void written(Error error) {
    writing_ = false;
    if (error || queue_.empty()) {
      queue_.clear();
      return;  // the reader sees the end, too
    }
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
    if (!queue_.empty())
      write_next();
    else if (closing_)
      send_close();
  }

  void begin_close(std::uint16_t code) {
    if (closing_ || !open_) return;
    closing_ = code;
    hard_.expires_after(std::chrono::microseconds(shared_->settings.close_within.us));
    hard_.async_wait([self = shared_from_this()](Error error) {
      if (!error) boost::beast::get_lowest_layer(self->socket_).close();
    });
    if (queue_.empty()) send_close();
  }

  void send_close() {
    socket_.async_close(boost::beast::websocket::close_reason(static_cast<boost::beast::websocket::close_code>(*closing_)),
                        [self = shared_from_this()](Error) {});
  }

  HttpShared shared_;
  Socket socket_;
  const http::WebSocketRoute& route_;
  boost::asio::steady_timer hard_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool open_ = true;
  std::optional<std::uint16_t> closing_;
};

}  // namespace

boost::asio::awaitable<void> serve_web_socket(HttpShared shared, ByteStream stream, const http::WebSocketRoute& route,
                                              boost::beast::http::request<boost::beast::http::string_body> request) {
  const auto session = std::make_shared<WebSocketSession>(std::move(shared), std::move(stream), route);
  co_await session->run(std::move(request));
}

}  // namespace net
