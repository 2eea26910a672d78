// SPDX-License-Identifier: Apache-2.0
// See tcp_paths.h.
#include "net/tcp_paths.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

#include <algorithm>
#include <utility>

namespace net {
namespace {
// A STUN error answer to a check (RFC 8489 section 5): whoever has proved nothing gets one, too.
bool is_refusal(base::Bytes datagram) { return datagram.size() >= 2 && base::load_u16(datagram.data()) == 0x0111; }
}  // namespace

void TcpPaths::accept_from(int listener, base::Instant now, const OnClosed& on_closed) {
  for (;;) {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    Fd fd(::accept4(listener, reinterpret_cast<sockaddr*>(&name), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;  // EAGAIN, or no descriptors left: those who wait stay in the backlog
    }
    const base::Address remote = from_sockaddr(name);
    make_room(remote, on_closed);
    if (connections_.size() >= settings_.max_tcp_connections) {
      counters_.tcp_refused.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    const int one = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    // What waits must wait in our queue, where picture can be dropped: the kernel's own grows to megabytes, and sound would
    // stand behind seconds of picture.
    const int most_unsent = 16 * 1024;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof(most_unsent));
    const std::uint32_t id = next_id_++;
    auto c = std::make_unique<Connection>();
    c->fd = std::move(fd);
    c->path = {.carrier = base::Carrier::tcp, .local = id, .remote = remote};
    c->since = c->heard = now;
    epoll_event event{.events = EPOLLIN | EPOLLRDHUP, .data = {.u64 = kMark | id}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, c->fd.get(), &event) != 0) continue;
    if (connections_.empty()) next_sweep_ = now + base::Duration::seconds(1);
    connections_.emplace(id, std::move(c));
    unproven_.insert(id);
    unproven_of_[network_of(remote)].insert(id);
    counters_.tcp_accepted.fetch_add(1, std::memory_order_relaxed);
    counters_.tcp_open.store(connections_.size(), std::memory_order_relaxed);
  }
}

// Who has just come says at once what proves them, so it is the oldest that give way.
void TcpPaths::make_room(const base::Address& for_address, const OnClosed& on_closed) {
  const auto give_way = [&](std::uint32_t id) {
    counters_.tcp_refused.fetch_add(1, std::memory_order_relaxed);
    close(id, on_closed);
  };
  const auto of = unproven_of_.find(network_of(for_address));
  if (of != unproven_of_.end() && of->second.size() >= settings_.tcp_unproven_of_address) give_way(*of->second.begin());
  if (connections_.size() >= settings_.max_tcp_connections && !unproven_.empty()) give_way(*unproven_.begin());
}

void TcpPaths::no_more_unproven(const Connection& c) {
  if (unproven_.erase(c.path.local) == 0) return;
  const auto of = unproven_of_.find(network_of(c.path.remote));
  of->second.erase(c.path.local);
  if (of->second.empty()) unproven_of_.erase(of);
}

void TcpPaths::on_ready(std::uint32_t id, std::uint32_t events, base::Instant now, const OnFrame& on_frame,
                        const OnClosed& on_closed) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& c = *found->second;
  if ((events & EPOLLOUT) != 0) write(c);
  bool ended = c.broken || (events & (EPOLLERR | EPOLLHUP)) != 0;
  for (int reads = 0; reads < 32 && !ended; ++reads) {
    const auto room = c.reader.room();
    if (room.empty()) {
      ended = true;
      break;
    }
    const ssize_t n = ::recv(c.fd.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (n <= 0) {
      ended = true;
      break;
    }
    c.heard = now;
    c.reader.filled(static_cast<std::size_t>(n));
    c.reader.drain([&](base::MutableBytes frame) { on_frame(c.path, frame); });
    ended = !c.reader.ok();
  }
  if (ended) close(id, on_closed);
}

bool TcpPaths::send(std::uint32_t id, base::Bytes datagram, base::Precedence precedence) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second->broken) return false;
  Connection& c = *found->second;
  if (!is_refusal(datagram)) {
    c.answered_lately = true;
    if (!std::exchange(c.proven, true)) no_more_unproven(c);
  }
  const std::size_t waiting = c.queue.size() - c.sent;
  const std::size_t limit = precedence == base::Precedence::picture ? settings_.tcp_queue / 4
                            : precedence == base::Precedence::sound ? settings_.tcp_queue * 3 / 4
                                                                    : settings_.tcp_queue;
  if (waiting + 2 + datagram.size() > limit || datagram.size() > 0xffff) return false;
  const std::size_t at = c.queue.size();
  c.queue.resize(at + 2 + datagram.size());
  base::store_u16(c.queue.data() + at, static_cast<std::uint16_t>(datagram.size()));
  std::memcpy(c.queue.data() + at + 2, datagram.data(), datagram.size());
  if (!c.dirty) {
    c.dirty = true;
    dirty_.push_back(id);
  }
  return true;
}

void TcpPaths::flush() {
  for (const auto id : dirty_) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    found->second->dirty = false;
    if (!found->second->waits_for_room) write(*found->second);
  }
  dirty_.clear();
}

void TcpPaths::write(Connection& c) {
  while (c.sent < c.queue.size() && !c.broken) {
    const ssize_t n = ::send(c.fd.get(), c.queue.data() + c.sent, c.queue.size() - c.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0)
      c.sent += static_cast<std::size_t>(n);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    else if (errno != EINTR)
      c.broken = true;  // reported by EPOLLERR or EPOLLHUP, which close it
  }
  if (c.sent == c.queue.size()) {
    c.queue.clear();
    c.sent = 0;
  } else if (c.sent > settings_.tcp_queue) {
    c.queue.erase(c.queue.begin(), c.queue.begin() + static_cast<std::ptrdiff_t>(c.sent));
    c.sent = 0;
  }
  watch(c);
}

void TcpPaths::watch(Connection& c) {
  const bool wants = c.sent < c.queue.size() && !c.broken;
  if (wants == c.waits_for_room) return;
  c.waits_for_room = wants;
  epoll_event event{.events = EPOLLIN | EPOLLRDHUP | (wants ? EPOLLOUT : 0U), .data = {.u64 = kMark | c.path.local}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd.get(), &event);
}

void TcpPaths::close(std::uint32_t id, const OnClosed& on_closed) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const base::Path path = found->second->path;
  no_more_unproven(*found->second);
  connections_.erase(found);
  counters_.tcp_open.store(connections_.size(), std::memory_order_relaxed);
  on_closed(path);
}

void TcpPaths::sweep(base::Instant now, const OnClosed& on_closed) {
  if (now < next_sweep_) return;
  next_sweep_ = now + base::Duration::seconds(1);
  std::vector<std::uint32_t> over;
  for (const auto& [id, c] : connections_) {
    if (std::exchange(c->answered_lately, false)) c->answered = now;
    const bool stays = c->proven ? now - std::min(c->heard, c->answered) <= settings_.tcp_silence : now - c->since <= settings_.tcp_unproven;
    if (c->broken || !stays) over.push_back(id);
  }
  for (const auto id : over) close(id, on_closed);
}

}  // namespace net
