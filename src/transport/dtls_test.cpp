// SPDX-License-Identifier: Apache-2.0
// Our DTLS server against a client of plain OpenSSL that behaves in ways ours never does: an older profile or version,
// no certificate, a ClientHello in fragments, renegotiation; and garbage.
#include "transport/dtls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <deque>

#include "crypto/certificate_keys.h"

namespace transport {
namespace {

using Datagram = std::vector<std::uint8_t>;

class KeepingSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t max, base::Precedence) override {
    room_.resize(max);
    return room_.data();
  }
  void commit(std::size_t size) override {
    sent.emplace_back(room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(size));
  }
  std::deque<Datagram> sent;

 private:
  Datagram room_;
};

struct Behaviour {
  const char* profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
  int highest = DTLS1_2_VERSION;
  bool certificate = true;
  bool fragmented = false;
  const char* ciphers = "DEFAULT:@SECLEVEL=0";
};

// One record a datagram, whatever OpenSSL put together.
class PlainClient {
 public:
  explicit PlainClient(const Behaviour& how) : context_(SSL_CTX_new(DTLS_client_method())) {
    SSL_CTX* c = context_.get();
    const auto& keys = certificate_->keys();
    SSL_CTX_set_min_proto_version(c, DTLS1_VERSION);
    SSL_CTX_set_max_proto_version(c, how.highest);
    SSL_CTX_set_cipher_list(c, how.ciphers);
    if (how.profiles != nullptr) EXPECT_EQ(SSL_CTX_set_tlsext_use_srtp(c, how.profiles), 0);
    SSL_CTX_set_options(c, SSL_OP_NO_QUERY_MTU | SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
    if (how.certificate) {
      SSL_CTX_use_certificate(c, keys.certificate.get());
      SSL_CTX_use_PrivateKey(c, keys.key.get());
    }
    ssl_.reset(SSL_new(c));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in_, -1);
    BIO_set_mem_eof_return(out_, -1);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_mtu(ssl_.get(), how.fragmented ? 256 : 1'200);
    if (how.fragmented) {  // a ClientHello of three fragments
      Datagram protocols;
      for (int i = 0; i < 3; ++i) {
        protocols.push_back(200);
        protocols.insert(protocols.end(), 200, static_cast<std::uint8_t>('a' + i));
      }
      SSL_set_alpn_protos(ssl_.get(), protocols.data(), static_cast<unsigned>(protocols.size()));
    }
    SSL_set_connect_state(ssl_.get());
  }
  void step() {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_.get()) == 0) {
      SSL_do_handshake(ssl_.get());
    } else {
      std::uint8_t dropped[64];
      (void)SSL_read(ssl_.get(), dropped, sizeof dropped);
    }
  }
  std::vector<Datagram> take() {
    Datagram all(BIO_ctrl_pending(out_));
    if (!all.empty()) (void)BIO_read(out_, all.data(), static_cast<int>(all.size()));
    std::vector<Datagram> records;
    for (std::size_t at = 0; at + 13 <= all.size();) {
      const std::size_t size = 13U + base::load_u16(all.data() + at + 11);
      records.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                           all.begin() + static_cast<std::ptrdiff_t>(at + size));
      at += size;
    }
    return records;
  }
  void give(const Datagram& d) { BIO_write(in_, d.data(), static_cast<int>(d.size())); }
  [[nodiscard]] bool done() const { return SSL_is_init_finished(ssl_.get()) != 0; }
  [[nodiscard]] SSL* ssl() { return ssl_.get(); }
  [[nodiscard]] const crypto::Fingerprint& fingerprint() const { return certificate_->fingerprint(); }

 private:
  std::shared_ptr<const crypto::Certificate> certificate_ = crypto::Certificate::make_self_signed();
  crypto::DtlsContext context_;
  std::unique_ptr<SSL, crypto::Deleter<SSL_free>> ssl_;
  BIO* in_ = nullptr;   // owned by ssl_
  BIO* out_ = nullptr;  // owned by ssl_
};

