// SPDX-License-Identifier: Apache-2.0
// A connected peer packet by packet: what is counted, what is refused, and that a packet of a known source allocates
// nothing. Joining, loss and restarts are in tests/sim/peer_test.cpp. operator new is replaced for this whole program.
#include "transport/peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/allocations_for_tests.h"
#include "crypto/hmac.h"
#include "sim/peer_host.h"
#include "wire/stun.h"

namespace transport {
namespace {

const auto kServer = base::Address::v4(192, 0, 2, 1, 3478);
const auto kClient = base::Address::v4(198, 51, 100, 7, 40'000);

// Keeps the last datagram in a fixed place.
class LastSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t, base::Precedence) override {
    return room_.data();
  }
  void commit(std::size_t size) override { size_ = size; }
  [[nodiscard]] base::MutableBytes last() { return base::MutableBytes(room_).first(size_); }

 private:
  std::array<std::uint8_t, 4'096> room_{};
  std::size_t size_ = 0;
};

struct Suite {
  const char* name;
  SrtpProfile profile = SrtpProfile::aead_aes_128_gcm;
  crypto::GcmEngine gcm = crypto::GcmEngine::automatic;
};

class ConnectedPeer : public testing::TestWithParam<Suite> {
 protected:
  void SetUp() override {
    server_.peer().set_remote(client_.description(), network_.now());
    client_.peer().set_remote(server_.description({sim::udp(kServer)}), network_.now());
    const auto both = [this] { return server_.connected() && client_.connected(); };
    ASSERT_TRUE(network_.run_until(network_.now().instant + base::Duration::seconds(5), both));
    network_.run_for(base::Duration::millis(100));
    ASSERT_EQ(server_.peer().profile(), GetParam().profile);
  }
  std::array<std::uint8_t, 20> header(std::uint16_t sequence, std::uint32_t ssrc) {
    std::array<std::uint8_t, 20> h{0x90, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1, 0x32, 1, 2, 3};
    base::store_u16(h.data() + 2, sequence);
    base::store_u32(h.data() + 8, ssrc);
    return h;
  }
  sim::Network network_{1};
  sim::SeededEntropy entropy_{1};
  sim::PeerHost server_{network_, Side::server, {kServer}, entropy_, GetParam().gcm};
  sim::PeerHost client_{network_, Side::client, {kClient}, entropy_, GetParam().gcm, base::Carrier::udp,
                        GetParam().profile};
};

TEST_P(ConnectedPeer, allocates_nothing_for_a_packet_of_a_known_source) {
  if (!crypto::test::can_count) GTEST_SKIP() << "ThreadSanitizer has an operator new of its own";
  ASSERT_TRUE(crypto::test::counts_openssl);
  const std::array<std::uint8_t, 1'100> payload{};
  const std::array<std::uint8_t, 8> report = {0x80, 201, 0, 1, 0, 0, 0, 9};
  LastSink sink;
  const auto pass = [&](std::uint16_t sequence) {
    bool all = true;
    for (std::uint32_t ssrc = 1; ssrc <= 20; ++ssrc) {
      all &= client_.peer().send_rtp(header(sequence, ssrc), payload, base::Precedence::picture, sink);
      all &= server_.peer().handle(network_.now(), sim::udp(kClient), sink.last(), sink).kind == Inbound::Kind::rtp;
    }
    all &= client_.peer().send_rtcp(report, sink);
    all &= server_.peer().handle(network_.now(), sim::udp(kClient), sink.last(), sink).kind == Inbound::Kind::rtcp;
    return all && server_.peer().next_timeout() > network_.now().instant;
  };
  ASSERT_TRUE(pass(65'000));
  crypto::test::allocations = 0;
  crypto::test::counting = true;
  bool all = true;
  for (std::uint32_t sequence = 65'001; sequence < 66'000; ++sequence)
    all &= pass(static_cast<std::uint16_t>(sequence));
  crypto::test::counting = false;
  EXPECT_EQ(crypto::test::allocations, 0U);
  EXPECT_TRUE(all);
}

TEST_P(ConnectedPeer, counts_what_it_cannot_use) {
  const auto before = server_.peer().counters();
  LastSink sink;
  const std::array<std::uint8_t, 60> payload{};
  const auto give = [&](base::MutableBytes d) {
    return server_.peer().handle(network_.now(), sim::udp(kClient), d, sink).kind == Inbound::Kind::nothing;
  };
  std::array<std::uint8_t, 40> other{};
  for (const int first : {4, 19, 64, 79, 127, 192, 255}) {
    other[0] = static_cast<std::uint8_t>(first);
    EXPECT_TRUE(give(other));
  }
  EXPECT_TRUE(give({}));
  other[0] = 0;  // STUN without a cookie
  EXPECT_TRUE(give(other));
  EXPECT_EQ(server_.peer().counters().malformed - before.malformed, 9U);
  ASSERT_TRUE(client_.peer().send_rtp(header(1, 1), payload, base::Precedence::picture, sink));
  sink.last()[30] ^= 1;
  EXPECT_TRUE(give(sink.last()));
  EXPECT_EQ(server_.peer().counters().unauthenticated - before.unauthenticated, 1U);
  EXPECT_EQ(server_.peer().counters().datagrams_in - before.datagrams_in, 10U);
}

TEST_P(ConnectedPeer, sends_no_index_twice_and_no_packet_that_is_too_long) {
  LastSink sink;
  const std::array<std::uint8_t, 2'048> payload{};
  const auto send = [&](std::uint16_t sequence, std::size_t size) {
    return client_.peer().send_rtp(header(sequence, 1), base::Bytes(payload).first(size), base::Precedence::sound,
                                   sink);
  };
  EXPECT_TRUE(send(7, 100));
  const auto out = client_.peer().counters().datagrams_out;
  EXPECT_FALSE(send(7, 100));
  EXPECT_FALSE(send(8, 2'048));
  EXPECT_EQ(client_.peer().counters().datagrams_out, out);
  EXPECT_TRUE(send(8, 1'200));
}

// From somebody who knows the ufrag (it stands in clear in every check) but not the password.
std::vector<std::uint8_t> stun(wire::StunClass kind, std::uint16_t method, const std::string& username,
                               std::string_view password) {
  wire::StunMessage m;
  m.kind = kind;
  m.method = method;
  m.transaction = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
  m.username = username;
  m.priority = 0x7fff'ffff;
  m.use_candidate = true;
  m.ice_controlling = 7;
  std::vector<std::uint8_t> out(wire::kMaxStunSize);
  out.resize(wire::write_stun(m, base::as_bytes(password), crypto::hmac_sha1, out));
  return out;
}

TEST_P(ConnectedPeer, believes_no_path_for_stun_that_nobody_authenticated) {
  using enum wire::StunClass;
  constexpr std::uint16_t kAllocate = 0x003, kUnknownMethod = 0x7ff;  // RFC 8656 section 18.1; RFC 8489 section 18.2
  const std::string username = server_.peer().local().ufrag + ":" + client_.peer().local().ufrag;
  const std::string right = server_.peer().local().pwd.get(), wrong = "wrongpasswordwrongpass";
  struct Attack {
    const char* what;
    std::vector<std::uint8_t> datagram;
  };
  const Attack attacks[] = {
      {"another method, no integrity", stun(request, kAllocate, username, {})},
      {"another method, wrong integrity", stun(request, kAllocate, username, wrong)},
      {"another method, even with the password", stun(request, kUnknownMethod, username, right)},
      {"a check without integrity", stun(request, wire::kStunBinding, username, {})},
      {"a check with wrong integrity", stun(request, wire::kStunBinding, username, wrong)},
      {"an indication", stun(indication, wire::kStunBinding, username, {})},
      {"an indication, even with the password", stun(indication, wire::kStunBinding, username, right)},
      {"a success that nobody asked for", stun(success, wire::kStunBinding, username, {})},
      {"a success, even with the password", stun(success, wire::kStunBinding, username, right)},
      {"an error that nobody asked for", stun(error, wire::kStunBinding, username, {})},
  };
  const auto foreign = sim::udp(base::Address::v4(203, 0, 113, 66, 6'666));
  for (auto* peer : {&server_.peer(), &client_.peer()})
    for (const auto& attack : attacks) {
      SCOPED_TRACE(attack.what);
      const auto path = peer->selected_path();
      LastSink sink;
      auto copy = attack.datagram;
      ASSERT_FALSE(copy.empty());
      (void)peer->handle(network_.now(), foreign, copy, sink);
      EXPECT_FALSE(peer->knows(foreign));
      EXPECT_EQ(peer->selected_path(), path);
      if (const auto answer = wire::parse_stun(sink.last())) EXPECT_EQ(answer->kind, error);
      // And nothing that comes from there afterwards is looked into: a ClientHello, a sealed packet.
      std::vector<std::uint8_t> hello(60, 22), sealed(60, 0x80);
      const auto before = peer->counters().unauthenticated;
      LastSink after;
      EXPECT_EQ(peer->handle(network_.now(), foreign, hello, after).kind, Inbound::Kind::nothing);
      EXPECT_EQ(peer->handle(network_.now(), foreign, sealed, after).kind, Inbound::Kind::nothing);
      EXPECT_EQ(peer->counters().unauthenticated - before, 2U);
      EXPECT_TRUE(after.last().empty());
    }
  auto genuine = stun(request, wire::kStunBinding, username, right);
  LastSink sink;
  (void)server_.peer().handle(network_.now(), foreign, genuine, sink);
  EXPECT_TRUE(server_.peer().knows(foreign)) << "the same bytes with the right password are believed";
}

INSTANTIATE_TEST_SUITE_P(Suites, ConnectedPeer,
                         testing::Values(Suite{.name = "gcm"}, Suite{.name = "gcm_by_evp", .gcm = crypto::GcmEngine::evp},
                                         Suite{.name = "counter_mode_sha1", .profile = SrtpProfile::aes128_cm_hmac_sha1_80}),
                         [](const auto& info) { return info.param.name; });

TEST(Datagram, only_a_binding_request_names_the_one_it_is_for) {
  using enum wire::StunClass;
  const std::string username = "ours:theirs";
  EXPECT_EQ(stun_local_ufrag(stun(request, wire::kStunBinding, username, {})), "ours");
  for (const auto kind : {indication, success, error})
    EXPECT_EQ(stun_local_ufrag(stun(kind, wire::kStunBinding, username, "password")), "");
  for (std::uint16_t method = 0; method < 0x1000; ++method)
    if (method != wire::kStunBinding) ASSERT_EQ(stun_local_ufrag(stun(request, method, username, "password")), "") << method;
}

TEST(Datagram, is_told_apart_by_its_first_byte) {
  const auto of = [](int first) {
    const std::uint8_t b[] = {static_cast<std::uint8_t>(first)};
    return classify(b);
  };
  for (int first = 0; first < 256; ++first) {  // RFC 7983 section 7
    const auto expected = first <= 3                     ? DatagramClass::stun
                          : first >= 20 && first <= 63   ? DatagramClass::dtls
                          : first >= 128 && first <= 191 ? DatagramClass::srtp
                                                         : DatagramClass::other;
    EXPECT_EQ(of(first), expected) << first;
  }
  EXPECT_EQ(classify({}), DatagramClass::other);
}

}  // namespace
}  // namespace transport
