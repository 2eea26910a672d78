// SPDX-License-Identifier: Apache-2.0
// The media loop over real loopback sockets: batches, segmentation, wakes, inbox, timer. TCP: tcp_paths_test.cpp.
#include "net/media_loop.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <semaphore>
#include <thread>
#include <vector>

#include "net/echo_for_tests.h"
#include "net/machine.h"

namespace {

using base::Bytes;
using net::test::Echo;
using net::test::loopback;
using net::test::UdpClient;

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
  void on_message(base::Now, Bytes, base::DatagramSink&) override {
    held_.release();
    go_.acquire();
  }
  void after_batch(base::Now) override { heard_ = paths_.size(); }
  void until_held() { held_.acquire(); }
  void go() { go_.release(); }
  [[nodiscard]] std::size_t heard() const { return heard_; }

 private:
  std::vector<base::Path> paths_;
  std::atomic<std::size_t> heard_{0};
  std::binary_semaphore held_{0}, go_{0};
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
    core.until_held();  // else it may wake among what follows
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
  core.until_held();
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

}  // namespace
