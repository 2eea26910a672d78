// SPDX-License-Identifier: Apache-2.0
// What the tests of the media loop share: a core that answers, and a client over UDP. See media_loop.h.
#pragma once
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "net/media_loop.h"
#include "net/socket_address.h"

namespace net::test {

// Answers a datagram "N size" with N datagrams of that size (the last one shorter), "talk N size" with as many pictures of it and
// before each a packet of sound of 100 bytes, "one size" with one picture and sound behind it, "no" with a STUN error; notes everything else.
class Echo final : public Core {
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
  void on_message(base::Now now, base::Bytes message, base::DatagramSink&) override {
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
    const socklen_t length = to_sockaddr(server, to);
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
  Fd fd_;
};

inline MediaLoopSettings loopback() {
  MediaLoopSettings s;
  s.listen = {base::Address::v4(127, 0, 0, 1, 0)};
  return s;
}

}  // namespace net::test
