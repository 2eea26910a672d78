// SPDX-License-Identifier: Apache-2.0
// See room_record.h.
#include "app/room_record.h"

#include "app/log.h"

namespace app {
namespace {
// Whether the same write may be taken another time. A constraint says the same again.
bool passes(store::StoreError e) { return e == store::StoreError::unavailable || e == store::StoreError::full || e == store::StoreError::busy; }
}  // namespace

void RoomRecord::put(Write write) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kMostRoomWrites) {
      log(LogLevel::error, "room-not-stored");
      return;
    }
    queue_.push_back(std::move(write));
    if (running_ || paused_) return;
    running_ = true;
  }
  drain();
}

void RoomRecord::drain() {
  for (;;) {
    Write next;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) {
        running_ = false;
        return;
      }
      next = queue_.front();
    }
    const auto done = next();
    const std::lock_guard lock(mutex_);
    if (!done && passes(done.error())) {
      log(LogLevel::warning, "room-waits-for-database", {{"waiting", queue_.size()}});
      running_ = false;
      paused_ = true;
      break;
    }
    if (!done) log(LogLevel::error, "room-not-stored");
    queue_.pop_front();
  }
  later_([this] { again(); });
}

void RoomRecord::again() {
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
    running_ = true;
  }
  drain();
}

}  // namespace app
