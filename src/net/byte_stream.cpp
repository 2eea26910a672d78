// SPDX-License-Identifier: Apache-2.0
// See byte_stream.h.
#include "net/byte_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <variant>

namespace net {
namespace asio = boost::asio;
namespace beast = boost::beast;

using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

struct ByteStream::Layers {
  std::variant<Plain, Tls> top;
};

ByteStream::ByteStream(asio::ip::tcp::socket socket) : layers_(new Layers{Plain(std::move(socket))}) {}
ByteStream::ByteStream(asio::ip::tcp::socket socket, asio::ssl::context& certificate)
    : layers_(new Layers{Tls(Plain(std::move(socket)), certificate)}) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

asio::awaitable<ByteStream::Error> ByteStream::handshake() {
  auto* tls = std::get_if<Tls>(&layers_->top);
  if (tls == nullptr) co_return Error();
  auto [error] = co_await tls->async_handshake(asio::ssl::stream_base::server, asio::as_tuple(asio::use_awaitable));
  co_return error;
}

ByteStream::next_layer_type& ByteStream::next_layer() {
  return std::visit([](auto& top) -> Plain& { return beast::get_lowest_layer(top); }, layers_->top);
}
const ByteStream::next_layer_type& ByteStream::next_layer() const {
  return std::visit([](const auto& top) -> const Plain& { return beast::get_lowest_layer(top); }, layers_->top);
}
ByteStream::executor_type ByteStream::get_executor() { return next_layer().get_executor(); }

// What waits for a stream runs on the stream's strand. Said outright: of this Boost's erased handlers the executor cannot be posted to.
void ByteStream::read(MutableBuffers into, Done done) {
  std::visit([&](auto& top) { top.async_read_some(into, asio::bind_executor(get_executor(), std::move(done))); }, layers_->top);
}
void ByteStream::write(ConstBuffers from, Done done) {
  std::visit([&](auto& top) { top.async_write_some(from, asio::bind_executor(get_executor(), std::move(done))); }, layers_->top);
}
void ByteStream::end(beast::role_type role, Ended ended) {
  std::visit([&](auto& top) { async_teardown(role, top, asio::bind_executor(get_executor(), std::move(ended))); }, layers_->top);
}

}  // namespace net
