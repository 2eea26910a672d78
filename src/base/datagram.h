// SPDX-License-Identifier: Apache-2.0
// How a core that does no I/O names the network: a Path is one five-tuple (or one TCP connection, RFC 4571 framed by net/),
// and a DatagramSink is where outgoing datagrams are written in place. Not here: sockets. net/ implements the sink so
// that datagrams of one size to one receiver leave in one GSO send; tests implement it with a vector.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace base {

struct Address {
  std::array<std::uint8_t, 16> ip{};  // IPv6, or IPv4 mapped as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2)
  std::uint16_t port = 0;             // host byte order
  auto operator<=>(const Address&) const = default;
  [[nodiscard]] bool is_v4() const {
    for (std::size_t i = 0; i < 10; ++i)
      if (ip[i] != 0) return false;
    return ip[10] == 0xff && ip[11] == 0xff;
  }
  static Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
    Address out;
    out.ip[10] = out.ip[11] = 0xff;
    out.ip[12] = a;
    out.ip[13] = b;
    out.ip[14] = c;
    out.ip[15] = d;
    out.port = port;
    return out;
  }
};

enum class Carrier : std::uint8_t { udp, tcp };

struct Path {
  Carrier carrier = Carrier::udp;
  std::uint32_t local = 0;  // udp: which local socket; tcp: which accepted connection (never reused while the loop lives)
  Address remote;
  auto operator<=>(const Path&) const = default;
};

struct PathHash {
  std::size_t operator()(const Path& p) const noexcept {
    std::uint64_t h = load_u64(p.remote.ip.data()) ^ (load_u64(p.remote.ip.data() + 8) * 0x9e3779b97f4a7c15ULL);
    h ^= (std::uint64_t{p.remote.port} << 40) ^ (std::uint64_t{p.local} << 8) ^ static_cast<std::uint64_t>(p.carrier);
    h *= 0xff51afd7ed558ccdULL;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }
};

// What may be dropped first when a TCP path's bounded queue is full: picture before sound before the rest.
enum class Precedence : std::uint8_t { control, sound, picture };

class DatagramSink {
 public:
  DatagramSink() = default;
  DatagramSink(const DatagramSink&) = delete;
  DatagramSink& operator=(const DatagramSink&) = delete;
  virtual ~DatagramSink() = default;

  // Room for one datagram of at most `max` bytes on `path`. `flow` is a small number that is the same for every datagram
  // to one participant (an index, not an identity): datagrams of one flow and precedence stay in order and may share a GSO send. Always
  // returns writable room. The pointer is good until the next call.
  virtual std::uint8_t* reserve(std::uint32_t flow, const Path& path, std::size_t max, Precedence precedence) = 0;
  // The reserved room holds `size` bytes to send; zero takes it back.
  virtual void commit(std::size_t size) = 0;
};

}  // namespace base
