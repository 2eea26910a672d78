// SPDX-License-Identifier: Apache-2.0
// The DatagramSink of a media loop: datagrams are written in place, one after another; flush() sends those of one size to one
// receiver as one GSO message (UDP_SEGMENT), many messages a sendmmsg. A message of several pictures may end with a packet of
// sound, which is shorter: half as many messages, and each costs as much as forwarding several packets. TCP paths go to TcpPaths.
// Not here: receiving. Invariant: datagrams of one flow and one precedence leave in order, so those of one stream do. Loop's
// thread only; allocates only until it has seen its busiest wake.
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
  static constexpr std::size_t kRoom = std::size_t{4} << 20;  // bytes, used from the start; where they are full, everything leaves

  // sockets[i] is the UDP socket behind Path.local == i.
  BatchSink(std::vector<int> sockets, TcpPaths* tcp, bool segmentation, MediaLoopCounters& counters,
            std::size_t room = kRoom);
  ~BatchSink() override;

  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence precedence) override;
  void commit(std::size_t size) override;
  void flush();

 private:
  static constexpr std::size_t kMaxDatagram = 4'096;
  static constexpr std::size_t kMaxRun = 60'000;   // below the 65,507 bytes of one UDP send
  static constexpr std::size_t kMaxSegments = 60;  // UDP_MAX_SEGMENTS is 64 in older kernels
  static constexpr std::size_t kFirstRuns = 16;    // where none of so many could be segmented, the machine cannot
  static constexpr std::size_t kBatch = 64, kBatchParts = 512;

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Datagram {
    base::Path path;
    std::uint32_t offset = 0;
    std::uint16_t size = 0;
    std::uint32_t next = kNone;  // of its flow and precedence
  };
  struct Line {
    std::uint32_t first = kNone, last = kNone;
  };
  struct Flow {
    std::array<Line, 3> lines;  // by precedence
    bool waits = false;
  };

  void send_all();
  void queue_flow(const Flow& flow);
  std::uint32_t queue_run(std::uint32_t from, std::uint32_t sound);
  void begin(const Datagram& datagram);
  void add(const Datagram& datagram);
  [[nodiscard]] bool takes(const Datagram& datagram) const;
  void end();
  void send_queued();
  void send_some(int socket, std::size_t from, std::size_t to);
  void send_one_by_one(int socket, std::size_t message);
  [[nodiscard]] bool is_run(std::size_t message) const { return headers_[message].msg_hdr.msg_iovlen > 1; }

  std::vector<int> sockets_;
  TcpPaths* tcp_;
  bool segmentation_;
  bool segmented_ = false;      // a run has left as one message
  std::size_t runs_failed_ = 0;  // before that
  MediaLoopCounters& counters_;
  std::unique_ptr<std::uint8_t[]> room_;
  std::size_t size_, used_ = 0;
  std::vector<Datagram> datagrams_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> waiting_;  // flows, in the order of their first datagram
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
  std::array<iovec, kBatchParts> parts_{};
  std::array<sockaddr_storage, kBatch> names_{};
  std::array<Control, kBatch> controls_{};
  std::array<std::uint32_t, kBatch> locals_{};  // the socket of each message
  std::size_t queued_ = 0, parts_used_ = 0;
  // the message being made
  const base::Path* run_path_ = nullptr;
  std::size_t run_length_ = 0, run_count_ = 0;
  std::uint16_t run_segment_ = 0;
  bool run_open_ = false;  // all of one size so far: a shorter one may close it
};

}  // namespace net
