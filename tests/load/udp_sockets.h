// SPDX-License-Identifier: Apache-2.0
// The UDP sockets of a crowd: one a person, since a person is known by its address. Receives whole GRO runs in batches and
// sends in batches (recvmmsg, sendmmsg), so that one thread carries a room of 36. Not here: when to send. Linux only.
// Invariant: a datagram that the kernel did not take, on either side, is counted. Runs on one thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/datagram.h"

namespace load {

class UdpSockets final : public base::DatagramSink {
 public:
  static constexpr std::size_t kReady = 256;  // sockets of one batch

  UdpSockets();
  ~UdpSockets() override;

  // Opens one more socket on a port of the kernel's choice; gives its number, as in Path::local. Throws where it cannot.
  std::uint32_t open();
  // The same number on another port, as after a page is loaded anew.
  void reopen(std::uint32_t socket);
  // Readable while any of them has got something since it was last read.
  [[nodiscard]] int descriptor() const { return epoll_; }
  // Calls f(socket) for each that has something to read, a batch of them, and f reads all of it; false where none had.
  template <class F>
  bool for_each_readable(F&& f) {
    const std::size_t n = poll();
    for (std::size_t i = 0; i < n; ++i) f(ready_[i]);
    return n > 0;
  }

  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence) override;
  void commit(std::size_t size) override;
  // Sends everything committed since the last flush.
  void flush();

  // Reads everything that waits on the socket; calls f(path, datagram) for each.
  void receive(std::uint32_t socket, const std::function<void(const base::Path&, base::MutableBytes)>& f);

  struct Counts {
    std::uint64_t sent = 0, send_failed = 0, received = 0, receive_dropped = 0, send_calls = 0, receive_calls = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct Socket {
    int fd = -1;
    std::uint32_t dropped = 0;  // the kernel's own count (SO_RXQ_OVFL)
  };
  struct Outgoing {
    base::Path path;
    std::size_t at, size;
  };
  struct Buffers;
  static int open_one();
  void watch(std::uint32_t socket);

  [[nodiscard]] std::size_t poll();
  void send_run(std::uint32_t socket, std::size_t first, std::size_t last);

  int epoll_;  // of our own: one wait of the loop serves all sockets
  std::vector<std::uint32_t> ready_;
  std::vector<Socket> sockets_;
  std::vector<Outgoing> outgoing_;
  std::vector<std::uint8_t> arena_;
  std::size_t used_ = 0;
  base::Path reserved_path_;
  std::unique_ptr<Buffers> buffers_;
  Counts counts_;
};

}  // namespace load
