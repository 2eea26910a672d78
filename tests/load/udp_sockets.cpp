// SPDX-License-Identifier: Apache-2.0
// Dual-stack sockets, so that IPv4 addresses are mapped as in base::Address. Arena and buffers grow once and are reused.
#include "load/udp_sockets.h"

#include <arpa/inet.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace load {
namespace {

constexpr std::size_t kBatch = 16, kRunSize = 65'536;  // a GRO run is one buffer
constexpr std::size_t kControl = CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(std::uint32_t));
constexpr int kSocketBuffer = 4 << 20;

sockaddr_in6 to_socket_address(const base::Address& address) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_port = htons(address.port);
  std::memcpy(&out.sin6_addr, address.ip.data(), address.ip.size());
  return out;
}
base::Address to_address(const sockaddr_in6& from) {
  base::Address out;
  std::memcpy(out.ip.data(), &from.sin6_addr, out.ip.size());
  out.port = ntohs(from.sin6_port);
  return out;
}

void set_option(int fd, int level, int name, int value) { (void)setsockopt(fd, level, name, &value, sizeof value); }

}  // namespace

struct UdpSockets::Buffers {
  std::vector<std::uint8_t> data = std::vector<std::uint8_t>(kBatch * kRunSize);
  std::array<std::array<char, kControl>, kBatch> control;
  std::array<sockaddr_in6, kBatch> from;
  std::array<iovec, kBatch> parts;
  std::array<mmsghdr, kBatch> messages;
  std::vector<sockaddr_in6> to;
  std::vector<iovec> out_parts;
  std::vector<mmsghdr> out_messages;
};

UdpSockets::UdpSockets()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), ready_(kReady), arena_(1 << 16), buffers_(std::make_unique<Buffers>()) {
  if (epoll_ < 0) throw std::runtime_error("no epoll to be had");
}

UdpSockets::~UdpSockets() {
  for (const Socket& socket : sockets_) ::close(socket.fd);
  ::close(epoll_);
}

std::uint32_t UdpSockets::open() {
  sockets_.push_back({open_one(), 0});
  const auto number = static_cast<std::uint32_t>(sockets_.size() - 1);
  watch(number);
  return number;
}

void UdpSockets::reopen(std::uint32_t socket) {
  flush();
  ::close(sockets_[socket].fd);
  counts_.receive_dropped += sockets_[socket].dropped;
  sockets_[socket] = {};
  sockets_[socket].fd = open_one();
  watch(socket);
}

void UdpSockets::watch(std::uint32_t socket) {
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.u32 = socket}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, sockets_[socket].fd, &event) != 0) throw std::runtime_error("a UDP socket cannot be waited for");
}

std::size_t UdpSockets::poll() {
  std::array<epoll_event, kReady> events;
  const int n = ::epoll_wait(epoll_, events.data(), kReady, 0);
  for (int i = 0; i < n; ++i) ready_[static_cast<std::size_t>(i)] = events[static_cast<std::size_t>(i)].data.u32;
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

int UdpSockets::open_one() {
  const int fd = ::socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::runtime_error("no UDP socket to be had");
  set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  set_option(fd, SOL_SOCKET, SO_RCVBUF, kSocketBuffer);
  set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, kSocketBuffer);  // where we may
  set_option(fd, SOL_SOCKET, SO_SNDBUF, kSocketBuffer);
  set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_option(fd, SOL_UDP, UDP_GRO, 1);
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) {
    ::close(fd);
    throw std::runtime_error("no UDP port to be had");
  }
  return fd;
}

std::uint8_t* UdpSockets::reserve(std::uint32_t, const base::Path& path, std::size_t max, base::Precedence) {
  if (arena_.size() - used_ < max) arena_.resize(std::max(arena_.size() * 2, used_ + max));
  reserved_path_ = path;
  return arena_.data() + used_;
}

void UdpSockets::commit(std::size_t size) {
  if (size == 0) return;
  outgoing_.push_back({reserved_path_, used_, size});
  used_ += size;
}

void UdpSockets::flush() {
  for (std::size_t first = 0; first < outgoing_.size();) {
    const auto socket = outgoing_[first].path.local;
    std::size_t last = first;
    while (last < outgoing_.size() && outgoing_[last].path.local == socket) ++last;
    send_run(socket, first, last);
    first = last;
  }
  outgoing_.clear();
  used_ = 0;
}

void UdpSockets::send_run(std::uint32_t socket, std::size_t first, std::size_t last) {
  auto& b = *buffers_;
  const std::size_t n = last - first;
  b.to.resize(n);
  b.out_parts.resize(n);
  b.out_messages.assign(n, {});
  for (std::size_t i = 0; i < n; ++i) {
    const Outgoing& out = outgoing_[first + i];
    b.to[i] = to_socket_address(out.path.remote);
    b.out_parts[i] = {arena_.data() + out.at, out.size};
    b.out_messages[i].msg_hdr.msg_name = &b.to[i];
    b.out_messages[i].msg_hdr.msg_namelen = sizeof b.to[i];
    b.out_messages[i].msg_hdr.msg_iov = &b.out_parts[i];
    b.out_messages[i].msg_hdr.msg_iovlen = 1;
  }
  for (std::size_t done = 0; done < n;) {
    ++counts_.send_calls;
    const int sent = ::sendmmsg(sockets_[socket].fd, b.out_messages.data() + done, static_cast<unsigned>(n - done), 0);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {  // the first that waits was refused; the next may do
      ++counts_.send_failed;
      ++done;
      continue;
    }
    counts_.sent += static_cast<std::uint64_t>(sent);
    done += static_cast<std::size_t>(sent);
  }
}

void UdpSockets::receive(std::uint32_t socket, const std::function<void(const base::Path&, base::MutableBytes)>& f) {
  auto& b = *buffers_;
  for (;;) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      b.parts[i] = {b.data.data() + i * kRunSize, kRunSize};
      b.messages[i] = {};
      b.messages[i].msg_hdr = {&b.from[i], sizeof b.from[i], &b.parts[i], 1, b.control[i].data(), kControl, 0};
    }
    ++counts_.receive_calls;
    const int got = ::recvmmsg(sockets_[socket].fd, b.messages.data(), kBatch, 0, nullptr);
    if (got <= 0) return;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      auto& message = b.messages[i];
      std::size_t segment = message.msg_len;
      for (auto* c = CMSG_FIRSTHDR(&message.msg_hdr); c != nullptr; c = CMSG_NXTHDR(&message.msg_hdr, c)) {
        int value = 0;
        std::memcpy(&value, CMSG_DATA(c), sizeof value);
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) segment = static_cast<std::size_t>(value);
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
          sockets_[socket].dropped = static_cast<std::uint32_t>(value);
      }
      const base::Path path{base::Carrier::udp, socket, to_address(b.from[i])};
      for (std::size_t at = 0; at < message.msg_len && segment > 0; at += segment) {
        ++counts_.received;
        f(path, {b.data.data() + i * kRunSize + at, std::min(segment, message.msg_len - at)});
      }
    }
    if (static_cast<std::size_t>(got) < kBatch) return;
  }
}

UdpSockets::Counts UdpSockets::counts() const {
  Counts out = counts_;
  for (const Socket& socket : sockets_) out.receive_dropped += socket.dropped;
  return out;
}

}  // namespace load
