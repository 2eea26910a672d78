// SPDX-License-Identifier: Apache-2.0
// The media loop over real loopback sockets: batches, segmentation, TCP framing, inbox, timer.
#include "net/media_loop.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

#include "net/batch_sink.h"
#include "net/machine.h"
#include "net/rfc4571.h"
#include "net/socket_address.h"
#include "net/test_client.h"

namespace {

using base::Bytes;

// Answers a datagram "N size" with N datagrams of that size (the last one shorter), "talk N size" with as many pictures of it and
// before each a packet of sound of 100 bytes, "one size" with one picture and sound behind it, "no" with a STUN error; notes everything else.
class Echo final : public net::Core {
 public:
  void on_datagram(base::Now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) override {
    const std::string text(base::as_text(datagram));
    unsigned count = 1, size = 0;
    if (text == "no") return refuse(path, out);
    if (std::sscanf(text.c_str(), "talk %u %u", &count, &size) == 2) return talk(path, count, size, {true, false}, out);
    if (std::sscanf(text.c_str(), "one %u", &size) == 1) return talk(path, 1, size, {false, true}, out);
    if (std::sscanf(text.c_str(), "%u %u", &count, &size) != 2) size = static_cast<unsigned>(text.size());
    for (unsigned i = 0; i < count; ++i) {
      std::uint8_t* room = out.reserve(0, path, size, base::Precedence::picture);
      std::memset(room, static_cast<int>('a' + i % 26), size);
      out.commit(i + 1 == count && count > 1 ? size - 1 : size);
    }
  }
  void on_path_closed(base::Now, const base::Path& path, base::DatagramSink&) override {
    note(path.carrier == base::Carrier::tcp ? "tcp closed" : "udp closed");
  }
  void on_timer(base::Now now, base::DatagramSink&) override {
    note(now.instant >= due_ ? "timer" : "timer too early");
    due_ = base::Instant::never();
  }
  [[nodiscard]] base::Instant next_timeout() const override { return due_; }
  void on_message(base::Now now, Bytes message, base::DatagramSink&) override {
    if (base::as_text(message) == "set timer") due_ = now.instant + base::Duration::millis(5);
    note(std::string(base::as_text(message)));
  }
  void after_batch(base::Now) override {}

  void wait_for(const std::string& what) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return seen_.contains(what); })) << what;
  }

 private:
  static void refuse(const base::Path& path, base::DatagramSink& out) {
    std::memcpy(out.reserve(0, path, 2, base::Precedence::control), "\1\x11", 2);
    out.commit(2);
  }
  static void talk(const base::Path& path, unsigned count, unsigned size, std::initializer_list<bool> order, base::DatagramSink& out) {
    for (unsigned i = 0; i < count; ++i)
      for (const bool sound : order) {
        const unsigned bytes = sound ? 100 : size;
        std::memset(out.reserve(0, path, bytes, sound ? base::Precedence::sound : base::Precedence::picture), static_cast<int>((sound ? 'A' : 'a') + i), bytes);
        out.commit(bytes);
      }
  }
  void note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    ++seen_[what];
    changed_.notify_all();
  }
  base::Instant due_ = base::Instant::never();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> seen_;
};

class UdpClient {
 public:
  explicit UdpClient(std::uint16_t port) : UdpClient(base::Address::v4(127, 0, 0, 1, port)) {}
  explicit UdpClient(const base::Address& server) : fd_(::socket(server.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const int room = 4 << 20;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    sockaddr_storage to{};
    const socklen_t length = net::to_sockaddr(server, to);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), length), 0);
  }
  void send(std::string_view text) { EXPECT_EQ(::send(fd_.get(), text.data(), text.size(), 0), std::ssize(text)); }
  void send_in_segments(std::string_view text, int size) {
    EXPECT_EQ(::setsockopt(fd_.get(), SOL_UDP, UDP_SEGMENT, &size, sizeof(size)), 0);
    send(text);
  }
  std::string receive() {
    char room[4'096];
    const ssize_t n = ::recv(fd_.get(), room, sizeof(room), 0);
    return n < 0 ? "nothing came" : std::string(room, static_cast<std::size_t>(n));
  }

 private:
  net::Fd fd_;
};

