// SPDX-License-Identifier: Apache-2.0
// What the call tells of who came and went, on its way into the database: one after the other, in the order in which it was told, and
// kept while the database is away, busy or full, so that neither the register nor an alert misses anybody. Not here: what is written
// (care_seats, admission_table). Lost where the service itself ends meanwhile. Invariant: a write that waits is overtaken by none.
// Any thread.
#pragma once
#include <deque>
#include <functional>
#include <mutex>

#include "base/result.h"
#include "store/connection.h"

namespace app {

inline constexpr std::size_t kMostRoomWrites = 20'000;  // an hour of a busy trust; beyond it what comes is lost, and said so

class RoomRecord {
 public:
  using Write = std::function<base::Result<void, store::StoreError>()>;
  // `later` calls what it is given once, after a pause, on another thread.
  using Later = std::function<void(std::function<void()>)>;
  explicit RoomRecord(Later later) : later_(std::move(later)) {}
  // Done when this returns where nothing waits and the database takes it. A write may be tried again: it changes all or nothing.
  void put(Write write);

 private:
  void drain();
  void again();
  const Later later_;
  std::mutex mutex_;
  std::deque<Write> queue_;
  bool running_ = false, paused_ = false;
};

}  // namespace app
