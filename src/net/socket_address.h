// SPDX-License-Identifier: Apache-2.0
// Between base::Address and the kernel's sockaddr, and an owner for a file descriptor. Used inside net/ only.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "base/datagram.h"

namespace net {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

inline socklen_t to_sockaddr(const base::Address& a, sockaddr_storage& out) {
  if (a.is_v4()) {
    auto& in = reinterpret_cast<sockaddr_in&>(out);
    in = {};
    in.sin_family = AF_INET;
    in.sin_port = htons(a.port);
    std::memcpy(&in.sin_addr, a.ip.data() + 12, 4);
    return sizeof(in);
  }
  auto& in = reinterpret_cast<sockaddr_in6&>(out);
  in = {};
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(a.port);
  std::memcpy(&in.sin6_addr, a.ip.data(), 16);
  return sizeof(in);
}

inline base::Address from_sockaddr(const sockaddr_storage& s) {
  base::Address a;
  if (s.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(s);
    a.ip[10] = a.ip[11] = 0xff;
    std::memcpy(a.ip.data() + 12, &in.sin_addr, 4);
    a.port = ntohs(in.sin_port);
  } else if (s.ss_family == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(s);
    std::memcpy(a.ip.data(), &in.sin6_addr, 16);
    a.port = ntohs(in.sin6_port);
  }
  return a;
}

// Whose limits an address counts to: an IPv4 address is by itself, of IPv6 whoever has one has a whole /64.
inline base::Address network_of(base::Address a) {
  if (!a.is_v4()) std::memset(a.ip.data() + 8, 0, 8);
  a.port = 0;
  return a;
}

}  // namespace net
