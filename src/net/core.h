// SPDX-License-Identifier: Apache-2.0
// What a media loop drives: a core that does no I/O of its own. app/plane_core adapts call::Plane to it; tests give a fake.
// Not here: sockets. All calls come on the loop's thread; `out` is flushed by the loop after after_batch().
#pragma once
#include "base/bytes.h"
#include "base/datagram.h"
#include "base/instant.h"

namespace net {

class Core {
 public:
  Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  virtual ~Core() = default;

  virtual void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) = 0;
  virtual void on_path_closed(base::Now now, const base::Path& path, base::DatagramSink& out) = 0;
  virtual void on_timer(base::Now now, base::DatagramSink& out) = 0;
  [[nodiscard]] virtual base::Instant next_timeout() const = 0;
  // A message put into the loop's inbox by another thread, as bytes.
  virtual void on_message(base::Now now, base::Bytes message, base::DatagramSink& out) = 0;
  // Everything of one wake has been handled: tell others what came of it.
  virtual void after_batch(base::Now now) = 0;
};

}  // namespace net