net::MediaLoopSettings loopback() {
  net::MediaLoopSettings s;
  s.listen = {base::Address::v4(127, 0, 0, 1, 0)};
  return s;
}

void expect_batch(UdpClient& client, unsigned count, std::size_t size) {
  for (unsigned i = 0; i < count; ++i) {
    const std::string got = client.receive();
    ASSERT_EQ(got.size(), i + 1 == count ? size - 1 : size);
    ASSERT_EQ(got[0], static_cast<char>('a' + i % 26)) << "datagram " << i << " is out of order";
  }
}

TEST(MediaLoop, answers_over_ipv6_as_over_ipv4_from_one_port) {
  base::Address six;
  ASSERT_TRUE(net::parse_address("::1", six));
  Echo core;
  net::MediaLoopSettings settings = loopback();
  settings.listen.push_back(six);
  net::MediaLoop loop(settings);
  if (loop.addresses().size() < 2) GTEST_SKIP() << "this machine has no IPv6";
  loop.start(core);
  six.port = loop.port();
  UdpClient by_six(six), by_four(loop.port());
  by_six.send("40 1100");
  expect_batch(by_six, 40, 1'100);
  by_four.send("40 1100");
  expect_batch(by_four, 40, 1'100);
  loop.stop();
  EXPECT_EQ(loop.counters().datagrams_out, 80U);
}

TEST(MediaLoop, equal_datagrams_to_one_receiver_leave_in_few_sends_and_arrive_whole_and_in_order) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send("40 1100");
  expect_batch(client, 40, 1'100);
  loop.stop();  // counters are final
  EXPECT_EQ(loop.counters().datagrams_out, 40U);
  EXPECT_EQ(loop.counters().send_drops, 0U);
  if (loop.counters().segmentation_fallbacks == 0) EXPECT_EQ(loop.counters().sends, 1U);
}

TEST(MediaLoop, sound_ends_a_message_of_pictures_and_each_of_the_two_stays_in_order) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send("talk 4 1100");
  std::string sounds, pictures;
  for (int i = 0; i < 8; ++i) {
    const std::string got = client.receive();
    ASSERT_EQ(got, std::string(got.size(), got[0]));
    (got.size() == 100 ? sounds : pictures) += got[0];
  }
  EXPECT_EQ(sounds, "ABCD");
  EXPECT_EQ(pictures, "abcd");
  loop.stop();  // counters are final
  // Four pictures with the first sound, then the other three sounds.
  if (loop.counters().segmentation_fallbacks == 0) EXPECT_EQ(loop.counters().sends, 2U);
}

TEST(MediaLoop, sound_does_not_wait_behind_a_picture_that_is_alone) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send("one 1100");
  EXPECT_EQ(client.receive(), std::string(100, 'A'));
  EXPECT_EQ(client.receive(), std::string(1'100, 'a'));
}

struct Receiver {
  net::Fd fd{::socket(AF_INET, SOCK_DGRAM, 0)};
  base::Address address;
  Receiver() {
    sockaddr_storage name{};
    const socklen_t wanted = net::to_sockaddr(base::Address::v4(127, 0, 0, 1, 0), name);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), wanted), 0);
    socklen_t length = sizeof name;
    EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length), 0);
    address = net::from_sockaddr(name);
  }
  // The letters of `count` datagrams of 1,000 bytes.
  std::string take(int count) {
    std::string letters;
    for (int i = 0; i < count; ++i) {
      char got[2'000];
      EXPECT_EQ(::recv(fd.get(), got, sizeof got, MSG_DONTWAIT), 1'000);
      EXPECT_EQ(got[999], got[0]);
      letters += got[0];
    }
    return letters;
  }
};

void put(net::BatchSink& sink, const base::Path& path, std::string_view letters) {
  for (const char letter : letters) {
    std::memset(sink.reserve(3, path, 1'000, base::Precedence::picture), letter, 1'000);
    sink.commit(1'000);
  }
}

TEST(BatchSink, what_fills_its_room_leaves_at_once_and_the_rest_follows_in_order) {
  Receiver receiver;
  const net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0));
  const base::Path path{base::Carrier::udp, 0, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get()}, nullptr, true, counters, 10'000);
  put(sink, path, "abcdefghijklmnopqrst");
  EXPECT_EQ(counters.sends, 1U) << "ten were in its way";
  sink.flush();
  EXPECT_EQ(counters.sends, 2U);
  EXPECT_EQ(receiver.take(20), "abcdefghijklmnopqrst");
}

// The kernel says EINVAL to a run from a socket that makes no checksums, as some kernels do where the MTU of a path is small.
net::Fd that_cannot_segment() {
  net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0));
  const int one = 1;
  EXPECT_EQ(::setsockopt(sender.get(), SOL_SOCKET, SO_NO_CHECK, &one, sizeof one), 0);
  return sender;
}

