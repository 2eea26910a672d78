// SPDX-License-Identifier: Apache-2.0
// A Unix stream socket that carries frames, each behind its length in four bytes (big endian). Both ends check that the
// other runs as the same user (SO_PEERCRED). Not here: what a frame means (app/call_link).
// Invariant: a frame is at most 1 MiB, a queue at most `max_queue`; over either the link is broken, never quietly cut.
// Thread rule: send() and close() from any thread; on_frame and on_closed come one at a time on the runtime's io threads.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "net/runtime.h"

namespace net {

inline constexpr std::size_t kMaxFrame = 1 << 20;

class FrameLink {
 public:
  struct Told {
    std::function<void(base::Bytes)> on_frame;
    std::function<void()> on_closed;  // once, also after close()
  };
  struct Impl;
  explicit FrameLink(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  ~FrameLink();  // close()
  FrameLink(const FrameLink&) = delete;
  FrameLink& operator=(const FrameLink&) = delete;

  // Null where nothing listens there, or somebody else does.
  [[nodiscard]] static std::unique_ptr<FrameLink> connect(Runtime& runtime, const std::string& path);
  // Who is at the other end, where it listens (for the end that connected).
  [[nodiscard]] int peer_process() const;
  // Begins to read. Nothing is told before.
  void start(Told told);
  void send(std::vector<std::uint8_t> frame);
  // After what is queued was written.
  void finish();
  void close();

 private:
  std::shared_ptr<Impl> impl_;
};

class FrameListener {
 public:
  // Takes the path over from one that has died; throws std::runtime_error where somebody still listens there. 0600.
  FrameListener(Runtime& runtime, const std::string& path, std::function<void(std::unique_ptr<FrameLink>)> on_link);
  ~FrameListener();
  // Who comes before waits; nobody is taken before this.
  void start();
  FrameListener(const FrameListener&) = delete;
  FrameListener& operator=(const FrameListener&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace net
