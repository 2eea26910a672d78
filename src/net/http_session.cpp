// SPDX-License-Identifier: Apache-2.0
// See http_session.h.
#include "net/http_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <chrono>
#include <optional>

#include "net/machine.h"
#include "net/web_socket_session.h"

namespace net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
std::chrono::microseconds chrono(base::Duration d) { return std::chrono::microseconds(d.us); }
std::string text_of(beast::string_view s) { return {s.data(), s.size()}; }

class HttpSession {
 public:
  HttpSession(HttpShared shared, ByteStream stream, HttpPeer peer, bool secure)
      : shared_(std::move(shared)), stream_(std::move(stream)), peer_(std::move(peer)), secure_(secure) {}

  asio::awaitable<void> run() {
    stream_.next_layer().expires_after(chrono(shared_->settings.header_time));
    if (co_await stream_.handshake()) {
      ++shared_->counters.tls_failed;
      co_return;
    }
    while (co_await one_request()) {
    }
  }

 private:
  using Parser = bhttp::request_parser<bhttp::string_body>;

  // False where the connection is at its end or has become a WebSocket's.
  asio::awaitable<bool> one_request() {
    auto& s = *shared_;
    Parser parser;
    parser.header_limit(s.settings.header_limit);
    parser.body_limit(s.settings.body_limit);
    stream_.next_layer().expires_after(chrono(s.settings.header_time));
    auto [error, size] = co_await bhttp::async_read_header(stream_, buffer_, parser, kQuiet);
    if (error) co_return co_await unreadable(error);
    if (!s.limits.request(peer_.address, read_clock().instant)) {
      ++s.counters.too_fast;
      http::Response r = http::problem(429, "too-fast", "Too many requests; wait a little");
      r.set("Retry-After", "2");
      co_await answer(std::move(r), parser.get().version(), false);
      co_return false;
    }
    auto target = http::parse_target({parser.get().target().data(), parser.get().target().size()});
    if (!target || parser.get().count(bhttp::field::host) != 1) {
      ++s.counters.malformed;
      co_return co_await refuse(400, "malformed", "The request was not understood", parser.get().version());
    }
    http::Request request = to_request(parser.get(), std::move(*target));
    if (beast::websocket::is_upgrade(parser.get())) co_return co_await upgrade(parser, std::move(request));
    if (!co_await read_body(parser, request)) co_return false;
    const bool keep = parser.get().keep_alive();
    const unsigned version = parser.get().version();
    request.body = base::Redacted<std::string>(std::move(parser.get().body()));
    co_return co_await answer(co_await handle(std::move(request)), version, keep);
  }

