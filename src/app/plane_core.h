// SPDX-License-Identifier: Apache-2.0
// call::Plane behind net::Core: the one place where the rooms meet the media loop. Messages come as call_link frames;
// what the plane says goes out as frames through `tell`. Not here: sockets, routing between threads (call_process).
// Runs on its media thread, but for the constructor.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "app/call_link.h"
#include "call/plane.h"
#include "net/core.h"
#include "net/media_loop.h"

namespace app {

class PlaneCore final : public net::Core {
 public:
  struct Told {
    std::function<void(std::vector<std::vector<std::uint8_t>>)> frames;  // to the service, in order
    std::function<void()> stopped;                                       // Stop was carried out and said
  };
  PlaneCore(std::uint32_t thread, call::PlaneSettings settings, base::Entropy& entropy, const net::MediaLoopCounters& counters,
            Told told);

  void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) override;
  void on_path_closed(base::Now now, const base::Path& path, base::DatagramSink& out) override;
  void on_timer(base::Now now, base::DatagramSink& out) override;
  [[nodiscard]] base::Instant next_timeout() const override;
  void on_message(base::Now now, base::Bytes message, base::DatagramSink& out) override;
  void after_batch(base::Now now) override;

 private:
  [[nodiscard]] CallFigures figures() const;
  void log_refusals(const CallFigures& figures);
  std::uint32_t thread_;
  call::Plane plane_;
  const net::MediaLoopCounters& counters_;
  Told told_;
  std::vector<call::ToService> output_;
  bool figures_asked_ = false;
  bool stopping_ = false;
  std::uint64_t refused_before_ = 0;
};

}  // namespace app
