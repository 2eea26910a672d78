// SPDX-License-Identifier: Apache-2.0
// Seats that are taken now: staff whose sign-in was ended, whose account was closed or whose role was taken away while they sit in a
// room, and whoever came by a link that was taken back, is put out of it. Looked at every second rather than told of by each page that may end one, so that a command, a role that runs
// out and another node count as well. Not here: who may take a seat (care/session_pass_table), what putting out is (call/moderation).
// Any thread.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/ids.h"
#include "base/instant.h"
#include "base/result.h"
#include "care/session_pass_table.h"
#include "store/connection.h"

namespace app {

struct WatchedSeat {
  base::RoomId room;
  care::TakenSeat seat;
  std::atomic<std::uint64_t> connection{0};  // 0: not in the room yet
};

class SeatWatch {
 public:
  // Of each in turn, whether it is theirs still.
  using Theirs = std::function<base::Result<std::vector<bool>, store::StoreError>(const std::vector<care::TakenSeat>&, base::WallTime)>;
  using PutOut = std::function<void(base::RoomId, base::ConnectionId)>;
  SeatWatch(Theirs theirs, PutOut put_out) : theirs_(std::move(theirs)), put_out_(std::move(put_out)) {}

  // Whoever is given it lets it go when the connection ends.
  [[nodiscard]] std::shared_ptr<WatchedSeat> watch(base::RoomId room, care::TakenSeat seat);
  void look(base::Now now);

 private:
  struct Entry {
    std::shared_ptr<WatchedSeat> seat;
    base::Instant gone = base::Instant::never();  // since when nobody else has it
  };
  Theirs theirs_;
  PutOut put_out_;
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace app
