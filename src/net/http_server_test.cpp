// SPDX-License-Identifier: Apache-2.0
// The HTTP server over real loopback sockets: hostile requests, limits, WebSockets that are rude or slow.
#include "net/http_server.h"

#include <gtest/gtest.h>

#include <boost/beast/core/error.hpp>
#include <boost/beast/zlib.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/address_limits.h"
#include "net/test_client.h"

namespace {

using net::test::Client;

// Sends back what it hears; floods when told to.
class Parrot final : public http::WebSocketUser {
 public:
  void on_open(std::shared_ptr<http::WebSocket> socket) override { socket_ = std::move(socket); }
  void on_text(std::string text) override {
    if (text == "flood")
      for (int i = 0; i < 400; ++i) socket_->send(std::string(32 * 1024, 'f'));
    else if (text == "bye")
      socket_->close(4401);
    else if (text == "long")
      socket_->send(long_answer());
    else
      socket_->send(text);
  }
  void on_closed() override { socket_.reset(); }
  // Lines that are nearly alike, as those of an offer.
  static std::string long_answer() {
    std::string out;
    for (int line = 0; line < 400; ++line) out += "a=extmap:" + std::to_string(line) + " urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
    return out;
  }

 private:
  std::shared_ptr<http::WebSocket> socket_;
};

std::string unpacked(std::string body) {
  body += std::string("\x00\x00\xff\xff", 4);  // RFC 7692 section 7.2.2
  std::string out(100'000, '\0');
  boost::beast::zlib::inflate_stream stream;
  boost::beast::zlib::z_params z;
  z.next_in = body.data();
  z.avail_in = body.size();
  z.next_out = out.data();
  z.avail_out = out.size();
  boost::beast::error_code error;
  stream.write(z, boost::beast::zlib::Flush::sync, error);
  out.resize(z.total_out);
  return out;
}

std::string deflated(const std::string& text) {
  std::string out(text.size() + 100, '\0');
  boost::beast::zlib::deflate_stream stream;
  boost::beast::zlib::z_params z;
  z.next_in = text.data();
  z.avail_in = text.size();
  z.next_out = out.data();
  z.avail_out = out.size();
  boost::beast::error_code error;
  stream.write(z, boost::beast::zlib::Flush::sync, error);
  out.resize(z.total_out - 4);  // RFC 7692 section 7.2.1
  return out;
}

class HttpServer : public testing::Test {
 protected:
  HttpServer() : site_({.tls = false, .page_paths = {}, .allowed_origins = {"https://good.example"}}, nullptr) {
    site_.add(http::Route{.method = http::Method::get,
                          .pattern = "/hello",
                          .handler = [](const http::Request&, base::Now) { return http::plain(200, "hello"); }});
    site_.add(http::Route{.method = http::Method::get,
                          .pattern = "/throws",
                          .handler = [](const http::Request&, base::Now) -> http::Response {
                            throw std::runtime_error("planted-secret");
                          }});
    site_.add(http::Route{.method = http::Method::get, .pattern = "/cookies", .handler = [](const http::Request&, base::Now) {
                            http::Response r = http::plain(200, "two");
                            r.headers.push_back({"Set-Cookie", "one=1"});
                            r.headers.push_back({"Set-Cookie", "two=2"});
                            return r;
                          }});
    site_.add(http::Route{.method = http::Method::post,
                          .pattern = "/echo",
                          .max_body = 100,
                          .handler = [](const http::Request& r, base::Now) { return http::plain(200, r.body.get()); }});
    site_.add(http::WebSocketRoute{.path = "/socket",
                                   .subprotocol = "quietroom.1",
                                   .max_message = 1'024,
                                   .make = [] { return std::make_shared<Parrot>(); }});
  }
  std::uint16_t start(void (*change)(net::HttpSettings&) = nullptr) {
    net::HttpSettings s;
    s.listen = {"127.0.0.1"};
    s.port = 0;
    if (change != nullptr) change(s);
    server_ = std::make_unique<net::HttpServer>(runtime_, s, site_);
    server_->start();
    runtime_.start();
    return server_->port();
  }
  ~HttpServer() override { runtime_.stop(); }

  http::Site site_;
  net::Runtime runtime_{2, 2};
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(HttpServer, an_answer_may_set_several_cookies) {
  Client c(start());
  ASSERT_TRUE(c.send("GET /cookies HTTP/1.1\r\nHost: a\r\n\r\n"));
  const std::string answer = c.read_answer();
  EXPECT_NE(answer.find("Set-Cookie: one=1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Set-Cookie: two=2\r\n"), std::string::npos) << answer;
}

TEST_F(HttpServer, answers_with_its_security_headers_and_keeps_the_connection) {
  Client client(start());
  for (int i = 0; i < 3; ++i) {
    const std::string answer = client.get("/hello");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(answer.ends_with("hello"));
    for (const char* header : {"Content-Security-Policy: default-src 'self';", "Referrer-Policy: no-referrer",
                               "X-Content-Type-Options: nosniff", "Cross-Origin-Opener-Policy: same-origin"})
      EXPECT_NE(answer.find(header), std::string::npos) << header;
    EXPECT_EQ(answer.find("Server:"), std::string::npos);
  }
}

TEST_F(HttpServer, refuses_hostile_requests_and_goes_on_serving_others) {
  const auto port = start();
  const std::string host = "Host: localhost\r\n";
  struct Case {
    const char* what;
    std::string request;
    const char* status;
  };
  const std::vector<Case> cases{
      {"no HTTP at all", "\x16\x03\x01\x02 hello there\r\n\r\n", "400"},
      {"no host", "GET /hello HTTP/1.1\r\n\r\n", "400"},
      {"two hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"a path upwards", "GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n", "400"},
      {"a path upwards, encoded", "GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n", "400"},
      {"an absolute target", "GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n", "400"},
      {"a zero byte", "GET /a%00b HTTP/1.1\r\n" + host + "\r\n", "400"},
      {"a header without end", "GET /hello HTTP/1.1\r\n" + host + "X: " + std::string(20'000, 'x') + "\r\n\r\n", "431"},
      {"two lengths", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "400"},
      {"length and chunks", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {"a body over the server's limit", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999\r\n\r\n", "413"},
      {"a body for nobody", "POST /nowhere HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n", "404"},
      {"a body for another method", "PUT /echo HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n", "405"},
      {"a body over the route's limit", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n", "413"},
      {"chunks over the route's limit",
       "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(128, 'x') + "\r\n0\r\n\r\n",
       "413"},
      {"an unknown method", "BREW /hello HTTP/1.1\r\n" + host + "\r\n", "405"},
      {"nothing there", "GET /nothing HTTP/1.1\r\n" + host + "\r\n", "404"},
      {"a handler that throws", "GET /throws HTTP/1.1\r\n" + host + "\r\n", "500"},
      {"a WebSocket where none is",
       "GET /hello HTTP/1.1\r\n" + host +
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
           "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
       "404"},
  };
  for (const auto& c : cases) {
    Client client(port);
    ASSERT_TRUE(client.send(c.request)) << c.what;
    const std::string answer = client.read_answer();
    EXPECT_EQ(answer.substr(0, 12), std::string("HTTP/1.1 ") + c.status) << c.what << "\n" << answer;
    EXPECT_EQ(answer.find("planted-secret"), std::string::npos) << c.what;
    EXPECT_NE(answer.find("nosniff"), std::string::npos) << c.what;
  }
  Client good(port);
  EXPECT_TRUE(good.get("/hello").starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, a_header_that_never_ends_is_cut_off) {
  Client slow(start([](net::HttpSettings& s) { s.header_time = base::Duration::millis(50); }));
  ASSERT_TRUE(slow.send("GET /hello HT"));
  EXPECT_EQ(slow.read_all(), "");
  while (server_->counters().timed_out == 0) std::this_thread::yield();  // counted after the socket is closed
}

TEST_F(HttpServer, one_address_has_so_many_requests_and_connections) {
  const auto port = start([](net::HttpSettings& s) {
    s.limits.burst = 5;
    s.limits.requests_per_second = 0;
    s.limits.connections = 2;
  });
  Client client(port);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(client.get("/hello").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(client.get("/hello").starts_with("HTTP/1.1 429"));
  Client second(port), third(port), fourth(port);
  EXPECT_EQ(fourth.read_all(), "");
}

TEST_F(HttpServer, plain_http_beyond_loopback_is_a_start_up_failure) {
  net::HttpSettings s;
  s.listen = {"0.0.0.0"};
  s.port = 0;
  EXPECT_THROW(net::HttpServer(runtime_, s, site_), std::runtime_error);
}

TEST_F(HttpServer, a_web_socket_carries_texts_and_closes_with_the_code_given) {
  Client client(start());
  ASSERT_TRUE(client.upgrade("/socket"));
  EXPECT_NE(client.upgrade_answer().find("quietroom.1"), std::string::npos);
  ASSERT_TRUE(client.send_text("hello"));
  EXPECT_EQ(client.read_text(), "hello");
  ASSERT_TRUE(client.send_text("bye"));
  EXPECT_EQ(client.read_close(), 4401);
}

TEST_F(HttpServer, a_web_socket_is_refused_to_other_origins_and_other_protocols) {
  const auto port = start();
  EXPECT_FALSE(Client(port).upgrade("/socket", "quietroom.1", "Origin: https://evil.example\r\n"));
  EXPECT_FALSE(Client(port).upgrade("/socket", "chat"));
  EXPECT_FALSE(Client(port).upgrade("/socket", ""));
  EXPECT_TRUE(Client(port).upgrade("/socket", "chat, quietroom.1", "Origin: http://localhost\r\n"));
  EXPECT_TRUE(Client(port).upgrade("/socket", "quietroom.1", "Origin: https://good.example\r\n"));
}

TEST_F(HttpServer, too_large_or_binary_messages_close_the_web_socket) {
  const auto port = start();
  Client large(port);
  ASSERT_TRUE(large.upgrade("/socket"));
  ASSERT_TRUE(large.send_text(std::string(2'000, 'x')));
  EXPECT_EQ(large.read_close(), 1009);
  Client binary(port);
  ASSERT_TRUE(binary.upgrade("/socket"));
  ASSERT_TRUE(binary.send_binary("x"));
  EXPECT_EQ(binary.read_close(), 1003);
}

// RFC 7692.
TEST_F(HttpServer, long_texts_of_a_web_socket_are_packed_each_by_itself_where_the_browser_takes_that) {
  const auto port = start();
  Client plain(port), packed(port);
  ASSERT_TRUE(plain.upgrade("/socket"));
  ASSERT_TRUE(plain.send_text("long"));
  EXPECT_EQ(plain.read_text(), Parrot::long_answer());
  ASSERT_TRUE(packed.upgrade("/socket", "quietroom.1", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"));
  EXPECT_NE(packed.upgrade_answer().find("server_no_context_takeover"), std::string::npos);
  EXPECT_NE(packed.upgrade_answer().find("client_no_context_takeover"), std::string::npos);
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(packed.send_text("long"));
    const auto body = packed.read_text();
    ASSERT_TRUE(body);
    EXPECT_LT(body->size(), Parrot::long_answer().size() / 5);
    EXPECT_EQ(unpacked(*body), Parrot::long_answer());
  }
  ASSERT_TRUE(packed.send_text("hello"));
  EXPECT_EQ(packed.read_text(), "hello");
}

TEST_F(HttpServer, a_text_that_is_too_large_once_it_is_unpacked_closes_the_web_socket) {
  Client client(start());
  ASSERT_TRUE(client.upgrade("/socket", "quietroom.1", "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
  const auto small = deflated(std::string(900, 'x'));
  ASSERT_TRUE(client.send_deflated(small));
  EXPECT_EQ(client.read_text(), std::string(900, 'x'));
  const auto bomb = deflated(std::string(500'000, 'x'));
  ASSERT_LT(bomb.size(), 1'024);
  ASSERT_TRUE(client.send_deflated(bomb));
  EXPECT_EQ(client.read_close(), 1009);
}

TEST_F(HttpServer, a_slow_reader_is_closed_with_1013_and_a_dead_one_is_cut) {
  const auto port = start([](net::HttpSettings& s) { s.close_within = base::Duration::seconds(5); });
  Client slow(port, 4'096);
  ASSERT_TRUE(slow.upgrade("/socket"));
  ASSERT_TRUE(slow.send_text("flood"));  // 12.8 MB for a queue of 1 MiB
  while (server_->counters().slow_readers == 0) std::this_thread::yield();
  EXPECT_EQ(slow.read_close(), 1013);
}

TEST_F(HttpServer, one_that_never_reads_is_cut_after_the_time_for_closing) {
  const auto port = start([](net::HttpSettings& s) { s.close_within = base::Duration::millis(50); });
  Client dead(port, 4'096);
  ASSERT_TRUE(dead.upgrade("/socket"));
  ASSERT_TRUE(dead.send_text("flood"));
  while (server_->counters().slow_readers == 0 || server_->counters().sockets_open != 0) std::this_thread::yield();
  EXPECT_EQ(server_->counters().sockets_opened, 1U);
}

TEST(AddressLimits, refill_with_time_and_never_beyond_the_burst) {
  net::AddressLimits limits({.connections = 1, .total_connections = 2, .requests_per_second = 2, .burst = 2, .remembered = 2});
  base::Instant now{1'000'000};
  EXPECT_TRUE(limits.request("a", now));
  EXPECT_TRUE(limits.request("a", now));
  EXPECT_FALSE(limits.request("a", now));
  now = now + base::Duration::millis(500);
  EXPECT_TRUE(limits.request("a", now));
  EXPECT_FALSE(limits.request("a", now));
  EXPECT_TRUE(limits.connect("a", now));
  EXPECT_FALSE(limits.connect("a", now));
  EXPECT_TRUE(limits.connect("b", now));
  EXPECT_FALSE(limits.request("c", now));  // both remembered ones hold connections
  limits.disconnect("a");
  EXPECT_TRUE(limits.request("c", now + base::Duration::seconds(60)));
}

TEST(AddressLimits, count_a_64_of_ipv6_as_one_address_and_ipv4_by_itself) {
  net::AddressLimits limits({.connections = 1, .total_connections = 9, .requests_per_second = 1, .burst = 1, .remembered = 9});
  const base::Instant now{1'000'000};
  EXPECT_TRUE(limits.connect("2001:db8:0:1::1", now));
  EXPECT_FALSE(limits.connect("2001:db8:0:1:a:b:c:d", now));
  EXPECT_TRUE(limits.connect("2001:db8:0:2::1", now));
  limits.disconnect("2001:db8:0:1::1");
  EXPECT_TRUE(limits.connect("2001:db8:0:1:a:b:c:d", now));
  EXPECT_TRUE(limits.request("fe80::1%eth0", now));
  EXPECT_FALSE(limits.request("fe80::2%eth0", now));
  for (const char* each : {"192.0.2.1", "192.0.2.2", "::ffff:192.0.2.3"}) EXPECT_TRUE(limits.connect(each, now)) << each;
  EXPECT_FALSE(limits.connect("192.0.2.3", now)) << "mapped or not, it is the same";
}

}  // namespace
