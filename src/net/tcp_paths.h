// SPDX-License-Identifier: Apache-2.0
// The TCP connections that carry ICE-TCP (RFC 6544) datagrams of RFC 4571. Each has a bounded queue: where a line cannot
// carry all, picture is dropped first (at a quarter of the queue), sound at three quarters, control last. Anybody can open one:
// it is proven once the core sends something over it that is no refusal; until then it lives short and gives way to who comes.
// Not here: epoll's loop, UDP. Invariant: an id is never used again while the loop lives, and they rise. Loop's thread only.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/datagram.h"
#include "base/instant.h"
#include "net/media_loop.h"
#include "net/rfc4571.h"
#include "net/socket_address.h"

namespace net {

class TcpPaths {
 public:
  TcpPaths(int epoll, const MediaLoopSettings& settings, MediaLoopCounters& counters)
      : epoll_(epoll), settings_(settings), counters_(counters) {}

  // epoll data of a connection: its id with this bit, so that the loop can tell it from its own descriptors.
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 32;

  using OnFrame = std::function<void(const base::Path&, base::MutableBytes)>;
  using OnClosed = std::function<void(const base::Path&)>;
  void accept_from(int listener, base::Instant now, const OnClosed& on_closed);
  void on_ready(std::uint32_t id, std::uint32_t events, base::Instant now, const OnFrame& on_frame,
                const OnClosed& on_closed);
  // False where the connection is gone or its queue is too full for this precedence.
  bool send(std::uint32_t id, base::Bytes datagram, base::Precedence precedence);
  // Writes what was queued since the last flush.
  void flush();
  // Closes connections that have said nothing for long, or that the core has said nothing to; reports them. Cheap: looks once a second.
  void sweep(base::Instant now, const OnClosed& on_closed);
  [[nodiscard]] base::Instant next_sweep() const { return connections_.empty() ? base::Instant::never() : next_sweep_; }

 private:
  struct Connection {
    Fd fd;
    base::Path path;
    Rfc4571Reader reader;
    std::vector<std::uint8_t> queue;  // framed bytes not yet taken by the kernel, from `sent`
    std::size_t sent = 0;
    base::Instant since, heard, answered;
    bool proven = false;
    bool answered_lately = false;  // since the last sweep
    bool waits_for_room = false;  // EPOLLOUT is asked for
    bool dirty = false;
    bool broken = false;
  };
  void write(Connection&);
  void watch(Connection&);
  void close(std::uint32_t id, const OnClosed& on_closed);
  void make_room(const base::Address& for_address, const OnClosed& on_closed);
  void no_more_unproven(const Connection&);

  int epoll_;
  const MediaLoopSettings& settings_;
  MediaLoopCounters& counters_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Connection>> connections_;
  std::set<std::uint32_t> unproven_;  // the oldest first
  std::map<base::Address, std::set<std::uint32_t>> unproven_of_;  // by network_of()
  std::vector<std::uint32_t> dirty_;
  std::uint32_t next_id_ = 1;
  base::Instant next_sweep_;
};

}  // namespace net
