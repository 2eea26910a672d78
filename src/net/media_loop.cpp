// SPDX-License-Identifier: Apache-2.0
// See media_loop.h.
#include "net/media_loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "net/batch_sink.h"
#include "net/machine.h"
#include "net/media_sockets.h"
#include "net/tcp_paths.h"

namespace net {
namespace {
constexpr std::size_t kBatch = 64;
constexpr std::size_t kRoom = 65'536;         // a run of datagrams that the kernel put together (UDP_GRO)
constexpr std::size_t kMostDatagram = 2'048;  // more than any of ours (RFC 8835 keeps them below the path MTU)
constexpr int kBatchesAWake = 16;              // then timers and other sockets get their turn
constexpr std::uint64_t kInbox = ~std::uint64_t{0};
constexpr std::uint64_t kListener = std::uint64_t{1} << 33;
}  // namespace

struct MediaLoop::State {
  explicit State(MediaLoopSettings s)
      : settings(std::move(s)), epoll(::epoll_create1(EPOLL_CLOEXEC)), inbox_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        tcp(epoll.get(), settings, counters) {
    if (!epoll || !inbox_wake) throw std::runtime_error("media: no epoll or eventfd");
    sockets = bind_media_sockets(settings);
    std::vector<int> udp;
    for (std::size_t i = 0; i < sockets.udp.size(); ++i) {
      udp.push_back(sockets.udp[i].get());
      watch(sockets.udp[i].get(), i);
    }
    for (std::size_t i = 0; i < sockets.tcp.size(); ++i) watch(sockets.tcp[i].get(), kListener | i);
    watch(inbox_wake.get(), kInbox);
    sink = std::make_unique<BatchSink>(std::move(udp), &tcp, settings.segmentation, counters);
    kernel_drops_seen.resize(sockets.udp.size());
    prepare_receive();
  }

  void watch(int fd, std::uint64_t data) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = data}};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw std::runtime_error("media: epoll_ctl failed");
  }
  void prepare_receive();
  void run();
  void wait_for_work(std::array<epoll_event, 64>& events, int& count);
  void receive(std::size_t socket);
  void read_inbox();
  void rest_since(base::Instant woke) const;
  // What the kernel says beside it: the size of each datagram of a run, `length` where it is one; what it dropped.
  std::size_t read_control(std::size_t socket, msghdr& header, std::size_t length);

  MediaLoopSettings settings;
  MediaLoopCounters counters;
  Fd epoll, inbox_wake;
  MediaSockets sockets;
  TcpPaths tcp;
  std::unique_ptr<BatchSink> sink;
  Core* core = nullptr;
  std::thread thread;
  std::atomic<bool> stopping{false};
  std::mutex mutex;                                   // of `inbox`
  std::vector<std::vector<std::uint8_t>> inbox, taken;

  struct Control {
    alignas(8) std::array<char, CMSG_SPACE(sizeof(std::uint32_t)) + CMSG_SPACE(sizeof(int))> bytes;
  };
  std::unique_ptr<std::uint8_t[]> rooms;  // a run is rare: of most, only the first page is ever touched
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> vectors{};
  std::array<sockaddr_storage, kBatch> names{};
  std::array<Control, kBatch> controls{};
  std::vector<std::uint32_t> kernel_drops_seen;
};

void MediaLoop::State::prepare_receive() {
  rooms = std::make_unique_for_overwrite<std::uint8_t[]>(kBatch * kRoom);
  for (std::size_t i = 0; i < kBatch; ++i) vectors[i] = {rooms.get() + i * kRoom, kRoom};
}

std::size_t MediaLoop::State::read_control(std::size_t socket, msghdr& header, std::size_t length) {
  std::size_t segment = length;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) {
      int size = 0;
      std::memcpy(&size, CMSG_DATA(c), sizeof(size));
      if (size > 0) segment = static_cast<std::size_t>(size);
    }
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t total = 0;
    std::memcpy(&total, CMSG_DATA(c), sizeof(total));
    counters.kernel_drops.fetch_add(total - kernel_drops_seen[socket], std::memory_order_relaxed);
    kernel_drops_seen[socket] = total;
  }
  return segment;
}

void MediaLoop::State::receive(std::size_t socket) {
  for (int batch = 0; batch < kBatchesAWake; ++batch) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      msghdr& h = headers[i].msg_hdr;
      h = {};
      h.msg_name = &names[i];
      h.msg_namelen = sizeof(names[i]);
      h.msg_iov = &vectors[i];
      h.msg_iovlen = 1;
      h.msg_control = controls[i].bytes.data();
      h.msg_controllen = controls[i].bytes.size();
    }
    counters.receive_calls.fetch_add(1, std::memory_order_relaxed);
    const int n = ::recvmmsg(sockets.udp[socket].get(), headers.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (n <= 0) return;
    const base::Now now = read_clock();
    std::uint64_t bytes = 0, datagrams = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
      const std::size_t length = headers[i].msg_len;
      const std::size_t segment = read_control(socket, headers[i].msg_hdr, length);
      datagrams += segment == 0 ? 1 : (length + segment - 1) / segment;
      if (segment > kMostDatagram || (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        counters.truncated.fetch_add(1, std::memory_order_relaxed);
        continue;
      }
      bytes += length;
      const base::Path path{.carrier = base::Carrier::udp,
                            .local = static_cast<std::uint32_t>(socket),
                            .remote = from_sockaddr(names[i])};
      std::uint8_t* const run = rooms.get() + i * kRoom;
      for (std::size_t at = 0; at < length; at += segment)
        core->on_datagram(now, path, {run + at, std::min(segment, length - at)}, *sink);
    }
    counters.datagrams_in.fetch_add(datagrams, std::memory_order_relaxed);
    counters.bytes_in.fetch_add(bytes, std::memory_order_relaxed);
    if (static_cast<std::size_t>(n) < kBatch) return;
  }
}

