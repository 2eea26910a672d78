// SPDX-License-Identifier: Apache-2.0
// See batch_sink.h.
#include "net/batch_sink.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <stdexcept>

#include "net/socket_address.h"
#include "net/tcp_paths.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

namespace net {
namespace {
void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }
}  // namespace

BatchSink::BatchSink(std::vector<int> sockets, TcpPaths* tcp, bool segmentation, MediaLoopCounters& counters)
    : sockets_(std::move(sockets)), tcp_(tcp), segmentation_(segmentation), counters_(counters) {}
BatchSink::~BatchSink() = default;

std::uint8_t* BatchSink::reserve(std::uint32_t flow, const base::Path& path, std::size_t max,
                                 base::Precedence precedence) {
  if (max > kMaxDatagram) throw std::length_error("datagram too large");
  path_ = path;
  precedence_ = precedence;
  reserved_ = max;
  if (path.carrier == base::Carrier::tcp) return tcp_room_.data();
  flow_ = flow;
  if (flow >= flows_.size()) flows_.resize(flow + 1);
  Flow& f = flows_[flow];
  if (f.arena && f.used + max > kArena) {
    flush_flow(f);  // keeps its arena
    send_queued();
    f.used = 0;
    f.runs.clear();
  }
  if (!f.arena) {
    if (spare_.empty()) spare_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(kArena));
    f.arena = std::move(spare_.back());
    spare_.pop_back();
    dirty_.push_back(flow);
  }
  return f.arena.get() + f.used;
}

void BatchSink::commit(std::size_t size) {
  if (size > reserved_) throw std::length_error("more written than reserved");
  reserved_ = 0;
  if (size == 0) return;
  bump(counters_.datagrams_out);
  bump(counters_.bytes_out, size);
  if (path_.carrier == base::Carrier::tcp) {
    if (tcp_ == nullptr || !tcp_->send(path_.local, base::Bytes{tcp_room_.data(), size}, precedence_))
      bump(counters_.tcp_drops);
    return;
  }
  Flow& f = flows_[flow_];
  Run* last = f.runs.empty() ? nullptr : &f.runs.back();
  if (last != nullptr && segmentation_ && last->open && last->path == path_ && size <= last->segment &&
      last->count < kMaxSegments && last->length + size <= kMaxRun) {
    last->length += static_cast<std::uint32_t>(size);
    ++last->count;
    if (size < last->segment) last->open = false;  // only the last segment of a GSO send may be shorter
  } else {
    f.runs.push_back({.path = path_,
                      .offset = f.used,
                      .length = static_cast<std::uint32_t>(size),
                      .segment = static_cast<std::uint16_t>(size),
                      .count = 1});
  }
  f.used += static_cast<std::uint32_t>(size);
}

void BatchSink::flush() {
  for (const auto index : dirty_) flush_flow(flows_[index]);
  send_queued();
  for (const auto index : dirty_) {
    Flow& f = flows_[index];
    f.used = 0;
    f.runs.clear();
    spare_.push_back(std::move(f.arena));
  }
  dirty_.clear();
  if (tcp_ != nullptr) tcp_->flush();
}

void BatchSink::flush_flow(Flow& flow) {
  for (const Run& run : flow.runs) queue(run, flow.arena.get() + run.offset);
}

void BatchSink::queue(const Run& run, const std::uint8_t* data) {
  if (queued_ == kBatch) send_queued();
  const std::size_t i = queued_++;
  messages_[i] = {&run, data};
  vectors_[i] = {const_cast<std::uint8_t*>(data), run.length};
  msghdr& h = headers_[i].msg_hdr;
  h = {};
  h.msg_namelen = to_sockaddr(run.path.remote, names_[i]);
  h.msg_name = &names_[i];
  h.msg_iov = &vectors_[i];
  h.msg_iovlen = 1;
  if (run.count > 1) {
    h.msg_control = controls_[i].bytes.data();
    h.msg_controllen = controls_[i].bytes.size();
    cmsghdr* c = CMSG_FIRSTHDR(&h);
    c->cmsg_level = SOL_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    std::memcpy(CMSG_DATA(c), &run.segment, sizeof(std::uint16_t));
  }
}

// Sends what is queued: neighbours that leave by the same socket share one sendmmsg.
void BatchSink::send_queued() {
  for (std::size_t from = 0; from < queued_;) {
    const std::uint32_t local = messages_[from].run->path.local;
    std::size_t to = from + 1;
    while (to < queued_ && messages_[to].run->path.local == local) ++to;
    if (local < sockets_.size())
      send_some(sockets_[local], from, to);
    else
      bump(counters_.send_drops, to - from);
    from = to;
  }
  queued_ = 0;
}

void BatchSink::send_some(int socket, std::size_t from, std::size_t to) {
  while (from < to) {
    bump(counters_.send_calls);
    const int n = ::sendmmsg(socket, headers_.data() + from, static_cast<unsigned>(to - from), MSG_DONTWAIT);
    if (n > 0) {
      bump(counters_.sends, static_cast<std::uint64_t>(n));
      from += static_cast<std::size_t>(n);
      continue;
    }
    if (errno == EINTR) continue;
    // The first of the rest was refused. Where it was a GSO send the path may not be able to segment (EIO, EINVAL, or
    // EMSGSIZE with a small MTU): once as single datagrams. Else it is dropped and counted: a line that is full.
    const bool may_be_segmentation = errno == EIO || errno == EINVAL || errno == EMSGSIZE || errno == EOPNOTSUPP;
    if (messages_[from].run->count > 1 && may_be_segmentation) {
      if (errno != EMSGSIZE) segmentation_ = false;
      bump(counters_.segmentation_fallbacks);
      send_one_by_one(socket, messages_[from]);
    } else {
      bump(counters_.send_drops, messages_[from].run->count);
    }
    ++from;
  }
}

void BatchSink::send_one_by_one(int socket, const Message& message) {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(message.run->path.remote, name);
  for (std::uint32_t at = 0; at < message.run->length; at += message.run->segment) {
    const std::size_t size = std::min<std::size_t>(message.run->segment, message.run->length - at);
    bump(counters_.send_calls);
    if (::sendto(socket, message.data + at, size, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&name), length) < 0)
      bump(counters_.send_drops);
    else
      bump(counters_.sends);
  }
}

}  // namespace net
