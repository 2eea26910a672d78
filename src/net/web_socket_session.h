// SPDX-License-Identifier: Apache-2.0
// An HTTP connection that has become a WebSocket's, until it ends. Included by http_session.cpp alone: Beast is instantiated there
// and in web_socket_session.cpp, and nowhere else.
#pragma once
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/byte_stream.h"
#include "net/http_session.h"

namespace net {

// The upgrade was found good; `request` is it.
boost::asio::awaitable<void> serve_web_socket(HttpShared shared, ByteStream stream, const http::WebSocketRoute& route,
                                              boost::beast::http::request<boost::beast::http::string_body> request);

}  // namespace net
