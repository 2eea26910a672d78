// SPDX-License-Identifier: Apache-2.0
// HTTP and WebSockets over plain TCP: one of the two places where Beast is instantiated. See http_session.h.
#include <boost/beast/core/tcp_stream.hpp>

#include "net/http_session_impl.h"

namespace net {

boost::asio::awaitable<void> serve_plain(HttpShared shared, boost::asio::ip::tcp::socket socket, HttpPeer peer) {
  detail::HttpSession<boost::beast::tcp_stream> session(std::move(shared), boost::beast::tcp_stream(std::move(socket)),
                                                        std::move(peer), false);
  co_await session.run();
}

}  // namespace net
