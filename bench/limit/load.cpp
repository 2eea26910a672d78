// SPDX-License-Identifier: Apache-2.0
// The bare forwarder's people: N sockets on one thread, each sending what quietroom-load --bench sends of a person (50
// packets of sound and 25 frames of four packets a second, in the same 1 ms steps) or, flat out, as many as the
// forwarder can take: so many rounds are always under way, so that it never waits. Receives with UDP_GRO, opens one
// packet in 16 and takes its latency. Prints one line of JSON. A run is void by the same rules as quietroom-load's.
//   limit_load PORT PEOPLE WARM_UP_SECONDS SECONDS [flat-out]
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "limit/packets.h"

namespace {

using limit::Figures, limit::Way, limit::Word, limit::kHeader, limit::kTag;

constexpr std::size_t kBatch = 16, kGroRun = 65'536;
constexpr std::int64_t kTick = 1'000, kLate = 20'000, kApart = 23'000;  // us; kApart between two people's first packets
constexpr std::int64_t kSoundEvery = 20'000, kFrameEvery = 40'000;
constexpr unsigned kFramePackets = 4;
constexpr std::uint64_t kUnderWay = 6;  // rounds, flat out: a round is a frame and the sound of its 40 ms, of everyone
constexpr double kTolerated = 0.001;

std::int64_t now_us() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000;
}
double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}
int open_socket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int size = 8 << 20, one = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  ::setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof one);
  ::setsockopt(fd, SOL_UDP, UDP_GRO, &one, sizeof one);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("no socket to be had");
  return fd;
}

struct Person {
  int fd = -1;
  std::unique_ptr<transport::SrtpCipher> seals, opens;
  std::array<std::uint16_t, 2> sequence{};  // of sound and of pictures; the first sent is 1
  std::array<std::uint64_t, 2> sent{};      // packets; also the index
  std::vector<limit::IndexOf> index;        // by SSRC, of what it receives
  std::int64_t began = 0, sound_due = 0, frame_due = 0;
  std::uint64_t sounds = 0, frames = 0;
  std::uint32_t dropped = 0;
};

struct Totals {
  std::uint64_t sent = 0, late = 0, not_sent = 0, received = 0, wrong = 0;
};

