// SPDX-License-Identifier: Apache-2.0
// One connection's bytes, in the clear or over TLS. Beast is written against this one type: HTTP and WebSockets over both would
// otherwise be instantiated twice, over TLS at three times the cost. See http_session.h. Used on its connection's strand.
#pragma once
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/container/static_vector.hpp>
#include <boost/system/error_code.hpp>
#include <memory>

namespace net {

// An AsyncReadStream and AsyncWriteStream whose lowest layer, with the timeouts, is a tcp_stream.
class ByteStream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using next_layer_type = boost::beast::tcp_stream;
  using Error = boost::system::error_code;

  explicit ByteStream(boost::asio::ip::tcp::socket socket);                                  // in the clear
  ByteStream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& certificate);  // TLS; handshake() comes first
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;
  ~ByteStream();

  boost::asio::awaitable<Error> handshake();

  next_layer_type& next_layer();
  const next_layer_type& next_layer() const;
  executor_type get_executor();

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
        [this](auto handler, const Buffers& into) { read(few<MutableBuffers>(into), std::move(handler)); }, token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
        [this](auto handler, const Buffers& from) { write(few<ConstBuffers>(from), std::move(handler)); }, token, buffers);
  }

  // How a WebSocket ends its stream (beast::websocket finds this by its name).
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, ByteStream& stream, Handler&& handler) {
    stream.end(role, std::forward<Handler>(handler));
  }

 private:
  using Done = boost::asio::any_completion_handler<void(Error, std::size_t)>;
  using Ended = boost::asio::any_completion_handler<void(Error)>;
  static constexpr std::size_t kMostBuffers = 16;
  using MutableBuffers = boost::container::static_vector<boost::asio::mutable_buffer, kMostBuffers>;
  using ConstBuffers = boost::container::static_vector<boost::asio::const_buffer, kMostBuffers>;

  // The first few are enough: reading and writing "some" may always stop early.
  template <class Few, class Buffers>
  static Few few(const Buffers& buffers) {
    Few out;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && out.size() < kMostBuffers; ++at)
      out.push_back(typename Few::value_type(*at));
    return out;
  }

  void read(MutableBuffers into, Done done);
  void write(ConstBuffers from, Done done);
  void end(boost::beast::role_type role, Ended ended);

  struct Layers;
  std::unique_ptr<Layers> layers_;
};

}  // namespace net
