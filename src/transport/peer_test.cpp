// SPDX-License-Identifier: Apache-2.0
// A connected peer packet by packet: what is counted, what is refused, and that a packet of a known source allocates
// nothing. Joining, loss and restarts are in tests/sim/peer_test.cpp. operator new is replaced for this whole program.
#include "transport/peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sim/peer_host.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
void* counted(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void* counted(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto a = static_cast<std::size_t>(alignment);
  if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a)) return p;
  throw std::bad_alloc();
}
}  // namespace
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t a) { return counted(size, a); }
void* operator new[](std::size_t size, std::align_val_t a) { return counted(size, a); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

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

class ConnectedPeer : public testing::TestWithParam<crypto::GcmEngine> {
 protected:
  void SetUp() override {
    server_.peer().set_remote(client_.description(), network_.now());
    client_.peer().set_remote(server_.description({sim::udp(kServer)}), network_.now());
    const auto both = [this] { return server_.connected() && client_.connected(); };
    ASSERT_TRUE(network_.run_until(network_.now().instant + base::Duration::seconds(5), both));
    network_.run_for(base::Duration::millis(100));
  }
  std::array<std::uint8_t, 20> header(std::uint16_t sequence, std::uint32_t ssrc) {
    std::array<std::uint8_t, 20> h{0x90, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1, 0x32, 1, 2, 3};
    base::store_u16(h.data() + 2, sequence);
    base::store_u32(h.data() + 8, ssrc);
    return h;
  }
  sim::Network network_{1};
  sim::SeededEntropy entropy_{1};
  sim::PeerHost server_{network_, Side::server, {kServer}, entropy_, GetParam()};
  sim::PeerHost client_{network_, Side::client, {kClient}, entropy_, GetParam()};
};

TEST_P(ConnectedPeer, allocates_nothing_for_a_packet_of_a_known_source) {
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
  const auto before = allocations.load();
  bool all = true;
  for (std::uint32_t sequence = 65'001; sequence < 66'000; ++sequence)
    all &= pass(static_cast<std::uint16_t>(sequence));
  EXPECT_EQ(allocations.load() - before, 0U);
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

INSTANTIATE_TEST_SUITE_P(Engines, ConnectedPeer, testing::Values(crypto::GcmEngine::automatic, crypto::GcmEngine::evp),
                         [](const auto& i) { return i.param == crypto::GcmEngine::automatic ? "automatic" : "evp"; });

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
