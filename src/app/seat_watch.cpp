// SPDX-License-Identifier: Apache-2.0
// See seat_watch.h.
#include "app/seat_watch.h"

#include <algorithm>

#include "app/log.h"

namespace app {
namespace {
// A room keeps the place of who lost the line for a minute (call/plane.h), and they may hear it until then.
constexpr auto kWatchedAfter = base::Duration::seconds(600);
}  // namespace

std::shared_ptr<WatchedSeat> SeatWatch::watch(base::RoomId room, care::TakenSeat seat) {
  auto out = std::make_shared<WatchedSeat>();
  out->room = room;
  out->seat = std::move(seat);
  const std::lock_guard lock(mutex_);
  entries_.push_back({.seat = out});
  return out;
}

void SeatWatch::look(base::Now now) {
  std::vector<std::shared_ptr<WatchedSeat>> seats;
  {
    const std::lock_guard lock(mutex_);
    for (Entry& e : entries_) {
      if (e.seat.use_count() > 1) {
        e.gone = base::Instant::never();
      } else if (e.gone.is_never()) {
        e.gone = now.instant;
      }
    }
    std::erase_if(entries_, [&](const Entry& e) { return !e.gone.is_never() && (e.seat->connection == 0 || e.gone + kWatchedAfter <= now.instant); });
    for (const Entry& e : entries_) seats.push_back(e.seat);
  }
  if (seats.empty()) return;
  std::vector<care::TakenSeat> asked;
  for (const auto& s : seats) asked.push_back(s->seat);
  const auto theirs = theirs_(asked, now.wall);
  if (!theirs) return;  // the database is away: nobody is put out for that
  for (std::size_t i = 0; i < seats.size(); ++i) {
    const base::ConnectionId connection{seats[i]->connection};
    if ((*theirs)[i] || connection.value == 0) continue;  // who is on the way in is looked at again
    log(LogLevel::info, "seat-ended");
    put_out_(seats[i]->room, connection);
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [&](const Entry& e) { return e.seat == seats[i]; });
  }
}

}  // namespace app