class DtlsServer : public testing::Test {
 protected:
  void meet(const Behaviour& how) {
    client_ = std::make_unique<PlainClient>(how);
    server_.expect(client_->fingerprint());
    for (int i = 0; i < 20; ++i) exchange();
  }
  void exchange() {
    client_->step();
    for (const auto& d : client_->take()) {
      ++records_from_client_;
      server_.handle(now_, d, out_);
    }
    for (; !sink_.sent.empty(); sink_.sent.pop_front()) client_->give(sink_.sent.front());
  }
  base::Now now_{base::Instant{1'000'000}, {}};
  KeepingSink sink_;
  Outlet out_{sink_, 0, {}};
  Dtls server_{crypto::Certificate::make_self_signed(), Dtls::Role::server};
  std::unique_ptr<PlainClient> client_;
  int records_from_client_ = 0;
};

TEST_F(DtlsServer, prefers_aes_gcm_whatever_the_client_puts_first) {
  meet({.profiles = "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM"});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  EXPECT_EQ(server_.keys()->profile, SrtpProfile::aead_aes_128_gcm);
  EXPECT_TRUE(server_.next_timeout().is_never());
}

TEST_F(DtlsServer, accepts_counter_mode_with_sha1_and_exports_the_keys_that_the_client_has) {
  meet({.profiles = "SRTP_AES128_CM_SHA1_32:SRTP_AES128_CM_SHA1_80"});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  EXPECT_EQ(server_.keys()->profile, SrtpProfile::aes128_cm_hmac_sha1_80);
  std::array<std::uint8_t, 60> block{};
  ASSERT_EQ(
      SSL_export_keying_material(client_->ssl(), block.data(), block.size(), "EXTRACTOR-dtls_srtp", 19, nullptr, 0, 0),
      1);
  const auto part = [&](std::size_t at, std::size_t n) {
    return Datagram(block.begin() + static_cast<std::ptrdiff_t>(at),
                    block.begin() + static_cast<std::ptrdiff_t>(at + n));
  };
  EXPECT_THAT(server_.keys()->receiving.key, testing::ElementsAreArray(part(0, 16)));
  EXPECT_THAT(server_.keys()->sending.key, testing::ElementsAreArray(part(16, 16)));
  EXPECT_THAT(server_.keys()->receiving.salt, testing::ElementsAreArray(part(32, 14)));
  EXPECT_THAT(server_.keys()->sending.salt, testing::ElementsAreArray(part(46, 14)));
}

TEST_F(DtlsServer, puts_a_fragmented_client_hello_together) {
  client_ = std::make_unique<PlainClient>(Behaviour{.fragmented = true});
  server_.expect(client_->fingerprint());
  client_->step();
  const auto hello = client_->take();
  ASSERT_GE(hello.size(), 3U);
  for (std::size_t i = hello.size(); i-- > 0;) server_.handle(now_, hello[i], out_);  // and out of order
  for (; !sink_.sent.empty(); sink_.sent.pop_front()) client_->give(sink_.sent.front());
  for (int i = 0; i < 20; ++i) exchange();
  EXPECT_EQ(server_.stage(), Dtls::Stage::established);
}

TEST_F(DtlsServer, refuses_what_it_must_not_accept) {
  const std::pair<const char*, Behaviour> cases[] = {
      {"DTLS 1.0", {.highest = DTLS1_VERSION}},
      {"no certificate", {.certificate = false}},
      {"no SRTP", {.profiles = nullptr}},
      {"only an 32-bit tag", {.profiles = "SRTP_AES128_CM_SHA1_32"}},
      {"no forward secrecy or RSA only", {.ciphers = "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"}},
      {"CBC", {.ciphers = "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"}},
  };
  for (const auto& [what, how] : cases) {
    Dtls server(crypto::Certificate::make_self_signed(), Dtls::Role::server);
    PlainClient client(how);
    server.expect(client.fingerprint());
    for (int i = 0; i < 10; ++i) {
      client.step();
      for (const auto& d : client.take()) server.handle(now_, d, out_);
      for (; !sink_.sent.empty(); sink_.sent.pop_front()) client.give(sink_.sent.front());
    }
    EXPECT_EQ(server.stage(), Dtls::Stage::failed) << what;
    EXPECT_FALSE(server.keys().has_value()) << what;
  }
}

