// SPDX-License-Identifier: Apache-2.0
// One media thread: UDP sockets (one an address, all on one port), ICE-TCP listeners on the same port (RFC 6544 passive,
// framed by RFC 4571), an inbox from other threads, and the exact timer of its Core. One wake drains everything, then sends
// everything. Not here: what a datagram means. Thread rule: the Core is touched on the loop's thread alone; post(), stop()
// and counters() may be called from any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/datagram.h"
#include "net/core.h"

namespace net {

struct MediaLoopSettings {
  std::vector<base::Address> listen;       // addresses to bind; their port is ignored
  std::uint16_t port = 0;                  // 0: the machine chooses one that is free at every address, UDP and TCP
  int receive_buffer = 4 << 20;            // bytes asked of the kernel a socket
  int send_buffer = 4 << 20;
  std::size_t max_tcp_connections = 400;
  std::size_t tcp_queue = std::size_t{256} * 1024;      // bytes waiting on one TCP connection before picture is dropped
  base::Duration tcp_silence = base::Duration::seconds(30);  // a connection that says, or is told, nothing for so long is closed
  base::Duration tcp_unproven = base::Duration::seconds(10);  // so long has a new one to prove that it is a participant's
  std::size_t tcp_unproven_of_address = 40;  // at once; an IPv6 address counts by its /64
  bool segmentation = true;                // try UDP_SEGMENT
  // After a wake that brought datagrams, nothing is looked at for so long: fewer, fuller wakes. Zero: none.
  base::Duration rest{};
};

// Written by the loop's thread, read by any.
struct MediaLoopCounters {
  std::atomic<std::uint64_t> datagrams_in{0}, datagrams_out{0}, bytes_in{0}, bytes_out{0};
  std::atomic<std::uint64_t> receive_calls{0}, send_calls{0}, sends{0}, wakes{0};
  std::atomic<std::uint64_t> kernel_drops{0};     // SO_RXQ_OVFL: arrived, but the socket's buffer was full
  std::atomic<std::uint64_t> send_drops{0};       // the kernel would not take it
  std::atomic<std::uint64_t> tcp_drops{0};        // a TCP connection's queue was full
  std::atomic<std::uint64_t> truncated{0};        // larger than any datagram of ours
  std::atomic<std::uint64_t> tcp_accepted{0}, tcp_open{0};
  std::atomic<std::uint64_t> tcp_refused{0};      // or gave way, having proved nothing
  std::atomic<std::uint64_t> segmentation_fallbacks{0};
  std::atomic<std::uint64_t> messages{0};
};

class MediaLoop {
 public:
  // Binds; throws std::runtime_error where it cannot (start-up failure). Nothing is received before run() or start().
  explicit MediaLoop(MediaLoopSettings settings);
  ~MediaLoop();  // stops and joins
  MediaLoop(const MediaLoop&) = delete;
  MediaLoop& operator=(const MediaLoop&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // The bound addresses with their port.
  [[nodiscard]] std::vector<base::Address> addresses() const;
  [[nodiscard]] const MediaLoopCounters& counters() const;

  // Starts the thread. `core` must outlive the loop or its stop().
  void start(Core& core);
  // Puts a message into the inbox and wakes the loop.
  void post(std::vector<std::uint8_t> message);
  // Ends the thread after what is in the inbox was handled and sent; idempotent.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The machine's addresses that media can be reached at: every interface that is up, loopback included, link-local left out.
[[nodiscard]] std::vector<base::Address> interface_addresses();
// "192.0.2.1" or "2001:db8::1"; empty text for what is no address.
[[nodiscard]] bool parse_address(std::string_view text, base::Address& into);
[[nodiscard]] std::string address_text(const base::Address&);  // without port; for candidates and tests, never for logs

}  // namespace net
