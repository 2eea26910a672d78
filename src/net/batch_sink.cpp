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

BatchSink::BatchSink(std::vector<int> sockets, TcpPaths* tcp, bool segmentation, MediaLoopCounters& counters,
                     std::size_t room)
    : sockets_(std::move(sockets)),
      tcp_(tcp),
      segmentation_(segmentation),
      counters_(counters),
      room_(std::make_unique_for_overwrite<std::uint8_t[]>(room)),
      size_(room) {}
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
  if (used_ + max > size_) send_all();
  return room_.get() + used_;
}

void BatchSink::commit(std::size_t size) {
  if (size > reserved_) throw std::length_error("more written than reserved");
  reserved_ = 0;
  if (size == 0) return;
  if (path_.carrier == base::Carrier::tcp) {
    bump(counters_.datagrams_out);
    bump(counters_.bytes_out, size);
    if (tcp_ == nullptr || !tcp_->send(path_.local, base::Bytes{tcp_room_.data(), size}, precedence_))
      bump(counters_.tcp_drops);
    return;
  }
  const auto index = static_cast<std::uint32_t>(datagrams_.size());
  datagrams_.push_back({path_, static_cast<std::uint32_t>(used_), static_cast<std::uint16_t>(size)});
  used_ += size;
  Flow& flow = flows_[flow_];
  Line& line = flow.lines[static_cast<std::size_t>(precedence_)];
  (line.first == kNone ? line.first : datagrams_[line.last].next) = index;
  line.last = index;
  if (flow.waits) return;
  flow.waits = true;
  waiting_.push_back(flow_);
}

void BatchSink::flush() {
  send_all();
  if (tcp_ != nullptr) tcp_->flush();
}

void BatchSink::send_all() {
  if (datagrams_.empty()) return;
  for (const auto index : waiting_) {
    queue_flow(flows_[index]);
    flows_[index] = {};
  }
  send_queued();
  // Once for all of them: an atomic addition for each would be seen in what a packet costs.
  bump(counters_.datagrams_out, datagrams_.size());
  bump(counters_.bytes_out, used_);
  waiting_.clear();
  datagrams_.clear();
  used_ = 0;
}

void BatchSink::queue_flow(const Flow& flow) {
  const auto first = [&](base::Precedence p) { return flow.lines[static_cast<std::size_t>(p)].first; };
  const auto picture = first(base::Precedence::picture);
  auto sound = first(base::Precedence::sound);
  // To a narrow line no two pictures go at once (media/pacer.h), and there sound does not wait behind one.
  if (picture == kNone || datagrams_[picture].next == kNone) {
    (void)queue_run(sound, kNone);
    sound = kNone;
  }
  (void)queue_run(queue_run(picture, sound), kNone);
  (void)queue_run(first(base::Precedence::control), kNone);  // last: a goodbye is not to overtake what it ends
}

// All from this one on, as few messages as their sizes allow; each may end with one of `sound`, whose rest it gives back.
std::uint32_t BatchSink::queue_run(std::uint32_t from, std::uint32_t sound) {
  const auto close = [&] {
    if (sound != kNone && run_path_ != nullptr && takes(datagrams_[sound])) {
      add(datagrams_[sound]);
      sound = datagrams_[sound].next;
    }
    end();
  };
  for (auto i = from; i != kNone; i = datagrams_[i].next) {
    const Datagram& datagram = datagrams_[i];
    if (run_path_ != nullptr && takes(datagram)) {
      add(datagram);
      continue;
    }
    close();
    begin(datagram);
  }
  close();
  return sound;
}

bool BatchSink::takes(const Datagram& datagram) const {
  return segmentation_ && run_open_ && datagram.size <= run_segment_ && run_count_ < kMaxSegments &&
         run_length_ + datagram.size <= kMaxRun && datagram.path == *run_path_;
}

