// SPDX-License-Identifier: Apache-2.0
// The tables room_session and booking: which link is which seat of which room. Not here: what that allows (admission).
// Invariant: a link is stored as its hash only. Any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/admission.h"
#include "store/pool.h"

namespace app {

class AdmissionTable {
 public:
  explicit AdmissionTable(store::Pool& pool) : pool_(pool) {}

  struct NewSession {
    base::RoomId room;
    SessionTimes times;
    std::string duty_number;
    bool demonstration = false;
    bool encrypted = true;
  };
  struct NewBooking {
    base::SeatId seat;
    call::Role role;
    base::Redacted<std::string> alias, disguise, needs;
    LinkHash link;
  };
  // One transaction: all or nothing.
  [[nodiscard]] base::Result<void, store::StoreError> add(const NewSession& session, const std::vector<NewBooking>& bookings);
  [[nodiscard]] base::Result<std::optional<Booking>, store::StoreError> find(const LinkHash& link) const;
  // Every booking of one room's session, by seat.
  [[nodiscard]] base::Result<std::vector<Booking>, store::StoreError> of_room(base::RoomId room) const;
  // Somebody ended the room for everyone.
  [[nodiscard]] base::Result<void, store::StoreError> end(base::RoomId room, base::WallTime at);
  // Somebody came into the room: where it had ended, and they lead it, it is open again.
  [[nodiscard]] base::Result<void, store::StoreError> came(base::RoomId room, base::SeatId seat);
  // A demonstration meets now; an ended one is open again.
  [[nodiscard]] base::Result<void, store::StoreError> move_demonstrations(SessionTimes times, bool encrypted);
  [[nodiscard]] base::Result<void, store::StoreError> drop_demonstrations();

 private:
  store::Pool& pool_;
};

}  // namespace app
