// SPDX-License-Identifier: Apache-2.0
// The service's threads: a few for sockets, timers and signals, and a small pool for work that may block (the database,
// files). Not here: media threads (media_loop.h). Any thread may call; callbacks run on the threads named.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "base/instant.h"

namespace net {

class Runtime {
 public:
  Runtime(unsigned io_threads, unsigned work_threads);
  ~Runtime();  // stop()
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  void start();
  // Ends all threads; what still waits is dropped. Not from one of its own threads.
  void stop();
  void post(std::function<void()> on_io);
  void work(std::function<void()> on_pool);
  void after(base::Duration delay, std::function<void()> on_io);
  // Signals named in main() before any thread starts; `on_io` is told each time.
  void on_signals(std::vector<int> signals, std::function<void(int)> on_io);

  struct Impl;  // Asio, for the files of net/ alone (runtime_impl.h)
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
