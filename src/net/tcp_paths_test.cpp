// SPDX-License-Identifier: Apache-2.0
// Media over TCP through a real loop: framing, who has proved nothing, who does not read. See tcp_paths.h.
#include "net/tcp_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "net/echo_for_tests.h"
#include "net/machine.h"
#include "net/rfc4571.h"
#include "net/test_client.h"

namespace {

using base::Bytes;
using net::test::Echo;
using net::test::loopback;
using net::test::UdpClient;

TEST(TcpPaths, tcp_carries_framed_datagrams_both_ways_however_they_are_cut) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  net::test::Client client(loop.port());
  ASSERT_TRUE(client.connected());
  for (const std::string_view part : {std::string_view("\0", 1), std::string_view("\5he", 3), std::string_view("llo\0\3abc", 8)})
    ASSERT_TRUE(client.send(part));
  // "hello" and "abc" come back as 'a's of their lengths
  const auto got = client.read_exactly(12);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, std::string("\0\5aaaaa\0\3aaa", 12));
  EXPECT_EQ(loop.counters().tcp_open, 1U);
}

TEST(TcpPaths, a_tcp_client_that_goes_or_breaks_the_framing_is_closed_and_reported) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  {
    net::test::Client rude(loop.port());
    ASSERT_TRUE(rude.send("\xff\xff and so on"));
    EXPECT_EQ(rude.read_all(), "");
  }
  core.wait_for("tcp closed");
}

constexpr std::string_view kHello("\0\5hello", 7), kAnswer("\0\5aaaaa", 7), kNo("\0\2no", 4);

base::Instant in_seconds(int seconds) { return net::read_clock().instant + base::Duration::seconds(seconds); }

std::vector<std::unique_ptr<net::test::Client>> idle_clients(const net::MediaLoop& loop, std::size_t count) {
  const auto before = loop.counters().tcp_accepted.load();
  std::vector<std::unique_ptr<net::test::Client>> out;
  while (out.size() < count) out.push_back(std::make_unique<net::test::Client>(loop.port()));
  const auto until = in_seconds(5);
  while (loop.counters().tcp_accepted < before + count && net::read_clock().instant < until) std::this_thread::yield();
  EXPECT_EQ(loop.counters().tcp_accepted, before + count);
  return out;
}

bool is_closed(net::test::Client& client) {
  const auto until = in_seconds(5);  // a read gives up after ten
  return client.read_all().empty() && net::read_clock().instant < until;
}

TEST(TcpPaths, tcp_connections_that_prove_nothing_shut_nobody_out) {
  Echo core;
  auto settings = loopback();
  settings.max_tcp_connections = 8;
  net::MediaLoop loop(settings);
  loop.start(core);
  const auto idle = idle_clients(loop, 8);
  net::test::Client person(loop.port());
  ASSERT_TRUE(person.send(kHello));
  EXPECT_EQ(person.read_exactly(7), kAnswer);
  EXPECT_TRUE(is_closed(*idle[0])) << "the oldest gave way";
  const auto more = idle_clients(loop, 20);
  for (const auto& each : more) ASSERT_TRUE(each->send(kNo));
  ASSERT_TRUE(person.send(kHello));
  EXPECT_EQ(person.read_exactly(7), kAnswer) << "who is proven gives way to nobody";
  EXPECT_EQ(loop.counters().tcp_open, 8U);
}

TEST(TcpPaths, of_one_address_only_so_many_tcp_connections_may_have_proved_nothing) {
  Echo core;
  auto settings = loopback();
  settings.tcp_unproven_of_address = 3;
  net::MediaLoop loop(settings);
  loop.start(core);
  std::vector<std::unique_ptr<net::test::Client>> people;
  for (int i = 0; i < 5; ++i) {
    people.push_back(std::make_unique<net::test::Client>(loop.port()));
    ASSERT_TRUE(people.back()->send(kHello));
    ASSERT_EQ(people.back()->read_exactly(7), kAnswer);
  }
  const auto idle = idle_clients(loop, 5);
  for (const std::size_t i : {0U, 1U}) EXPECT_TRUE(is_closed(*idle[i]));
  EXPECT_EQ(loop.counters().tcp_open, 8U) << "those who are proven do not count";
}

// Until it is closed; false where it still stands after five seconds.
bool is_closed_saying(net::test::Client& client, std::string_view what, std::size_t answer) {
  const auto until = in_seconds(5);
  while (net::read_clock().instant < until)
    if (!client.send(what) || !client.read_exactly(answer)) return true;
  return false;
}

TEST(TcpPaths, a_tcp_connection_that_proves_nothing_is_closed_soon_whatever_it_says) {
  Echo core;
  auto settings = loopback();
  settings.tcp_unproven = base::Duration::millis(100);
  net::MediaLoop loop(settings);
  loop.start(core);
  net::test::Client person(loop.port()), other(loop.port());
  ASSERT_TRUE(person.send(kHello));
  EXPECT_EQ(person.read_exactly(7), kAnswer);
  EXPECT_TRUE(is_closed_saying(other, kNo, 4));
  ASSERT_TRUE(person.send(kHello));
  EXPECT_EQ(person.read_exactly(7), kAnswer);
}

