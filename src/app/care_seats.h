// SPDX-License-Identifier: Apache-2.0
// Seats of real sessions for the call: what a seat pass opens, the booking cards of its session, and what the call tells of who
// came and went, which fills the register and raises an alert about whoever dropped off, and of how visits went. Beside admission_table, which holds the
// demonstration's. Not here: the rule of when a seat opens (admission), who gets a pass (care/). Any thread.
#pragma once
#include <optional>
#include <vector>

#include "app/admission.h"
#include "call/visit_figures.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace app {

class CareSeats {
 public:
  CareSeats(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy) : pool_(pool), keys_(keys), entropy_(entropy) {}

  [[nodiscard]] base::Result<std::optional<Booking>, store::StoreError> find(const LinkHash& pass, base::WallTime now) const;
  // Everybody with a seat in the room's session, by seat.
  [[nodiscard]] base::Result<std::vector<Booking>, store::StoreError> of_room(base::RoomId room) const;

  // Of each in turn.
  [[nodiscard]] base::Result<std::vector<bool>, store::StoreError> still_theirs(const std::vector<care::TakenSeat>& seats, base::WallTime now) const;

  // Rooms of the demonstration are nobody's session: nothing happens.
  [[nodiscard]] base::Result<void, store::StoreError> came(base::RoomId room, base::SeatId seat, base::WallTime at);
  // Whoever was in the group, lost their line and did not come back in time (docs/protocol.md "Coming back") has dropped off: the
  // group's facilitators are alerted. Not of who left by the button, was removed or moved, or has the room on another device now.
  [[nodiscard]] base::Result<void, store::StoreError> went(base::RoomId room, base::SeatId seat, call::Going how, base::WallTime at);
  [[nodiscard]] base::Result<void, store::StoreError> ended(base::RoomId room, base::WallTime at);
  [[nodiscard]] base::Result<void, store::StoreError> visited(base::RoomId room, const call::VisitFigures& figures);
  // Registers of sessions that are over for good; old passes and visits go.
  [[nodiscard]] base::Result<void, store::StoreError> close_registers(base::WallTime now);

 private:
  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
};

}  // namespace app