TEST(BatchSink, a_path_that_runs_cannot_go_over_costs_the_others_nothing) {
  Receiver receiver;
  const net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0)), narrow = that_cannot_segment();
  const base::Path path{base::Carrier::udp, 0, receiver.address}, over_narrow{base::Carrier::udp, 1, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get(), narrow.get()}, nullptr, true, counters);
  // Those who come first decide nothing for all who come later.
  for (int i = 0; i < 100; ++i) {
    if (i == 3) put(sink, path, "xyz");
    put(sink, over_narrow, "abc");
    sink.flush();
    EXPECT_EQ(receiver.take(i == 3 ? 6 : 3), i == 3 ? "xyzabc" : "abc");
  }
  EXPECT_EQ(counters.segmentation_fallbacks, 100U);
  const auto before = counters.sends.load();
  put(sink, path, "abcdef");
  sink.flush();
  EXPECT_EQ(counters.sends - before, 1U);
  EXPECT_EQ(receiver.take(6), "abcdef");
  EXPECT_EQ(counters.send_drops, 0U);
}

TEST(BatchSink, where_no_run_ever_went_no_more_are_tried) {
  Receiver receiver;
  const net::Fd sender = that_cannot_segment();
  const base::Path path{base::Carrier::udp, 0, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get()}, nullptr, true, counters);
  for (int i = 0; i < 100; ++i) {
    put(sink, path, "abc");
    sink.flush();
    EXPECT_EQ(receiver.take(3), "abc");
  }
  EXPECT_EQ(counters.segmentation_fallbacks, 16U);
}

TEST(MediaLoop, more_than_one_message_of_segments_still_arrives_in_order) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send("200 1200");
  expect_batch(client, 200, 1'200);
}

TEST(MediaLoop, without_segmentation_the_same_arrives_one_by_one) {
  Echo core;
  auto settings = loopback();
  settings.segmentation = false;
  net::MediaLoop loop(settings);
  loop.start(core);
  UdpClient client(loop.port());
  client.send("40 1100");
  expect_batch(client, 40, 1'100);
  loop.stop();  // counters are final
  EXPECT_EQ(loop.counters().sends, 40U);
}

TEST(MediaLoop, rests_after_each_wake_that_brought_something_and_still_answers_everything) {
  constexpr int kTimes = 5;
  Echo core;
  auto settings = loopback();
  settings.rest = base::Duration::millis(20);
  net::MediaLoop loop(settings);
  loop.start(core);
  UdpClient client(loop.port());
  const auto before = net::read_clock().instant;
  for (int i = 0; i < kTimes; ++i) {
    client.send("hello");
    EXPECT_EQ(client.receive(), "aaaaa");
  }
  EXPECT_GE((net::read_clock().instant - before).us, settings.rest.us * (kTimes - 1));
  loop.stop();
  EXPECT_EQ(loop.counters().datagrams_in, static_cast<std::uint64_t>(kTimes));
}

TEST(MediaLoop, a_run_that_arrives_as_one_is_handled_as_the_datagrams_that_it_was) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send_in_segments("2 500" "3 600" "1 77", 5);  // loopback hands a GSO send over as it is
  expect_batch(client, 2, 500);
  expect_batch(client, 3, 600);
  EXPECT_EQ(client.receive(), std::string(77, 'a'));
  loop.stop();  // counters are final
  EXPECT_EQ(loop.counters().datagrams_in, 3U);
  EXPECT_EQ(loop.counters().bytes_in, 14U);
  EXPECT_EQ(loop.counters().truncated, 0U);
}

