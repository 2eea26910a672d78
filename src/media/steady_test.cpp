// SPDX-License-Identifier: Apache-2.0
// What a steady room and an idle one cost: no allocation per packet, no wake-up without a reason.
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "crypto/allocations_for_tests.h"
#include "media/forwarder.h"
#include "media/people_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;
using crypto::test::allocations;
using crypto::test::counting;

class Counter final : public Outgoing {
 public:
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence, base::DatagramSink&) override {
    bytes += header.size() + payload.size();
    ++packets;
    return true;
  }
  bool send_rtcp(base::Bytes, base::DatagramSink&) override {
    ++rtcp;
    return true;
  }
  std::uint64_t packets = 0, bytes = 0, rtcp = 0;
};

class Nowhere final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t, base::Precedence) override { return room_.data(); }
  void commit(std::size_t) override {}

 private:
  std::array<std::uint8_t, 2'048> room_{};
};

class SteadyRoom : public ::testing::Test {
 protected:
  static constexpr std::size_t kPeople = 10;
  static Answer answer_of(ExtensionSet out) {
    Answer answer;
    answer.sound_in = answer.picture_in = 0x7ffe;
    answer.sound_out = answer.picture_out = out;
    answer.rtx_in = answer.rtx_out = answer.transport_feedback_in = true;
    answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}}};
    answer.slots = 16;
    return answer;
  }
  void configure_without_feedback() {
    const auto answer = answer_of(static_cast<ExtensionSet>(0x7ffe & ~bit_of<wire::TransportSequenceExtension>()));
    for (std::size_t i = 0; i < kPeople; ++i) room.configure(i, answer, {}, now);
  }
  SteadyRoom() {
    const auto answer = answer_of(0x7ffe);
    std::uint32_t ssrc = 1;
    for (std::uint32_t i = 0; i < kPeople; ++i) {
      std::vector<SlotSsrcs> slots(16);
      for (auto& s : slots) s = {{ssrc++}, {ssrc++}, {ssrc++}};
      const auto m = room.add({i + 1}, out[i], {i + 1}, i);
      room.configure(m, answer, slots, now);
      room.set_connected(m, true, now);
      sounds[i].ssrc = 50'000 + i;
      pictures[i].ssrc = 60'000 + i;
    }
    for (std::size_t i = 0; i < kPeople; ++i) room.set_present(i, true, now);
  }
  // 20 ms of the room: one sound and one picture packet a person.
  void step() {
    for (std::size_t i = 0; i < kPeople; ++i) {
      const auto who = static_cast<std::uint8_t>(i);
      ++transport;
      const auto sound = sound_packet(sounds[i], who, 127, transport).whole();
      const auto picture = picture_packet(pictures[i], 0, frame % 50 == 0, who, 1'000, transport).whole();
      counting = counted;
      room.on_rtp(i, sound, now, sink);
      room.on_rtp(i, picture, now, sink);
      room.on_timer(now, sink);
      counting = false;
    }
    ++frame;
    now.instant = now.instant + Duration::millis(20);
    now.wall.us += 20'000;
  }
  PacketPool pool;
  Nowhere sink;
  std::array<Counter, kPeople> out;
  base::Now now{{9'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{3}, pool};
  std::array<TestStream, kPeople> sounds, pictures;
  std::uint16_t transport = 0;
  int frame = 0;
  bool counted = false;
};

TEST_F(SteadyRoom, ten_thousand_forwarded_packets_allocate_nothing) {
  if (!crypto::test::can_count) GTEST_SKIP() << "ThreadSanitizer has an operator new of its own";
  for (int i = 0; i < 200; ++i) step();
  const auto before = room.forwarded();
  allocations = 0;
  counted = true;
  while (room.forwarded() - before < 10'000) step();
  counted = false;
  EXPECT_EQ(allocations, 0U);
  EXPECT_GE(room.forwarded() - before, 10'000U);
  EXPECT_GT(out[0].rtcp, 0U);
  // The count is real: a vector is seen.
  counting = true;
  const std::vector<int> seen(100);
  counting = false;
  EXPECT_EQ(allocations, 1U);
}

// A line that carries half of the pictures: they wait in the pacer, are dropped, and wished for again.
TEST_F(SteadyRoom, nor_where_pictures_wait_for_a_poor_line) {
  if (!crypto::test::can_count) GTEST_SKIP() << "ThreadSanitizer has an operator new of its own";
  const auto say = [&] {
    for (std::size_t i = 0; i < kPeople; ++i) {
      std::array<std::uint8_t, 100> buffer;
      base::Writer w{buffer};
      wire::Remb remb;
      remb.sender = {1};
      remb.bitrate_bps = 1'000'000;
      (void)remb.sources.push_back({2});
      ASSERT_TRUE(remb.write(w));
      counting = counted;
      room.on_rtcp(i, w.written(), now, sink);
      counting = false;
    }
  };
  configure_without_feedback();
  for (int i = 0; i < 500; ++i) {
    say();
    step();
  }
  allocations = 0;
  counted = true;
  const auto before = room.forwarded();
  for (int i = 0; i < 500; ++i) {
    say();
    step();
  }
  counted = false;
  // Where a line changes, the room is told, by an event that nobody takes here.
  EXPECT_LT(allocations, 30U);
  EXPECT_GT(room.forwarded() - before, 45'000U) << "sound, all of it";
}

// Passes on to the simulated network, whose own allocations do not count.
class Uncounted final : public base::DatagramSink {
 public:
  explicit Uncounted(base::DatagramSink& to) : to_(to) {}
  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence p) override {
    const bool was = counting.exchange(false);
    auto* room = to_.reserve(flow, path, max, p);
    counting = was;
    return room;
  }
  void commit(std::size_t size) override {
    const bool was = counting.exchange(false);
    to_.commit(size);
    counting = was;
  }

 private:
  base::DatagramSink& to_;
};

struct Suite {
  const char* name;
  transport::SrtpProfile profile = transport::SrtpProfile::aead_aes_128_gcm;
  crypto::GcmEngine gcm = crypto::GcmEngine::automatic;
};

class SteadyCall : public ::testing::TestWithParam<Suite> {};

// From the datagram that arrives to the datagrams that leave: decrypted, forwarded, encrypted for each; consent checks too.
TEST_P(SteadyCall, of_six_whole_people_allocates_nothing_from_datagram_to_datagram) {
  if (!crypto::test::can_count) GTEST_SKIP() << "ThreadSanitizer has an operator new of its own";
  ASSERT_TRUE(crypto::test::counts_openssl);
  constexpr std::uint32_t kPeople = 6;
  sim::SeededEntropy entropy{11};
  sim::Network network{12};
  network.set_default({.latency = Duration::millis(5)});
  const auto certificate = crypto::Certificate::make_self_signed();
  Settings settings;
  settings.certificate = certificate;
  settings.gcm = GetParam().gcm;
  ExchangeHost host(network, base::Address::v4(10, 0, 0, 1, 5'000), entropy, settings);
  std::vector<std::unique_ptr<Person>> people;
  for (std::uint32_t n = 1; n <= kPeople; ++n) {
    const ParticipantKey key{{7}, {n}};
    ASSERT_TRUE(host.exchange.add(key, network.now()));
    people.push_back(std::make_unique<Person>(network, host, key, base::Address::v4(10, 0, 1, static_cast<std::uint8_t>(n), 4'000),
                                              certificate, entropy, GetParam().profile));
    people.back()->negotiate();
    people.back()->start(network.now().instant);
  }
  network.run_for(Duration::seconds(2));
  for (std::uint32_t n = 1; n <= kPeople; ++n) host.exchange.set_present({{7}, {n}}, true, network.now());
  network.run_for(Duration::seconds(12));  // what nobody looks at large is told after ten
  Uncounted out(host.sink);
  host.towards = &out;
  host.around = [](bool begins) { counting = begins; };
  const auto before = host.exchange.totals().forwarded;
  allocations = 0;
  network.run_for(Duration::seconds(10));  // two consent checks of each, at least
  EXPECT_EQ(allocations, 0U);
  EXPECT_GT(host.exchange.totals().forwarded - before, 10U * kPeople * (kPeople - 1) * 55) << "sound and one picture layer";
  for (const auto& p : people) EXPECT_EQ(p->peer.profile(), GetParam().profile);
}

INSTANTIATE_TEST_SUITE_P(Suites, SteadyCall,
                         ::testing::Values(Suite{.name = "gcm"}, Suite{.name = "gcm_by_evp", .gcm = crypto::GcmEngine::evp},
                                           Suite{.name = "counter_mode_sha1",
                                                 .profile = transport::SrtpProfile::aes128_cm_hmac_sha1_80}),
                         [](const auto& info) { return info.param.name; });

TEST_F(SteadyRoom, silence_needs_no_timer) {
  for (int i = 0; i < 50; ++i) step();
  int wakes = 0;
  while (!room.next_timeout().is_never() && wakes < 1'000) {
    now.instant = std::max(now.instant, room.next_timeout());
    room.on_timer(now, sink);
    ++wakes;
  }
  EXPECT_LT(wakes, 40) << "a room that has fallen silent goes on waking";
  EXPECT_TRUE(room.next_timeout().is_never());
}

TEST(IdleRooms, a_thousand_empty_of_packets_wake_nobody_for_media) {
  PacketPool pool;
  std::vector<std::unique_ptr<Forwarder>> rooms;
  std::vector<Counter> out(1'000);
  const base::Now now{{9'000'000}, {1'800'000'000'000'000}};
  Nowhere sink;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    rooms.push_back(std::make_unique<Forwarder>(base::RoomId{i}, pool));
    const auto m = rooms.back()->add({1}, out[i], {1}, i);
    rooms.back()->set_present(m, true, now);
    rooms.back()->on_timer(now, sink);
    EXPECT_TRUE(rooms.back()->next_timeout().is_never());
  }
  EXPECT_EQ(pool.made(), 0U);
}

// What is done by the clock for a room of ten takes a fraction of a millisecond, and for a hundred of them at once everybody's sound waits.
TEST(ManyRooms, have_each_a_moment_of_their_own) {
  PacketPool pool;
  Counter out;
  Nowhere sink;
  const base::Now now{{9'000'000}, {1'800'000'000'000'000}};
  std::map<std::int64_t, int> at_once;
  for (std::uint32_t i = 0; i < 100; ++i) {
    Forwarder room(base::RoomId{1'000 + i}, pool);
    const auto m = room.add({1}, out, {1}, i);
    room.set_present(m, true, now);
    const std::array<std::uint8_t, 13> packet{0x80, 111};
    room.on_rtp(m, packet, now, sink);
    room.on_timer(now, sink);  // what is due at once
    ASSERT_FALSE(room.next_timeout().is_never());
    ++at_once[room.next_timeout().us];
  }
  for (const auto& [at, rooms] : at_once) EXPECT_LE(rooms, 10) << at;
}

}  // namespace
}  // namespace media
