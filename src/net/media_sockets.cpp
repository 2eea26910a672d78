// SPDX-License-Identifier: Apache-2.0
// See media_sockets.h; also the machine's addresses and their texts.
#include "net/media_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <stdexcept>
#include <string>

namespace net {
namespace {

enum class Bound { yes, no_such_address, port_in_use };

void size_buffers(int fd, const MediaLoopSettings& settings) {
  // The FORCE variants pass the system's limit and need a right that most servers do not have; then the limit holds.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &settings.receive_buffer, sizeof(int)) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &settings.receive_buffer, sizeof(int));
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &settings.send_buffer, sizeof(int)) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &settings.send_buffer, sizeof(int));
}

Bound bind_one(const base::Address& address, int type, Fd& into) {
  Fd fd(::socket(address.is_v4() ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return Bound::no_such_address;
  const int one = 1;
  if (!address.is_v4()) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
  if (type == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(address, name);
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), length) != 0)
    return errno == EADDRINUSE || errno == EACCES ? Bound::port_in_use : Bound::no_such_address;
  if (type == SOCK_STREAM && ::listen(fd.get(), 128) != 0) return Bound::port_in_use;
  into = std::move(fd);
  return Bound::yes;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof(name);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length);
  return from_sockaddr(name).port;
}

// All addresses on one port; false where the port is taken at one of them.
bool try_bind(const MediaLoopSettings& settings, std::uint16_t port, MediaSockets& out) {
  out = {};
  for (base::Address address : settings.listen) {
    Fd udp, tcp;
    address.port = out.port != 0 ? out.port : port;
    const Bound bound = bind_one(address, SOCK_DGRAM, udp);
    if (bound == Bound::port_in_use) return false;
    if (bound == Bound::no_such_address) continue;
    out.port = address.port = port_of(udp.get());
    if (bind_one(address, SOCK_STREAM, tcp) != Bound::yes) return false;
    size_buffers(udp.get(), settings);
    const int one = 1;
    ::setsockopt(udp.get(), SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one));
    // What arrived in a row from one sender in packets of one size may be given as one; where the kernel cannot, it comes singly.
    ::setsockopt(udp.get(), SOL_UDP, UDP_GRO, &one, sizeof(one));
    out.udp.push_back(std::move(udp));
    out.tcp.push_back(std::move(tcp));
    out.addresses.push_back(address);
  }
  return true;
}

}  // namespace

MediaSockets bind_media_sockets(const MediaLoopSettings& settings) {
  MediaSockets out;
  const int tries = settings.port == 0 ? 50 : 1;
  for (int i = 0; i < tries; ++i) {
    if (!try_bind(settings, settings.port, out)) continue;
    if (out.udp.empty()) throw std::runtime_error("media: none of the addresses to listen on is this machine's");
    return out;
  }
  throw std::runtime_error(fmt::format("media: port {} is taken (UDP or TCP)", settings.port));
}

std::vector<base::Address> interface_addresses() {
  std::vector<base::Address> out;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return out;
  for (const ifaddrs* i = list; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || (i->ifa_flags & IFF_UP) == 0) continue;
    const int family = i->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    sockaddr_storage name{};
    std::memcpy(&name, i->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    base::Address a = from_sockaddr(name);
    a.port = 0;
    const bool link_local = a.is_v4() ? a.ip[12] == 169 && a.ip[13] == 254 : a.ip[0] == 0xfe && (a.ip[1] & 0xc0) == 0x80;
    if (!link_local) out.push_back(a);
  }
  ::freeifaddrs(list);
  return out;
}

bool parse_address(std::string_view text, base::Address& into) {
  const std::string copy(text);
  in_addr v4{};
  if (::inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    into = {};
    into.ip[10] = into.ip[11] = 0xff;
    std::memcpy(into.ip.data() + 12, &v4, 4);
    return true;
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, copy.c_str(), &v6) != 1) return false;
  into = {};
  std::memcpy(into.ip.data(), &v6, 16);
  return true;
}

std::string address_text(const base::Address& a) {
  char text[INET6_ADDRSTRLEN] = {};
  if (a.is_v4())
    ::inet_ntop(AF_INET, a.ip.data() + 12, text, sizeof(text));
  else
    ::inet_ntop(AF_INET6, a.ip.data(), text, sizeof(text));
  return text;
}

}  // namespace net