class Load {
 public:
  Load(std::uint16_t port, std::size_t count, bool flat_out)
      : flat_out_(flat_out), people_(count), epoll_(::epoll_create1(EPOLL_CLOEXEC)), control_(open_socket(port)) {
    for (std::size_t i = 0; i < count; ++i) {
      Person& p = people_[i];
      p.fd = open_socket(port);
      p.seals = limit::cipher_of(Way::to_forwarder, i);
      p.opens = limit::cipher_of(Way::from_forwarder, i);
      p.index.resize(2 * count);
      const std::array<std::uint8_t, 2> hello{static_cast<std::uint8_t>(Word::hello), static_cast<std::uint8_t>(i)};
      if (::send(p.fd, hello.data(), hello.size(), 0) < 0) throw std::runtime_error("the forwarder is not there");
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, p.fd, &event);
      p.began = p.sound_due = p.frame_due = now_us() + static_cast<std::int64_t>(i) * kApart;
    }
    (void)figures();  // answered once all have been heard
  }

  std::string run(double warm_up, double seconds) {
    serve(warm_up, true);
    const Figures before = figures();
    const Totals start = totals_;
    const double cpu = cpu_seconds();
    const std::int64_t began = now_us();
    latencies_.clear();
    serve(seconds, true);
    const Figures after = figures();
    const double wall = static_cast<double>(now_us() - began) / 1e6, own_cpu = cpu_seconds() - cpu;
    const Totals end = totals_;
    const auto latencies = latencies_;
    serve(0.3, false);  // what is still under way
    return report(before, after, wall, own_cpu, end.sent - start.sent, end.late - start.late, latencies);
  }

 private:
  // The forwarder's own figures; asked on a socket of its own.
  Figures figures() {
    const auto word = static_cast<std::uint8_t>(Word::figures);
    const std::int64_t until = now_us() + 2'000'000;
    (void)::send(control_, &word, 1, 0);
    while (now_us() < until) {
      Figures out;
      if (::recv(control_, &out, sizeof out, MSG_DONTWAIT) == sizeof out) return out;
      wait(200);
    }
    throw std::runtime_error("the forwarder does not answer");
  }

  void serve(double seconds, bool sending) {
    const std::int64_t end = now_us() + static_cast<std::int64_t>(seconds * 1e6);
    for (std::int64_t now = now_us(); now < end; now = now_us()) {
      if (flat_out_) {
        if (sending) send_rounds(now);
        wait(10'000);
        continue;
      }
      if (sending)
        for (Person& p : people_) send_due(p, now);
      const std::int64_t next = now_us() + kTick;
      while (now_us() < next) wait(next - now_us());
    }
  }

  // The rounds under way are those sent and not yet received; what was lost is under way no more after a while of
  // silence.
  void send_rounds(std::int64_t now) {
    const std::uint64_t round = people_.size() * (kFramePackets + 2) * (people_.size() - 1);
    if (totals_.received != seen_) {
      seen_ = totals_.received;
      seen_at_ = now;
    } else if (now - seen_at_ > 1'000'000) {
      forgotten_ =
          totals_.sent * (people_.size() - 1) - std::min(totals_.received, totals_.sent * (people_.size() - 1));
      seen_at_ = now;
    }
    const std::uint64_t accounted = totals_.received + forgotten_;
    while (totals_.sent * (people_.size() - 1) < accounted + kUnderWay * round)
      for (Person& p : people_) {
        for (unsigned i = 0; i < kFramePackets; ++i) write(p, 1, now, now);
        for (unsigned i = 0; i < 2; ++i) write(p, 0, now, now);
        send_written(p);
      }
  }

  void send_due(Person& p, std::int64_t now) {
    for (; p.sound_due <= now; p.sound_due = p.began + static_cast<std::int64_t>(++p.sounds) * kSoundEvery)
      write(p, 0, now, p.sound_due);
    for (; p.frame_due <= now; p.frame_due = p.began + static_cast<std::int64_t>(++p.frames) * kFrameEvery)
      for (unsigned i = 0; i < kFramePackets; ++i) write(p, 1, now, p.frame_due);
    send_written(p);
  }

  void write(Person& p, std::size_t picture, std::int64_t now, std::int64_t due) {
    if (written_ == kMostWritten) send_written(p);
    const std::size_t size = picture != 0 ? limit::kPicture : limit::kSound;
    std::uint8_t* out = out_.data() + written_ * limit::kRoom;
    std::fill_n(out, kHeader, std::uint8_t{0});
    out[0] = 0x90;
    base::store_u16(out + 2, ++p.sequence[picture]);
    base::store_u32(out + 8, static_cast<std::uint32_t>(2 * static_cast<std::size_t>(&p - people_.data()) + picture));
    base::store_u64(plain_.data(), static_cast<std::uint64_t>(now));
    p.seals->seal_rtp(out, kHeader, {plain_.data(), size}, ++p.sent[picture]);
    out_parts_[written_++] = {out, kHeader + size + kTag};
    totals_.late += now - due > kLate ? 1 : 0;
  }

  void send_written(Person& p) {
    for (std::size_t i = 0; i < written_; ++i) {
      out_headers_[i] = {};
      out_headers_[i].msg_hdr.msg_iov = &out_parts_[i];
      out_headers_[i].msg_hdr.msg_iovlen = 1;
    }
    for (std::size_t done = 0; done < written_;) {
      const int n = ::sendmmsg(p.fd, out_headers_.data() + done, static_cast<unsigned>(written_ - done), 0);
      if (n <= 0) ++totals_.not_sent;
      done += n <= 0 ? 1 : static_cast<std::size_t>(n);
    }
    totals_.sent += written_;
    written_ = 0;
  }

  void wait(std::int64_t us) {
    std::array<epoll_event, 64> events;
    const timespec until{us / 1'000'000, us % 1'000'000 * 1'000};
    const int n =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), us > 0 ? &until : &kAtOnce, nullptr);
    for (int i = 0; i < n; ++i) receive(people_[events[static_cast<std::size_t>(i)].data.u64]);
  }

  void receive(Person& p) {
    for (;;) {
      for (std::size_t i = 0; i < kBatch; ++i) {
        in_parts_[i] = {in_.data() + i * kGroRun, kGroRun};
        in_headers_[i].msg_hdr = {nullptr, 0, &in_parts_[i], 1, controls_[i].bytes.data(), controls_[i].bytes.size(),
                                  0};
      }
      const int n = ::recvmmsg(p.fd, in_headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
      if (n <= 0) return;
      const std::int64_t now = now_us();
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        const std::size_t whole = in_headers_[i].msg_len, segment = segment_of(p, in_headers_[i].msg_hdr, whole);
        for (std::size_t at = 0; at < whole; at += segment)
          take(p, now, {in_.data() + i * kGroRun + at, std::min(segment, whole - at)});
      }
      if (static_cast<std::size_t>(n) < kBatch) return;
    }
  }

  static std::size_t segment_of(Person& p, msghdr& header, std::size_t whole) {
    std::size_t segment = std::max<std::size_t>(whole, 1);
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
      int value = 0;
      std::memcpy(&value, CMSG_DATA(c), sizeof value);
      if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO && value > 0) segment = static_cast<std::size_t>(value);
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) p.dropped = static_cast<std::uint32_t>(value);
    }
    return segment;
  }

  void take(Person& p, std::int64_t now, base::MutableBytes packet) {
    if (packet.size() < kHeader + kTag) return;
    ++totals_.received;
    const std::uint16_t sequence = base::load_u16(packet.data() + 2);
    const std::uint32_t ssrc = base::load_u32(packet.data() + 8);
    if (ssrc >= p.index.size()) {
      ++totals_.wrong;
      return;
    }
    const std::uint64_t index = p.index[ssrc](sequence);
    if (sequence % 16 != 0) return;
    std::uint8_t* plain = packet.data() + kHeader;
    if (!p.opens->open_rtp(packet, kHeader, index, plain)) {
      ++totals_.wrong;
      return;
    }
    latencies_.push_back(static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(now - static_cast<std::int64_t>(base::load_u64(plain)), 0, 2'000'000)));
  }

  [[nodiscard]] std::string report(const Figures& before, const Figures& after, double wall, double own_cpu,
                                   std::uint64_t sent, std::uint64_t late, std::vector<std::uint32_t> latencies) const {
    std::ranges::sort(latencies);
    const auto quantile = [&](double q) {
      return latencies.empty()
                 ? 0.0
                 : latencies[static_cast<std::size_t>(q * static_cast<double>(latencies.size() - 1))] / 1e3;
    };
    const double forwarded = static_cast<double>(after.forwarded - before.forwarded),
                 cpu = static_cast<double>(after.cpu_ns - before.cpu_ns) / 1e9;
    const double expected = static_cast<double>(totals_.sent * (people_.size() - 1));
    const double lost = std::max(0.0, expected - static_cast<double>(totals_.received)) / std::max(1.0, expected);
    std::uint64_t dropped = 0;
    for (const Person& p : people_) dropped += p.dropped;
    std::string why = "null";
    if (totals_.wrong > 0) why = fmt::format("\"{} packets did not open\"", totals_.wrong);
    if (static_cast<double>(late + totals_.not_sent) > kTolerated * static_cast<double>(sent))
      why = "\"more than 0.1% of the load's own sending was late or lost\"";
    if (lost > kTolerated)
      why = fmt::format("\"{:.2f}% lost, {} of them at the load's own sockets\"", lost * 100, dropped);
    return fmt::format(
        "{{\"void\": {}, \"packets_per_cpu_second\": {:.0f}, \"cores\": {:.4f}, \"forwarded_per_second\": {:.0f}, "
        "\"latency_p50_ms\": {:.3f}, "
        "\"latency_p99_ms\": {:.3f}, \"wakes_per_second\": {:.0f}, \"packets_per_send\": {:.2f}, \"load_cores\": "
        "{:.3f}, \"late\": {}, "
        "\"lost_share\": {:.6f}, \"dropped_by_load\": {}, \"refused\": {}}}\n",
        why, forwarded / std::max(cpu, 1e-9), cpu / wall, forwarded / wall, quantile(0.5), quantile(0.99),
        static_cast<double>(after.wakes - before.wakes) / wall,
        forwarded / std::max(1.0, static_cast<double>(after.sends - before.sends)), own_cpu / wall, late, lost, dropped,
        after.refused);
  }

  static constexpr std::size_t kMostWritten = 64;
  static constexpr timespec kAtOnce{0, 0};
  struct Control {
    alignas(8) std::array<char, CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(std::uint32_t))> bytes;
  };
  bool flat_out_;
  std::vector<Person> people_;
  int epoll_, control_;
  Totals totals_;
  std::vector<std::uint32_t> latencies_;  // us
  std::uint64_t seen_ = 0, forgotten_ = 0;
  std::int64_t seen_at_ = 0;
  std::array<std::uint8_t, limit::kPicture> plain_{};
  std::vector<std::uint8_t> out_ = std::vector<std::uint8_t>(kMostWritten * limit::kRoom),
                            in_ = std::vector<std::uint8_t>(kBatch * kGroRun);
  std::array<iovec, kMostWritten> out_parts_{};
  std::array<mmsghdr, kMostWritten> out_headers_{};
  std::size_t written_ = 0;
  std::array<iovec, kBatch> in_parts_{};
  std::array<mmsghdr, kBatch> in_headers_{};
  std::array<Control, kBatch> controls_{};
};

}  // namespace

int main(int argc, char** argv) {
  const auto people = argc > 4 ? static_cast<std::size_t>(std::atoi(argv[2])) : 0;
  if (people < 2 || people > limit::kMostPeople) {
    fmt::print(stderr, "limit_load PORT PEOPLE WARM_UP_SECONDS SECONDS [flat-out]\n");
    return 2;
  }
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    Load load(static_cast<std::uint16_t>(std::atoi(argv[1])), people, argc > 5 && std::string(argv[5]) == "flat-out");
    fmt::print("{}", load.run(std::atof(argv[3]), std::atof(argv[4])));
  } catch (const std::exception& e) {
    fmt::print(stderr, "limit_load: {}\n", e.what());
    return 1;
  }
}
