// SPDX-License-Identifier: Apache-2.0
// Two whole transports over the simulated network: joining at several rates of loss, restarts, moved addresses, wrong
// certificates, replay, lapse of consent. Virtual time: nothing sleeps, nothing depends on the machine's speed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/peer_host.h"

namespace sim {
namespace {

using transport::Side;
using transport::State;

const auto kServer = base::Address::v4(192, 0, 2, 1, 3478);
const auto kServerToo = base::Address::v4(192, 0, 2, 1, 3479);
const auto kClient = base::Address::v4(198, 51, 100, 7, 40'000);
const auto kMoved = base::Address::v4(203, 0, 113, 9, 51'000);

base::Address v6(std::uint8_t last, std::uint16_t port) {
  base::Address a;
  a.ip = {0x20, 0x01, 0x0d, 0xb8};
  a.ip[15] = last;
  a.port = port;
  return a;
}

struct Pair {
  explicit Pair(std::uint64_t seed, Link link = {}, base::Address server_at = kServer,
                base::Address client_at = kClient)
      : network(seed),
        entropy(seed),
        server(network, Side::server, {server_at, kServerToo}, entropy),
        client(network, Side::client, {client_at}, entropy),
        server_at_(server_at) {
    network.set_default(link);
  }
  void introduce() {
    server.peer().set_remote(client.description(), network.now());
    client.peer().set_remote(server.description({udp(server_at_)}), network.now());
  }
  bool join(base::Duration within) {
    return network.run_until(network.now().instant + within, [&] { return server.connected() && client.connected(); });
  }
  // Client to server and back, `count` packets 20 ms apart.
  void talk(int count) {
    for (int i = 0; i < count; ++i) {
      client.send_rtp(next_);
      server.send_rtp(next_++);
      network.run_for(base::Duration::millis(20));
    }
  }
  Network network;
  SeededEntropy entropy;
  PeerHost server, client;
  base::Address server_at_;
  std::uint16_t next_ = 1;
};

TEST(Join, takes_three_round_trips_on_a_clean_line_and_prefers_aes_gcm) {
  Pair pair(1);
  pair.introduce();
  const auto began = pair.network.now().instant;
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  // One for the check, two for DTLS 1.2; the server is done half a round trip before the client.
  EXPECT_EQ((pair.network.now().instant - began).millis(), 120);
  EXPECT_EQ(pair.server.peer().profile(), transport::SrtpProfile::aead_aes_128_gcm);
  EXPECT_EQ(pair.client.peer().profile(), transport::SrtpProfile::aead_aes_128_gcm);
  EXPECT_EQ(pair.server.peer().selected_path(), udp(kClient));
  EXPECT_EQ(pair.client.peer().selected_path(), udp(kServer));
  EXPECT_EQ(pair.client.peer().round_trip(), base::Duration::millis(40));
  EXPECT_EQ(pair.server.peer().counters().malformed, 0U);
  EXPECT_EQ(pair.server.peer().counters().unauthenticated, 0U);
}

TEST(Join, carries_sound_and_reports_both_ways) {
  Pair pair(2);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.talk(50);
  EXPECT_TRUE(pair.client.send_rtcp());
  EXPECT_TRUE(pair.server.send_rtcp());
  pair.network.run_for(base::Duration::seconds(1));
  ASSERT_EQ(pair.server.rtp.size(), 50U);
  ASSERT_EQ(pair.client.rtp.size(), 50U);
  EXPECT_EQ(base::as_text(base::Bytes(pair.server.rtp[49]).subspan(12)), "sound");
  EXPECT_EQ(pair.server.rtcp.size(), 1U);
  EXPECT_EQ(pair.client.rtcp.size(), 1U);
}

TEST(Join, works_over_ipv6) {
  Pair pair(3, {}, v6(1, 3478), v6(2, 40'000));
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.talk(5);
  pair.network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(pair.server.rtp.size(), 5U);
  EXPECT_EQ(pair.client.rtp.size(), 5U);
}

TEST(Join, works_over_tcp_and_survives_a_lost_connection) {
  Network network(19);
  SeededEntropy entropy(19);
  constexpr auto kAutomatic = crypto::GcmEngine::automatic;
  PeerHost server(network, Side::server, {kServer}, entropy, kAutomatic, base::Carrier::tcp);
  PeerHost client(network, Side::client, {kClient}, entropy, kAutomatic, base::Carrier::tcp);
  const auto introduce = [&] {
    server.peer().set_remote(client.description(), network.now());
    client.peer().set_remote(server.description({server.path_from(kServer)}), network.now());
  };
  const auto joined = [&] { return server.connected() && client.connected(); };
  introduce();
  ASSERT_TRUE(network.run_until(network.now().instant + base::Duration::seconds(5), joined));
  EXPECT_EQ(server.peer().selected_path(), client.path_from(kClient));
  EXPECT_TRUE(server.send_rtp(1));
  network.run_for(base::Duration::millis(100));

  server.lose(kClient);
  client.lose(kServer);
  EXPECT_EQ(server.peer().state(), State::silent);
  EXPECT_EQ(server.peer().selected_path(), std::nullopt);
  EXPECT_FALSE(server.send_rtp(2));
  EXPECT_FALSE(client.send_rtp(2));
  client.move(kClient, kMoved);  // a new connection
  introduce();
  ASSERT_TRUE(network.run_until(network.now().instant + base::Duration::seconds(5), joined));
  EXPECT_TRUE(server.send_rtp(3));
  network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(client.rtp.size(), 2U);
}

TEST(Join, no_datagram_of_the_handshake_is_longer_than_1200_bytes) {
  Pair pair(4);
  std::size_t longest = 0;
  pair.network.set_tap(
      [&](base::Now, const auto&, const auto&, base::Bytes d) { longest = std::max(longest, d.size()); });
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  EXPECT_LE(longest, 1'200U);
  EXPECT_GT(longest, 300U);
}

TEST(Join, before_the_answer_arrives_finishes_as_soon_as_it_does) {
  Pair pair(5);
  pair.client.peer().set_remote(pair.server.description({udp(kServer)}), pair.network.now());
  pair.network.run_for(base::Duration::seconds(2));
  EXPECT_EQ(pair.server.peer().state(), State::gathering);
  EXPECT_FALSE(pair.server.send_rtp(1));
  pair.server.peer().set_remote(pair.client.description(), pair.network.now());
  EXPECT_EQ(pair.server.peer().state(), State::connected);
}

class JoinUnderLoss : public testing::TestWithParam<int> {};

TEST_P(JoinUnderLoss, always_comes_about) {
  Link link;
  link.loss = GetParam() / 100.0;
  link.jitter = base::Duration::millis(15);
  link.duplicate = 0.05;
  link.reorder = 0.1;
  std::int64_t slowest = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Pair pair(seed, link);
    pair.introduce();
    const auto began = pair.network.now().instant;
    ASSERT_TRUE(pair.join(base::Duration::seconds(30))) << "seed " << seed;
    slowest = std::max(slowest, (pair.network.now().instant - began).millis());
    pair.talk(20);
    pair.network.run_for(base::Duration::seconds(1));
    EXPECT_FALSE(pair.server.rtp.empty());
    EXPECT_FALSE(pair.client.rtp.empty());
  }
  RecordProperty("slowest_ms", std::to_string(slowest));
  if (GetParam() == 0) EXPECT_LT(slowest, 400);
}
INSTANTIATE_TEST_SUITE_P(Percent, JoinUnderLoss, testing::Values(0, 10, 30), testing::PrintToStringParamName());

TEST(Join, with_another_certificate_than_the_sdp_named_is_refused) {
  for (const bool wrong_at_server : {true, false}) {
    Pair pair(6);
    auto of_client = pair.client.description();
    auto of_server = pair.server.description({udp(kServer)});
    (wrong_at_server ? of_client : of_server).fingerprint.sha256[31] ^= 1;
    pair.server.peer().set_remote(of_client, pair.network.now());
    pair.client.peer().set_remote(of_server, pair.network.now());
    pair.network.run_for(base::Duration::seconds(40));
    EXPECT_EQ((wrong_at_server ? pair.server : pair.client).peer().state(), State::failed);
    EXPECT_FALSE((wrong_at_server ? pair.server : pair.client).send_rtp(1));
    EXPECT_TRUE(pair.server.rtp.empty());
  }
}

TEST(Join, gives_up_where_the_handshake_does_not_end) {
  Pair pair(7);
  pair.introduce();
  const auto securing = [&] { return pair.client.peer().state() == State::securing; };
  ASSERT_TRUE(pair.network.run_until(pair.network.now().instant + base::Duration::seconds(5), securing));
  pair.network.detach(kServer);
  pair.network.run_for(base::Duration::seconds(40));
  EXPECT_EQ(pair.client.peer().state(), State::failed);
  EXPECT_TRUE(pair.client.next_timeout().is_never());
}

TEST(Path, of_datagrams_without_a_check_is_neither_answered_nor_decrypted) {
  Pair pair(8);
  std::vector<std::uint8_t> client_hello;
  pair.network.set_tap([&](base::Now, const auto& from, const auto&, base::Bytes d) {
    if (from == kClient && transport::classify(d) == transport::DatagramClass::dtls && client_hello.empty())
      client_hello.assign(d.begin(), d.end());
  });
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.client.send_rtp(1);
  pair.network.run_for(base::Duration::millis(100));
  const auto sent = pair.server.peer().counters().datagrams_out;
  const auto stranger = base::Address::v4(203, 0, 113, 66, 6'666);
  ASSERT_FALSE(client_hello.empty());
  pair.server.inject(stranger, client_hello);
  pair.server.inject(stranger, pair.server.last_sealed);
  EXPECT_EQ(pair.server.peer().counters().datagrams_out, sent);
  EXPECT_EQ(pair.server.peer().counters().unauthenticated, 2U);
}

TEST(Media, replayed_packets_are_dropped_and_counted) {
  Pair pair(9);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.talk(10);
  pair.network.run_for(base::Duration::millis(100));
  ASSERT_EQ(pair.server.rtp.size(), 10U);
  for (int i = 0; i < 3; ++i) pair.server.inject(kClient, pair.server.last_sealed);
  EXPECT_EQ(pair.server.rtp.size(), 10U);
  EXPECT_EQ(pair.server.peer().counters().replayed, 3U);
}

TEST(Media, of_every_source_survives_duplication_and_reordering_once) {
  Link link;
  link.duplicate = 0.3;
  link.reorder = 0.3;
  Pair pair(10, link);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.next_ = 65'500;  // across the wrap
  pair.talk(100);
  pair.network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(pair.server.rtp.size(), 100U);
  EXPECT_EQ(pair.client.rtp.size(), 100U);
  EXPECT_GT(pair.server.peer().counters().replayed, 5U);
}

TEST(Restart, in_mid_session_keeps_media_flowing_and_changes_the_credentials) {
  Pair pair(11);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.talk(10);
  const auto old = pair.server.peer().local();
  pair.server.restart_ice(pair.entropy);
  EXPECT_NE(pair.server.peer().local(), old);
  pair.talk(10);  // the answer is on its way: old credentials still do
  pair.client.restart_ice(pair.entropy);
  pair.introduce();
  pair.talk(100);
  pair.network.run_for(base::Duration::seconds(20));
  EXPECT_TRUE(pair.server.connected());
  EXPECT_TRUE(pair.client.connected());
  EXPECT_EQ(pair.server.rtp.size(), 120U);
  EXPECT_EQ(pair.client.rtp.size(), 120U);
}

TEST(Restart, brings_back_a_person_whose_address_changed_without_notice) {
  Pair pair(12);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.client.move(kClient, kMoved);
  pair.client.restart_ice(pair.entropy);
  pair.server.restart_ice(pair.entropy);
  pair.introduce();
  pair.network.run_for(base::Duration::millis(300));
  EXPECT_EQ(pair.server.peer().selected_path(), udp(kMoved));
  pair.talk(5);
  pair.network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(pair.client.rtp.size(), 5U);
  EXPECT_EQ(pair.server.rtp.size(), 5U);
}

TEST(Path, follows_a_moved_address_by_the_next_check_alone) {
  Pair pair(13);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.client.move(kClient, kMoved);
  pair.network.run_for(base::Duration::millis(6'100));  // consent checks are at most 6 s apart
  EXPECT_EQ(pair.server.peer().selected_path(), udp(kMoved));
  EXPECT_TRUE(pair.server.connected());
  pair.talk(5);
  pair.network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(pair.client.rtp.size(), 5U);
}

TEST(Path, to_another_candidate_is_found_when_the_one_in_use_goes_dead) {
  Pair pair(14);
  pair.server.peer().set_remote(pair.client.description(), pair.network.now());
  pair.client.peer().set_remote(pair.server.description({udp(kServer), udp(kServerToo)}), pair.network.now());
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  EXPECT_EQ(pair.client.peer().selected_path(), udp(kServer));
  pair.network.detach(kServer);
  pair.network.run_for(base::Duration::seconds(15));
  EXPECT_EQ(pair.client.peer().selected_path(), udp(kServerToo));
  EXPECT_EQ(pair.server.peer().selected_path(), udp(kClient, 1));
  EXPECT_TRUE(pair.server.connected());
}

TEST(Path, the_first_candidate_being_dead_costs_no_more_than_the_pacing) {
  Pair pair(15);
  pair.network.detach(kServer);
  pair.server.peer().set_remote(pair.client.description(), pair.network.now());
  pair.client.peer().set_remote(pair.server.description({udp(kServer), udp(kServerToo)}), pair.network.now());
  const auto began = pair.network.now().instant;
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  EXPECT_LE((pair.network.now().instant - began).millis(), 170);
}

TEST(Consent, lapses_and_comes_back) {
  Pair pair(16);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.network.run_for(base::Duration::seconds(60));
  EXPECT_TRUE(pair.server.connected()) << "checks alone keep an idle line alive";
  Link dead;
  dead.loss = 1;
  pair.network.set_both(kServer, kClient, dead);
  pair.network.run_for(base::Duration::millis(8'100));
  EXPECT_EQ(pair.server.peer().state(), State::silent);
  EXPECT_TRUE(pair.server.send_rtp(1)) << "consent still holds";
  pair.network.run_for(base::Duration::seconds(25));
  EXPECT_FALSE(pair.server.send_rtp(2)) << "RFC 7675: not after 30 s";
  EXPECT_EQ(pair.client.peer().state(), State::silent);
  EXPECT_FALSE(pair.client.send_rtp(3));
  pair.network.set_both(kServer, kClient, Link{});
  ASSERT_TRUE(pair.join(base::Duration::seconds(4)));
  EXPECT_TRUE(pair.server.send_rtp(4));
}

TEST(Close, tells_the_other_side_and_ends_everything) {
  Pair pair(17);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.server.close();
  EXPECT_EQ(pair.server.peer().state(), State::closed);
  pair.network.run_for(base::Duration::seconds(1));
  EXPECT_EQ(pair.client.peer().state(), State::closed);
  const auto sent = pair.network.sent();
  pair.network.run_for(base::Duration::seconds(60));
  EXPECT_EQ(pair.network.sent(), sent);
  EXPECT_FALSE(pair.client.send_rtp(1));
}

TEST(Timers, wake_an_idle_pair_only_when_there_is_something_to_do) {
  Pair pair(18);
  pair.introduce();
  ASSERT_TRUE(pair.join(base::Duration::seconds(5)));
  pair.network.run_for(base::Duration::seconds(10));
  const auto before = pair.network.wake_ups();
  pair.network.run_for(base::Duration::seconds(100));
  EXPECT_LE(pair.network.wake_ups() - before, 3 * 26U);  // about 20 checks, each with its end of waiting
}

}  // namespace
}  // namespace sim