void BatchSink::begin(const Datagram& datagram) {
  if (queued_ == kBatch || parts_used_ + kMaxSegments > kBatchParts) send_queued();
  run_path_ = &datagram.path;
  run_segment_ = datagram.size;
  run_length_ = run_count_ = 0;
  run_open_ = true;
  add(datagram);
}

void BatchSink::add(const Datagram& datagram) {
  parts_[parts_used_ + run_count_++] = {room_.get() + datagram.offset, datagram.size};
  run_length_ += datagram.size;
  if (datagram.size < run_segment_) run_open_ = false;  // only the last segment of a GSO send may be shorter
}

void BatchSink::end() {
  if (run_path_ == nullptr) return;
  const std::size_t i = queued_++;
  locals_[i] = run_path_->local;
  msghdr& h = headers_[i].msg_hdr;
  h = {};
  h.msg_namelen = to_sockaddr(run_path_->remote, names_[i]);
  h.msg_name = &names_[i];
  h.msg_iov = &parts_[parts_used_];
  h.msg_iovlen = run_count_;
  parts_used_ += run_count_;
  run_path_ = nullptr;
  if (run_count_ == 1) return;
  h.msg_control = controls_[i].bytes.data();
  h.msg_controllen = controls_[i].bytes.size();
  cmsghdr* c = CMSG_FIRSTHDR(&h);
  c->cmsg_level = SOL_UDP;
  c->cmsg_type = UDP_SEGMENT;
  c->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  std::memcpy(CMSG_DATA(c), &run_segment_, sizeof(std::uint16_t));
}

// Sends what is queued: neighbours that leave by the same socket share one sendmmsg.
void BatchSink::send_queued() {
  for (std::size_t from = 0; from < queued_;) {
    const std::uint32_t local = locals_[from];
    std::size_t to = from + 1;
    while (to < queued_ && locals_[to] == local) ++to;
    if (local < sockets_.size())
      send_some(sockets_[local], from, to);
    else
      bump(counters_.send_drops, to - from);
    from = to;
  }
  queued_ = parts_used_ = 0;
}

void BatchSink::send_some(int socket, std::size_t from, std::size_t to) {
  while (from < to) {
    bump(counters_.send_calls);
    const int n = ::sendmmsg(socket, headers_.data() + from, static_cast<unsigned>(to - from), MSG_DONTWAIT);
    if (n > 0) {
      bump(counters_.sends, static_cast<std::uint64_t>(n));
      for (std::size_t i = from; i < from + static_cast<std::size_t>(n); ++i) segmented_ = segmented_ || is_run(i);
      from += static_cast<std::size_t>(n);
      continue;
    }
    if (errno == EINTR) continue;
    // The first of the rest was refused. Where it was a GSO send the path may not be able to segment (EIO; EINVAL or EMSGSIZE where its
    // MTU is small): this one goes as single datagrams, and the others' do not suffer for it. Else it is dropped and counted: a
    // line that is full.
    const bool may_be_segmentation = errno == EIO || errno == EINVAL || errno == EMSGSIZE || errno == EOPNOTSUPP;
    if (is_run(from) && may_be_segmentation) {
      if (!segmented_ && ++runs_failed_ == kFirstRuns) segmentation_ = false;
      bump(counters_.segmentation_fallbacks);
      send_one_by_one(socket, from);
    } else {
      bump(counters_.send_drops, headers_[from].msg_hdr.msg_iovlen);
    }
    ++from;
  }
}

void BatchSink::send_one_by_one(int socket, std::size_t message) {
  const msghdr& h = headers_[message].msg_hdr;
  for (std::size_t i = 0; i < h.msg_iovlen; ++i) {
    bump(counters_.send_calls);
    if (::sendto(socket, h.msg_iov[i].iov_base, h.msg_iov[i].iov_len, MSG_DONTWAIT, static_cast<const sockaddr*>(h.msg_name), h.msg_namelen) < 0)
      bump(counters_.send_drops);
    else
      bump(counters_.sends);
  }
}

}  // namespace net