TEST(TcpPaths, a_tcp_connection_that_nothing_is_sent_over_any_more_is_closed_whatever_it_says) {
  Echo core;
  auto settings = loopback();
  settings.tcp_silence = base::Duration::millis(100);
  net::MediaLoop loop(settings);
  loop.start(core);
  net::test::Client person(loop.port());
  ASSERT_TRUE(person.send(kHello));
  EXPECT_EQ(person.read_exactly(7), kAnswer);
  EXPECT_TRUE(is_closed_saying(person, kNo, 4));
}

TEST(TcpPaths, a_tcp_client_that_does_not_read_loses_picture_and_not_the_servers_memory) {
  Echo core;
  auto settings = loopback();
  settings.tcp_queue = 64 * 1024;
  net::MediaLoop loop(settings);
  loop.start(core);
  net::test::Client lazy(loop.port(), 4'096);
  std::string ask("\0\11" "2000 1200", 11);
  ASSERT_TRUE(lazy.send(ask));
  ASSERT_TRUE(lazy.send(ask));
  UdpClient probe(loop.port());  // answered after what came before it on this thread
  while (loop.counters().datagrams_out < 4'000) {
    probe.send("x");
    probe.receive();
  }
  EXPECT_GT(loop.counters().tcp_drops, 0U);
}

// Answers each datagram with twenty pictures and one numbered sound; "last" with a sound alone, that says it is the last.
class Sender final : public net::Core {
 public:
  static constexpr unsigned kPictures = 20;
  static constexpr std::size_t kPictureSize = 1'100, kSoundSize = 80;
  void on_datagram(base::Now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) override {
    const bool last = base::as_text(datagram) == "last";
    for (unsigned i = 0; i < kPictures && !last; ++i) {
      std::memset(out.reserve(0, path, kPictureSize, base::Precedence::picture), 'p', kPictureSize);
      out.commit(kPictureSize);
    }
    std::uint8_t* sound = out.reserve(0, path, kSoundSize, base::Precedence::sound);
    std::memset(sound, last ? 'l' : 's', kSoundSize);
    base::store_u32(sound + 1, number_++);
    out.commit(kSoundSize);
  }
  void on_path_closed(base::Now, const base::Path&, base::DatagramSink&) override {}
  void on_timer(base::Now, base::DatagramSink&) override {}
  [[nodiscard]] base::Instant next_timeout() const override { return base::Instant::never(); }
  void on_message(base::Now, Bytes, base::DatagramSink&) override {}
  void after_batch(base::Now) override {}

 private:
  std::uint32_t number_ = 0;
};

// Takes frames apart that arrive in any pieces.
struct SlowReader {
  std::string rest;
  std::vector<std::uint32_t> sounds;
  std::uint64_t pictures = 0, broken = 0;
  bool last = false;
  void take(const std::string& bytes) {
    rest += bytes;
    for (;;) {
      const auto* data = reinterpret_cast<const std::uint8_t*>(rest.data());
      if (rest.size() < 2 || rest.size() < 2U + base::load_u16(data)) return;
      const std::size_t size = base::load_u16(data);
      const char kind = size == 0 ? '?' : rest[2];
      if (kind == 'p' && size == Sender::kPictureSize && rest.find_first_not_of('p', 2) >= 2 + size)
        ++pictures;
      else if ((kind == 's' || kind == 'l') && size == Sender::kSoundSize)
        sounds.push_back(base::load_u32(data + 3));
      else
        ++broken;
      last = last || kind == 'l';
      rest.erase(0, 2 + size);
    }
  }
};

TEST(TcpPaths, to_a_slow_tcp_reader_pictures_are_dropped_and_every_sound_goes_on_in_order_and_in_time) {
  constexpr std::uint32_t kRounds = 1'500;
  constexpr std::size_t kReadEach = 4'096;  // of some 22,000 bytes that each round has
  Sender core;
  auto settings = loopback();
  settings.tcp_queue = 64 * 1024;
  net::MediaLoop loop(settings);
  loop.start(core);
  net::test::Client slow(loop.port(), 4'096);
  SlowReader reader;
  std::uint32_t furthest_behind = 0;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(slow.send(std::string_view("\0\1r", 3)));
    const auto bytes = slow.read_exactly(kReadEach);
    ASSERT_TRUE(bytes) << "the line went silent in round " << round;
    reader.take(*bytes);
    if (!reader.sounds.empty()) furthest_behind = std::max(furthest_behind, round - reader.sounds.back());
  }
  ASSERT_TRUE(slow.send(std::string_view("\0\4last", 6)));
  while (!reader.last) {
    const auto bytes = slow.read_exactly(1);
    ASSERT_TRUE(bytes) << "the last sound never came";
    reader.take(*bytes);
  }
  loop.stop();
  EXPECT_EQ(reader.broken, 0U);
  ASSERT_EQ(reader.sounds.size(), kRounds + 1) << "no sound is dropped";
  for (std::uint32_t n = 0; n <= kRounds; ++n) ASSERT_EQ(reader.sounds[n], n);
  EXPECT_GT(loop.counters().tcp_drops, kRounds * Sender::kPictures / 2) << "most pictures cannot be carried";
  EXPECT_EQ(reader.pictures + loop.counters().tcp_drops, std::uint64_t{kRounds} * Sender::kPictures) << "only pictures are dropped";
  // A quarter of the queue may hold picture, and the kernel holds little: sound waits behind no more.
  EXPECT_LT(furthest_behind, 40U) << "rounds of 4,096 bytes";
}

}  // namespace