// Passes everything on to all others, as a room does; "wait" holds the loop up until go().
class Everyone final : public net::Core {
 public:
  void on_datagram(base::Now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) override {
    const auto from = std::ranges::find(paths_, path);
    if (from == paths_.end()) return paths_.push_back(path);
    const auto precedence = datagram.size() < 200 ? base::Precedence::sound : base::Precedence::picture;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (paths_[i] == path) continue;
      std::ranges::copy(datagram, out.reserve(static_cast<std::uint32_t>(i), paths_[i], datagram.size(), precedence));
      out.commit(datagram.size());
    }
  }
  void on_path_closed(base::Now, const base::Path&, base::DatagramSink&) override {}
  void on_timer(base::Now, base::DatagramSink&) override {}
  [[nodiscard]] base::Instant next_timeout() const override { return base::Instant::never(); }
  void on_message(base::Now, Bytes, base::DatagramSink&) override { go_.acquire(); }
  void after_batch(base::Now) override { heard_ = paths_.size(); }
  void go() { go_.release(); }
  [[nodiscard]] std::size_t heard() const { return heard_; }

 private:
  std::vector<base::Path> paths_;
  std::atomic<std::size_t> heard_{0};
  std::binary_semaphore go_{0};
};

// What forwarding costs in system calls may not creep up (what it costs in instructions: bench/guard.json). Ten people send sound and
// three packets of a picture each, again and again, and what all of them sent is there when the loop wakes: exact counts.
TEST(MediaLoop, forwarding_takes_one_wake_for_all_that_came_one_call_to_receive_and_few_to_send) {
  constexpr unsigned kPeople = 10, kRounds = 50, kPictures = 3, kSent = kPeople * (kPictures + 1), kGot = kSent - kPictures - 1;
  Everyone core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  std::vector<std::unique_ptr<UdpClient>> people;
  while (people.size() < kPeople) {
    people.push_back(std::make_unique<UdpClient>(loop.port()));
    people.back()->send("here");
    while (core.heard() < people.size()) std::this_thread::yield();
  }
  const auto& c = loop.counters();
  const auto count = [&c] { return std::array{c.wakes - c.messages, c.receive_calls.load(), c.send_calls.load(), c.sends.load(), c.datagrams_out.load()}; };
  const auto before = count();
  for (unsigned round = 0; round < kRounds; ++round) {
    loop.post({'w', 'a', 'i', 't'});
    for (const auto& person : people) {
      person->send(std::string(90, 's'));
      for (unsigned i = 0; i < kPictures; ++i) person->send(std::string(1'100, 'p'));
    }
    core.go();
    for (const auto& person : people)
      for (unsigned i = 0; i < kGot; ++i) ASSERT_NE(person->receive(), "nothing came");
  }
  loop.stop();  // counters are final; that is one more wake
  const auto after = count();
  const auto [wakes, receives, sends, messages, datagrams] = std::array{after[0] - before[0], after[1] - before[1], after[2] - before[2], after[3] - before[3], after[4] - before[4]};
  EXPECT_EQ(datagrams, kRounds * kPeople * kGot);
  EXPECT_LE(wakes, kRounds + 1);
  EXPECT_LE(receives, kRounds);
  EXPECT_LE(sends, kRounds);
  if (c.segmentation_fallbacks == 0) EXPECT_LE(messages, kRounds * kPeople * 2) << "pictures with a sound behind them, and the other sounds";
}

TEST(MediaLoop, what_came_in_runs_takes_one_call_where_its_datagrams_would_take_two) {
  Everyone core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send("here");
  while (core.heard() == 0) std::this_thread::yield();
  const auto& c = loop.counters();
  const auto calls = c.receive_calls.load();
  loop.post({'w', 'a', 'i', 't'});
  for (int i = 0; i < 2; ++i) client.send_in_segments(std::string(60 * 20, 'x'), 20);
  core.go();
  while (c.datagrams_in < 121) std::this_thread::yield();
  EXPECT_EQ(c.receive_calls - calls, 1U);
}

TEST(MediaLoop, a_datagram_over_its_room_is_counted_and_goes_no_further) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  UdpClient client(loop.port());
  client.send(std::string(3'000, 'x'));
  client.send("short");
  EXPECT_EQ(client.receive(), "aaaaa");
  EXPECT_EQ(loop.counters().truncated, 1U);
}

TEST(MediaLoop, tcp_carries_framed_datagrams_both_ways_however_they_are_cut) {
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

TEST(MediaLoop, a_tcp_client_that_goes_or_breaks_the_framing_is_closed_and_reported) {
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

TEST(MediaLoop, tcp_connections_that_prove_nothing_shut_nobody_out) {
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

TEST(MediaLoop, of_one_address_only_so_many_tcp_connections_may_have_proved_nothing) {
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

TEST(MediaLoop, a_tcp_connection_that_proves_nothing_is_closed_soon_whatever_it_says) {
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

TEST(MediaLoop, a_tcp_connection_that_nothing_is_sent_over_any_more_is_closed_whatever_it_says) {
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

TEST(MediaLoop, a_tcp_client_that_does_not_read_loses_picture_and_not_the_servers_memory) {
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

TEST(MediaLoop, to_a_slow_tcp_reader_pictures_are_dropped_and_every_sound_goes_on_in_order_and_in_time) {
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

TEST(MediaLoop, messages_and_timers_reach_the_core_and_what_was_posted_before_stop_is_handled) {
  Echo core;
  net::MediaLoop loop(loopback());
  loop.start(core);
  const auto post = [&](std::string_view text) { loop.post({text.begin(), text.end()}); };
  post("set timer");
  core.wait_for("timer");
  post("last");
  loop.stop();
  core.wait_for("last");
}

TEST(MediaLoop, a_taken_port_is_a_start_up_failure) {
  net::MediaLoop first(loopback());
  auto settings = loopback();
  settings.port = first.port();
  EXPECT_THROW(net::MediaLoop second(settings), std::runtime_error);
}

TEST(Addresses, are_read_and_written_as_people_write_them) {
  base::Address a;
  for (const char* text : {"127.0.0.1", "192.0.2.33", "::1", "2001:db8::5"}) {
    ASSERT_TRUE(net::parse_address(text, a)) << text;
    EXPECT_EQ(net::address_text(a), text);
  }
  for (const char* text : {"", "localhost", "127.0.0.1:80", "1.2.3", "[::1]"}) EXPECT_FALSE(net::parse_address(text, a)) << text;
}

TEST(Addresses, of_ipv6_count_by_their_64_and_of_ipv4_by_themselves) {
  const auto network = [](const char* text) {
    base::Address a;
    EXPECT_TRUE(net::parse_address(text, a));
    a.port = 9;
    return net::network_of(a);
  };
  EXPECT_EQ(network("2001:db8:0:1::5"), network("2001:db8:0:1:ffff::6"));
  EXPECT_NE(network("2001:db8:0:1::5"), network("2001:db8:0:2::5"));
  EXPECT_NE(network("192.0.2.1"), network("192.0.2.2"));
}

}  // namespace