TEST_F(DtlsServer, answers_a_wish_to_renegotiate_with_an_alert_and_keeps_its_keys) {
  meet({});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  const auto key = server_.keys()->receiving.key;
  ASSERT_EQ(SSL_renegotiate(client_->ssl()), 1);
  SSL_do_handshake(client_->ssl());
  const auto hello_again = client_->take();
  ASSERT_FALSE(hello_again.empty());
  for (const auto& d : hello_again) server_.handle(now_, d, out_);
  EXPECT_EQ(server_.stage(), Dtls::Stage::established);
  EXPECT_EQ(server_.keys()->receiving.key, key);
  EXPECT_FALSE(sink_.sent.empty());
  for (const auto& d : sink_.sent) EXPECT_EQ(d[0], 21) << "an alert (RFC 5246 section 6.2.1), no handshake message";
}

TEST_F(DtlsServer, says_goodbye_and_hears_it_long_after_the_handshake) {
  meet({});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  sink_.sent.clear();
  server_.close(out_);
  ASSERT_EQ(sink_.sent.size(), 1U);
  EXPECT_EQ(sink_.sent[0][0], 21) << "an alert";
  client_->give(sink_.sent[0]);
  client_->step();
  EXPECT_NE(SSL_get_shutdown(client_->ssl()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST_F(DtlsServer, is_closed_by_the_other_sides_goodbye) {
  meet({});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  SSL_shutdown(client_->ssl());
  exchange();
  EXPECT_EQ(server_.stage(), Dtls::Stage::closed);
}

TEST_F(DtlsServer, is_not_moved_by_garbage_before_or_after_the_handshake) {
  const auto garbage = [this] {
    for (std::size_t size = 1; size < 200; size += 7) {
      Datagram d(size);
      for (std::size_t i = 0; i < size; ++i) d[i] = static_cast<std::uint8_t>(i * 31 + size);
      d[0] = 22;
      server_.handle(now_, d, out_);
    }
    sink_.sent.clear();
  };
  garbage();
  meet({});
  ASSERT_EQ(server_.stage(), Dtls::Stage::established);
  garbage();
  EXPECT_EQ(server_.stage(), Dtls::Stage::established);
}

TEST_F(DtlsServer, repeats_its_flight_by_our_time_only_with_longer_and_longer_waits) {
  client_ = std::make_unique<PlainClient>(Behaviour{});
  client_->step();
  for (const auto& d : client_->take()) server_.handle(now_, d, out_);
  sink_.sent.clear();
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 6; ++i) {
    const auto due = server_.next_timeout();
    waits.push_back((due - now_.instant).millis());
    now_.instant = due - base::Duration::micros(1);
    server_.on_timer(now_, out_);
    EXPECT_TRUE(sink_.sent.empty()) << "too early";
    now_.instant = due;
    server_.on_timer(now_, out_);
    EXPECT_FALSE(sink_.sent.empty());
    sink_.sent.clear();
  }
  EXPECT_THAT(waits, testing::ElementsAre(100, 200, 400, 800, 1'600, 1'600));
  now_.instant = base::Instant{1'000'000} + kHandshakeTimeout;
  server_.on_timer(now_, out_);
  EXPECT_EQ(server_.stage(), Dtls::Stage::failed);
  EXPECT_TRUE(server_.next_timeout().is_never());
}

}  // namespace
}  // namespace transport