void MediaLoop::State::read_inbox() {
  std::uint64_t ignored = 0;
  (void)!::read(inbox_wake.get(), &ignored, sizeof(ignored));
  {
    const std::lock_guard lock(mutex);
    taken.swap(inbox);
  }
  for (const auto& message : taken) {
    counters.messages.fetch_add(1, std::memory_order_relaxed);
    core->on_message(read_clock(), message, *sink);
  }
  taken.clear();
}

void MediaLoop::State::wait_for_work(std::array<epoll_event, 64>& events, int& count) {
  const base::Instant due = std::min(core->next_timeout(), tcp.next_sweep());
  timespec wait{};
  timespec* until = nullptr;
  if (!due.is_never()) {
    const std::int64_t us = std::max<std::int64_t>(0, (due - read_clock().instant).us);
    wait = {.tv_sec = us / 1'000'000, .tv_nsec = (us % 1'000'000) * 1'000};
    until = &wait;
  }
  count = ::epoll_pwait2(epoll.get(), events.data(), static_cast<int>(events.size()), until, nullptr);
  if (count < 0 && errno != EINTR) throw std::runtime_error(fmt::format("media: epoll failed ({})", errno));
}

// A wake costs more than forwarding the few packets it brings, so after one that brought some the next is put off.
void MediaLoop::State::rest_since(base::Instant woke) const {
  const std::int64_t end = woke.us + settings.rest.us;
  const timespec until{.tv_sec = end / 1'000'000, .tv_nsec = (end % 1'000'000) * 1'000};
  (void)::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

void MediaLoop::State::run() {
  std::array<epoll_event, 64> events{};
  const auto on_closed = [&](const base::Path& path) { core->on_path_closed(read_clock(), path, *sink); };
  const auto on_frame = [&](const base::Path& path, base::MutableBytes frame) {
    counters.datagrams_in.fetch_add(1, std::memory_order_relaxed);
    counters.bytes_in.fetch_add(frame.size(), std::memory_order_relaxed);
    core->on_datagram(read_clock(), path, frame, *sink);
  };
  for (;;) {
    int count = 0;
    wait_for_work(events, count);
    counters.wakes.fetch_add(1, std::memory_order_relaxed);
    const base::Now woke = read_clock();
    const auto brought_before = counters.datagrams_in.load(std::memory_order_relaxed);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t what = events[static_cast<std::size_t>(i)].data.u64;
      if (what == kInbox)
        read_inbox();
      else if ((what & kListener) != 0)
        tcp.accept_from(sockets.tcp[what & 0xffff].get(), woke.instant, on_closed);
      else if ((what & TcpPaths::kMark) != 0)
        tcp.on_ready(static_cast<std::uint32_t>(what), events[static_cast<std::size_t>(i)].events, woke.instant, on_frame,
                     on_closed);
      else
        receive(what);
    }
    tcp.sweep(woke.instant, on_closed);
    if (const base::Now now = read_clock(); core->next_timeout() <= now.instant) core->on_timer(now, *sink);
    const bool last = stopping.load();
    if (last) read_inbox();  // what was posted before stop() is still handled
    core->after_batch(read_clock());
    sink->flush();
    if (last) return;
    if (settings.rest.us > 0 && counters.datagrams_in.load(std::memory_order_relaxed) != brought_before)
      rest_since(woke.instant);
  }
}

MediaLoop::MediaLoop(MediaLoopSettings settings) : state_(std::make_unique<State>(std::move(settings))) {}
MediaLoop::~MediaLoop() { stop(); }
std::uint16_t MediaLoop::port() const { return state_->sockets.port; }
std::vector<base::Address> MediaLoop::addresses() const {
  std::vector<base::Address> out = state_->sockets.addresses;
  for (auto& a : out) a.port = state_->sockets.port;
  return out;
}
const MediaLoopCounters& MediaLoop::counters() const { return state_->counters; }

void MediaLoop::start(Core& core) {
  state_->core = &core;
  state_->thread = std::thread([this] { state_->run(); });
}

void MediaLoop::post(std::vector<std::uint8_t> message) {
  bool first = false;
  {
    const std::lock_guard lock(state_->mutex);
    first = state_->inbox.empty();
    state_->inbox.push_back(std::move(message));
  }
  const std::uint64_t one = 1;
  if (first) (void)!::write(state_->inbox_wake.get(), &one, sizeof(one));
}

void MediaLoop::stop() {
  if (!state_->thread.joinable()) return;
  state_->stopping.store(true);
  const std::uint64_t one = 1;
  (void)!::write(state_->inbox_wake.get(), &one, sizeof(one));
  state_->thread.join();
}

}  // namespace net
