// SPDX-License-Identifier: Apache-2.0
// See http_server.h: listening, accepting, the limits of an address.
#include "net/http_server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "net/http_session.h"
#include "net/machine.h"

namespace net {
namespace asio = boost::asio;
using asio::ip::tcp;

struct HttpServer::State {
  HttpShared shared;
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
  std::uint16_t port = 0;
};

namespace {

constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

std::unique_ptr<asio::ssl::context> load_tls(const HttpSettings& settings) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                       asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  context->use_certificate_chain_file(settings.certificate, error);
  if (error) throw std::runtime_error("http: the TLS certificate cannot be read");
  context->use_private_key_file(settings.key, asio::ssl::context::pem, error);
  if (error) throw std::runtime_error("http: the TLS key cannot be read or does not fit the certificate");
  return context;
}

HttpPeer peer_of(const tcp::socket& socket) {
  boost::system::error_code error;
  auto address = socket.remote_endpoint(error).address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {.address = address.to_string(), .loopback = !error && address.is_loopback()};
}

asio::awaitable<void> serve(HttpShared shared, tcp::socket socket) {
  const HttpPeer peer = peer_of(socket);
  if (!shared->limits.connect(peer.address, read_clock().instant)) {
    ++shared->counters.refused_connections;
    co_return;
  }
  struct Leave {
    HttpShared shared;
    std::string address;
    ~Leave() { shared->limits.disconnect(address); }
  } leave{shared, peer.address};
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  co_await serve_http(shared, std::move(socket), peer);
}

asio::awaitable<void> accept_on(HttpShared shared, std::shared_ptr<tcp::acceptor> acceptor) {
  auto& context = shared->runtime.impl().context;
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(asio::any_io_executor(asio::make_strand(context)), kQuiet);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) {  // no descriptors left: those who wait stay in the backlog
      asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds(50));
      co_await pause.async_wait(kQuiet);
      continue;
    }
    ++shared->counters.accepted;
    auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(shared, std::move(socket)), asio::detached);
  }
}

std::shared_ptr<tcp::acceptor> listen_on(asio::io_context& context, const HttpSettings& settings, const std::string& text,
                                         std::uint16_t port, boost::system::error_code& error) {
  const auto address = asio::ip::make_address(text, error);
  if (error) throw std::runtime_error(fmt::format("http: \"{}\" is no address to listen on", text));
  if (!address.is_loopback() && settings.certificate.empty() && !settings.plain_beyond_loopback)
    throw std::runtime_error("http: without a certificate this server listens on loopback only");
  auto acceptor = std::make_shared<tcp::acceptor>(asio::make_strand(context));
  const tcp::endpoint endpoint(address, port);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(asio::socket_base::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor->set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(512, error);
  return acceptor;
}

}  // namespace

HttpServer::HttpServer(Runtime& runtime, HttpSettings settings, const http::Site& site)
    : state_(std::make_unique<State>()) {
  state_->shared = std::make_shared<Shared>(runtime, std::move(settings), site);
  const HttpSettings& s = state_->shared->settings;
  if (!s.certificate.empty()) state_->shared->tls = load_tls(s);
  state_->port = s.port;
  bool taken = false;
  for (const auto& text : s.listen) {
    boost::system::error_code error;
    auto acceptor = listen_on(runtime.impl().context, s, text, state_->port, error);
    if (error) {
      taken |= error == asio::error::address_in_use;
      continue;  // a machine without IPv6 has no ::1
    }
    state_->port = acceptor->local_endpoint().port();
    state_->acceptors.push_back(std::move(acceptor));
  }
  if (state_->acceptors.empty() || (taken && s.port != 0))
    throw std::runtime_error(taken ? fmt::format("http: port {} is taken", s.port) : "http: no address can be listened on");
}

HttpServer::~HttpServer() { stop(); }

void HttpServer::start() {
  for (auto& acceptor : state_->acceptors)
    asio::co_spawn(acceptor->get_executor(), accept_on(state_->shared, acceptor), asio::detached);
}

void HttpServer::stop() {
  for (auto& acceptor : state_->acceptors)
    asio::post(acceptor->get_executor(), [acceptor] {
      boost::system::error_code ignored;
      acceptor->close(ignored);
    });
  state_->acceptors.clear();
}

std::uint16_t HttpServer::port() const { return state_->port; }
const HttpCounters& HttpServer::counters() const { return state_->shared->counters; }
std::uint32_t HttpServer::connections() const { return state_->shared->limits.connections(); }

}  // namespace net
