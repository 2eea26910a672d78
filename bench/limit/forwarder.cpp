// SPDX-License-Identifier: Apache-2.0
// What this machine allows: SRTP packets in, opened, sealed anew for each other person, out. One thread, one socket,
// recvmmsg, sendmmsg with UDP_SEGMENT. Deliberately left out: all that makes an SFU (ICE, DTLS, RTCP, layers,
// rewriting, replay, repair). So what Quietroom costs beyond this is its own doing, and what this costs is the kernel's
// and the cipher's.
//   limit_forwarder PEOPLE [REST_US]: prints its port, serves until it is ended
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "limit/packets.h"

namespace {

using limit::Figures, limit::Way, limit::Word, limit::kHeader, limit::kTag;

constexpr std::size_t kBatch = 64, kBatchesAWake = 16;                          // as src/net/media_loop.cpp
constexpr std::size_t kArena = 64 * 1024, kMaxRun = 60'000, kMaxSegments = 60;  // as src/net/batch_sink.h
constexpr std::uint8_t kNobody = 0xff;

std::int64_t nanoseconds(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

int open_socket() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int size = 4 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("no socket to be had");
  return fd;
}

// Packets of one size (the last may be shorter) to one receiver, for one UDP_SEGMENT send.
struct Run {
  std::uint32_t at = 0, length = 0;
  std::uint16_t segment = 0, count = 0;
  bool open = true;
};

struct Person {
  std::unique_ptr<transport::SrtpCipher> opens, seals;
  std::array<limit::IndexOf, 2> index;  // of sound and of pictures
  sockaddr_in address{};
  std::vector<std::uint8_t> arena = std::vector<std::uint8_t>(kArena);
  std::vector<Run> runs;
  std::uint32_t used = 0;
};

class Forwarder {
 public:
  Forwarder(std::size_t count, std::int64_t rest_us) : fd_(open_socket()), rest_ns_(rest_us * 1'000), people_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      people_[i].opens = limit::cipher_of(Way::to_forwarder, i);
      people_[i].seals = limit::cipher_of(Way::from_forwarder, i);
    }
    by_port_.fill(kNobody);
  }

  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin_port);
  }

  [[noreturn]] void run() {
    for (;;) {
      std::size_t got = receive(MSG_WAITFORONE);
      const std::int64_t woke = rest_ns_ > 0 ? nanoseconds(CLOCK_MONOTONIC) : 0;
      ++figures_.wakes;
      for (std::size_t batch = 1; got == kBatch && batch < kBatchesAWake; ++batch) got = receive(MSG_DONTWAIT);
      send_all();
      if (rest_ns_ == 0) continue;
      const std::int64_t until = woke + rest_ns_;
      const timespec end{until / 1'000'000'000, until % 1'000'000'000};
      (void)::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr);
    }
  }

 private:
  std::size_t receive(int flags) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      in_parts_[i] = {in_.data() + i * limit::kRoom, limit::kRoom};
      in_headers_[i].msg_hdr = {&from_[i], sizeof from_[i], &in_parts_[i], 1, nullptr, 0, 0};
    }
    ++figures_.receive_calls;
    const int n = ::recvmmsg(fd_, in_headers_.data(), kBatch, flags, nullptr);
    if (n <= 0) return 0;
    const auto got = static_cast<std::size_t>(n);
    for (std::size_t i = 0; i < got; ++i) take(from_[i], {in_.data() + i * limit::kRoom, in_headers_[i].msg_len});
    return got;
  }

  void take(const sockaddr_in& from, base::MutableBytes packet) {
    const std::uint8_t who = by_port_[ntohs(from.sin_port)];
    if (packet.size() >= kHeader + kTag && who != kNobody) {
      forward(who, packet);
    } else if (packet.size() == 2 && packet[0] == static_cast<std::uint8_t>(Word::hello) &&
               packet[1] < people_.size()) {
      by_port_[ntohs(from.sin_port)] = packet[1];
      people_[packet[1]].address = from;
    } else if (packet.size() == 1 && packet[0] == static_cast<std::uint8_t>(Word::figures)) {
      figures_.cpu_ns = static_cast<std::uint64_t>(nanoseconds(CLOCK_THREAD_CPUTIME_ID));
      (void)::sendto(fd_, &figures_, sizeof figures_, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&from),
                     sizeof from);
    }
  }

  void forward(std::size_t who, base::MutableBytes packet) {
    Person& sender = people_[who];
    const std::uint64_t index = sender.index[packet[11] & 1](base::load_u16(packet.data() + 2));
    std::uint8_t* plain = packet.data() + kHeader;
    if (!sender.opens->open_rtp(packet, kHeader, index, plain)) {
      ++figures_.refused;
      return;
    }
    ++figures_.received;
    const auto size = static_cast<std::uint32_t>(packet.size());  // the tag that goes is as long as the one that came
    for (std::size_t i = 0; i < people_.size(); ++i) {
      if (i == who) continue;
      Person& to = people_[i];
      if (to.used + size > kArena) send_all();
      std::uint8_t* out = to.arena.data() + to.used;
      std::memcpy(out, packet.data(), kHeader);
      to.seals->seal_rtp(out, kHeader, {plain, packet.size() - kHeader - kTag}, index);
      append(to, size);
      ++figures_.forwarded;
    }
  }

  static void append(Person& to, std::uint32_t size) {
    Run* last = to.runs.empty() ? nullptr : &to.runs.back();
    if (last != nullptr && last->open && size <= last->segment && last->count < kMaxSegments &&
        last->length + size <= kMaxRun) {
      last->length += size;
      ++last->count;
      last->open = size == last->segment;
    } else {
      to.runs.push_back({to.used, size, static_cast<std::uint16_t>(size), 1});
    }
    to.used += size;
  }

  void send_all() {
    for (Person& to : people_)
      for (const Run& run : to.runs) queue(to, run);
    send_queued();
    for (Person& to : people_) {
      to.runs.clear();
      to.used = 0;
    }
  }

  void queue(Person& to, const Run& run) {
    if (queued_ == kBatch) send_queued();
    const std::size_t i = queued_++;
    out_parts_[i] = {to.arena.data() + run.at, run.length};
    out_headers_[i].msg_hdr = {&to.address, sizeof to.address, &out_parts_[i], 1, nullptr, 0, 0};
    counts_[i] = run.count;
    if (run.count == 1) return;
    msghdr& header = out_headers_[i].msg_hdr;
    header.msg_control = controls_[i].bytes.data();
    header.msg_controllen = controls_[i].bytes.size();
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof run.segment);
    std::memcpy(CMSG_DATA(c), &run.segment, sizeof run.segment);
  }

  void send_queued() {
    for (std::size_t from = 0; from < queued_;) {
      ++figures_.send_calls;
      const int n = ::sendmmsg(fd_, out_headers_.data() + from, static_cast<unsigned>(queued_ - from), MSG_DONTWAIT);
      if (n <= 0) figures_.refused += counts_[from];
      const std::size_t done = n <= 0 ? 1 : static_cast<std::size_t>(n);
      figures_.sends += done;
      from += done;
    }
    queued_ = 0;
  }

  struct Control {
    alignas(8) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };
  int fd_;
  std::int64_t rest_ns_;
  std::vector<Person> people_;
  std::array<std::uint8_t, 65'536> by_port_{};
  std::vector<std::uint8_t> in_ = std::vector<std::uint8_t>(kBatch * limit::kRoom);
  std::array<sockaddr_in, kBatch> from_{};
  std::array<iovec, kBatch> in_parts_{}, out_parts_{};
  std::array<mmsghdr, kBatch> in_headers_{}, out_headers_{};
  std::array<Control, kBatch> controls_{};
  std::array<std::uint16_t, kBatch> counts_{};
  std::size_t queued_ = 0;
  Figures figures_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto people = argc > 1 ? static_cast<std::size_t>(std::atoi(argv[1])) : 0;
  if (people < 2 || people > limit::kMostPeople) {
    fmt::print(stderr, "limit_forwarder PEOPLE [REST_US]\n");
    return 2;
  }
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it ends with whoever measures it
  try {
    Forwarder forwarder(people, argc > 2 ? std::max(0, std::atoi(argv[2])) : 0);
    fmt::print("{}\n", forwarder.port());
    (void)std::fflush(stdout);
    forwarder.run();
  } catch (const std::exception& e) {
    fmt::print(stderr, "limit_forwarder: {}\n", e.what());
    return 1;
  }
}