  asio::awaitable<bool> read_body(Parser& parser, const http::Request& request) {
    auto& s = *shared_;
    const auto limit = s.site.max_body(request.method, request.target.path);
    const auto length = parser.content_length();
    if (!limit && !parser.is_done()) {  // nothing takes this body: the address says what is wrong, and the body is never read
      const unsigned version = parser.get().version();
      co_await answer(co_await handle(request), version, false);
      co_return false;
    }
    const std::uint64_t most = limit.value_or(0);
    if (length && *length > most)
      co_return co_await refuse(413, "too-large", "The request is too large", parser.get().version());
    parser.body_limit(most);
    if (parser.is_done()) co_return true;
    if (parser.get()[bhttp::field::expect] == "100-continue") {
      bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, parser.get().version());
      co_await bhttp::async_write(stream_, go_on, kQuiet);
    }
    stream_.next_layer().expires_after(chrono(s.settings.body_time));
    auto [error, size] = co_await bhttp::async_read(stream_, buffer_, parser, kQuiet);
    if (error) co_return co_await unreadable(error);
    co_return true;
  }

  // Handlers may block: they run on the pool. One that throws costs this request alone.
  asio::awaitable<http::Response> handle(http::Request request) {
    auto work = [this, &request]() -> asio::awaitable<http::Response> {
      try {
        co_return shared_->site.handle(std::move(request), read_clock());
      } catch (const std::exception&) {  // its text may hold what was sent
        http::Response r = http::problem(500, "our-fault", "Something went wrong here");
        shared_->site.finish(r);
        co_return r;
      }
    };
    co_return co_await asio::co_spawn(shared_->runtime.impl().pool.get_executor(), work(), asio::use_awaitable);
  }

  asio::awaitable<bool> unreadable(beast::error_code error) {
    auto& c = shared_->counters;
    if (error == bhttp::error::end_of_stream || error == asio::error::connection_reset || error == asio::error::eof ||
        error == asio::error::operation_aborted)
      co_return false;
    if (error == beast::error::timeout) {
      ++c.timed_out;
      co_return false;
    }
    if (error == bhttp::error::header_limit) co_return co_await refuse(431, "too-large", "The header is too large", 11);
    if (error == bhttp::error::body_limit) co_return co_await refuse(413, "too-large", "The request is too large", 11);
    ++c.malformed;
    co_return co_await refuse(400, "malformed", "The request was not understood", 11);
  }

  asio::awaitable<bool> refuse(int status, std::string_view kind, std::string_view title, unsigned version) {
    co_await answer(http::problem(status, kind, title), version, false);
    co_return false;
  }

  asio::awaitable<bool> answer(http::Response r, unsigned version, bool keep) {
    auto& s = *shared_;
    if (r.header("Content-Security-Policy").empty()) s.site.finish(r);
    stream_.next_layer().expires_after(chrono(s.settings.write_time));
    beast::error_code error;
    const std::string_view body = r.text();
    if (!r.body && !r.header("Content-Length").empty()) {  // HEAD
      bhttp::response<bhttp::empty_body> out(bhttp::int_to_status(static_cast<unsigned>(r.status)), version);
      fill(out, r, keep);
      bhttp::response_serializer<bhttp::empty_body> serializer(out);
      error = std::get<0>(co_await bhttp::async_write_header(stream_, serializer, kQuiet));
    } else {
      bhttp::response<bhttp::span_body<const char>> out(bhttp::int_to_status(static_cast<unsigned>(r.status)), version);
      fill(out, r, keep);
      out.body() = beast::span<const char>(body.data(), body.size());
      if (r.status != 304) out.content_length(body.size());
      error = std::get<0>(co_await bhttp::async_write(stream_, out, kQuiet));
    }
    const auto slot = error ? 0U : static_cast<unsigned>(r.status) / 100U;
    ++s.counters.by_class[slot < s.counters.by_class.size() ? slot : 0U];
    if (!keep && !error) co_await shut();
    co_return keep && !error;
  }

  // Half-closed and what still comes thrown away for a moment: closing at once would reset the line, and the answer with it.
  asio::awaitable<void> shut() {
    stream_.next_layer().expires_after(std::chrono::seconds(2));
    boost::system::error_code ignored;
    stream_.next_layer().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    std::array<char, 4096> sink;
    for (int i = 0; i < 256; ++i) {
      auto [error, n] = co_await stream_.next_layer().async_read_some(asio::buffer(sink), kQuiet);
      if (error) break;
    }
  }

  template <class Message>
  static void fill(Message& out, const http::Response& r, bool keep) {
    for (const auto& h : r.headers) {
      // Cookies are the one field that may stand there several times (RFC 6265 section 3).
      if (beast::iequals(h.name, "Set-Cookie")) {
        out.insert(h.name, h.value);
      } else {
        out.set(h.name, h.value);
      }
    }
    out.keep_alive(keep);
  }

  http::Request to_request(const bhttp::request<bhttp::string_body>& in, http::Target target) const {
    http::Request r;
    r.method = http::parse_method({in.method_string().data(), in.method_string().size()});
    r.target = std::move(target);
    for (const auto& field : in) r.headers.push_back({text_of(field.name_string()), text_of(field.value())});
    r.peer = base::Redacted<std::string>(counted_as(peer_.address));
    r.loopback = peer_.loopback;
    r.secure = secure_;
    return r;
  }

  asio::awaitable<bool> upgrade(Parser& parser, http::Request request) {
    const unsigned version = parser.get().version();
    const http::WebSocketRoute* route = shared_->site.find_socket(request.target.path);
    if (route == nullptr) co_return co_await refuse(404, "not-found", "There is nothing here", version);
    if (!shared_->site.origin_allowed(request))
      co_return co_await refuse(403, "other-origin", "Requests from other sites are not taken", version);
    if (!offers_subprotocol(request.header("Sec-WebSocket-Protocol"), route->subprotocol))
      co_return co_await refuse(400, "subprotocol", "The subprotocol is not spoken here", version);
    co_await serve_web_socket(shared_, std::move(stream_), *route, parser.release());
    co_return false;
  }

  static bool offers_subprotocol(std::string_view offered, std::string_view wanted) {
    for (std::string_view rest = offered; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string_view item = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
      while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
      if (item == wanted) return true;
    }
    return false;
  }

  HttpShared shared_;
  ByteStream stream_;
  HttpPeer peer_;
  bool secure_;
  beast::flat_buffer buffer_{512 * 1024};
};

}  // namespace

boost::asio::awaitable<void> serve_http(HttpShared shared, boost::asio::ip::tcp::socket socket, HttpPeer peer) {
  const bool secure = shared->tls != nullptr;
  ByteStream stream = secure ? ByteStream(std::move(socket), *shared->tls) : ByteStream(std::move(socket));
  HttpSession session(std::move(shared), std::move(stream), std::move(peer), secure);
  co_await session.run();
}

}  // namespace net
