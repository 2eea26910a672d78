// SPDX-License-Identifier: Apache-2.0
// HTTP and WebSockets over TLS: one of the two places where Beast is instantiated. See http_session.h.
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "net/http_session_impl.h"

namespace net {

boost::asio::awaitable<void> serve_tls(HttpShared shared, boost::asio::ip::tcp::socket socket, HttpPeer peer) {
  using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  Stream stream(boost::beast::tcp_stream(std::move(socket)), *shared->tls);
  boost::beast::get_lowest_layer(stream).expires_after(detail::chrono(shared->settings.header_time));
  auto [error] = co_await stream.async_handshake(boost::asio::ssl::stream_base::server, detail::kQuiet);
  if (error) {
    ++shared->counters.tls_failed;
    co_return;
  }
  detail::HttpSession<Stream> session(std::move(shared), std::move(stream), std::move(peer), true);
  co_await session.run();
}

}  // namespace net
