// SPDX-License-Identifier: Apache-2.0
// The DatagramSink of a media loop: datagrams are written in place into one arena a flow; flush() sends runs of equal size
// to one receiver as one GSO message (UDP_SEGMENT), many messages a sendmmsg. TCP paths go to TcpPaths. Not here: receiving.
// Invariant: datagrams of one flow leave in order. Loop's thread only; allocates only until it has seen its busiest wake.
#pragma once
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/datagram.h"
#include "net/media_loop.h"

namespace net {

class TcpPaths;

class BatchSink final : public base::DatagramSink {
 public:
  // sockets[i] is the UDP socket behind Path.local == i.
  BatchSink(std::vector<int> sockets, TcpPaths* tcp, bool segmentation, MediaLoopCounters& counters);
  ~BatchSink() override;

  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence precedence) override;
  void commit(std::size_t size) override;
  void flush();

 private:
  static constexpr std::size_t kArena = 64 * 1024;
  static constexpr std::size_t kMaxDatagram = 4'096;
  static constexpr std::size_t kMaxRun = 60'000;       // below the 65,507 bytes of one UDP send
  static constexpr std::uint16_t kMaxSegments = 60;    // UDP_MAX_SEGMENTS is 64 in older kernels
  static constexpr std::size_t kBatch = 64;

  struct Run {
    base::Path path;
    std::uint32_t offset = 0, length = 0;
    std::uint16_t segment = 0, count = 0;
    bool open = true;  // all of one size so far: a shorter one may close it
  };
  struct Flow {
    std::unique_ptr<std::uint8_t[]> arena;
    std::uint32_t used = 0;
    std::vector<Run> runs;
  };
  struct Message {
    const Run* run;
    const std::uint8_t* data;
  };

  void flush_flow(Flow& flow);
  void queue(const Run& run, const std::uint8_t* data);
  void send_queued();
  void send_some(int socket, std::size_t from, std::size_t to);
  void send_one_by_one(int socket, const Message& message);

  std::vector<int> sockets_;
  TcpPaths* tcp_;
  bool segmentation_;
  MediaLoopCounters& counters_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> dirty_;
  std::vector<std::unique_ptr<std::uint8_t[]>> spare_;
  // what reserve() gave out and commit() completes
  std::uint32_t flow_ = 0;
  base::Path path_;
  base::Precedence precedence_ = base::Precedence::control;
  std::size_t reserved_ = 0;
  std::array<std::uint8_t, kMaxDatagram> tcp_room_;
  // one sendmmsg
  struct Control {
    alignas(8) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<sockaddr_storage, kBatch> names_{};
  std::array<Control, kBatch> controls_{};
  std::array<Message, kBatch> messages_{};
  std::size_t queued_ = 0;
};

}  // namespace net
