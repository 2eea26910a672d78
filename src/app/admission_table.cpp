// SPDX-License-Identifier: Apache-2.0
// See admission_table.h.
#include "app/admission_table.h"

#include "app/demonstration.h"

namespace app {
namespace {
using store::StoreError;

constexpr std::string_view kColumns =
    "SELECT s.room, b.seat, b.role, b.alias, b.disguise, b.needs, s.starts_us, s.ends_us, s.duty_number, s.demonstration, "
    "b.withdrawn, s.ended_us, s.encrypted FROM booking b JOIN room_session s ON s.id = b.session ";

Booking read(const store::Rows& row) {
  return {.room = {static_cast<std::uint64_t>(row.integer(0))},
          .seat = {static_cast<std::uint32_t>(row.integer(1))},
          .role = parse_role(row.text(2)),
          .alias = base::Redacted<std::string>(row.text(3)),
          .disguise = base::Redacted<std::string>(row.text(4)),
          .needs = base::Redacted<std::string>(row.text(5)),
          .agreed = agreed_in_demonstration(row.text(4)),
          .session = {.starts = row.time(6), .ends = row.time(7)},
          .duty_number = row.text(8),
          .demonstration = row.flag(9),
          .withdrawn = row.flag(10),
          .encrypted = row.flag(12),
          .ended = !row.null(11)};
}

}  // namespace

base::Result<void, StoreError> AdmissionTable::add(const NewSession& session, const std::vector<NewBooking>& bookings) {
  const auto t = pool_.write();
  // Rooms are numbered by whoever makes them; the session's own number is the room's.
  const auto id = static_cast<std::int64_t>(session.room.value);
  t->run("INSERT INTO room_session (id, room, starts_us, ends_us, duty_number, demonstration, encrypted) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
         id, session.times.starts, session.times.ends, session.duty_number, session.demonstration ? 1 : 0, session.encrypted ? 1 : 0);
  for (const auto& b : bookings)
    t->run("INSERT INTO booking (session, seat, role, alias, disguise, needs, link_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
           b.seat.value, role_text(b.role), b.alias.get(), b.disguise.get(), b.needs.get(), b.link);
  return t->commit();
}

base::Result<std::optional<Booking>, StoreError> AdmissionTable::find(const LinkHash& link) const {
  const auto t = pool_.read();
  std::optional<Booking> out;
  {
    store::Rows rows = t->query(std::string(kColumns) + "WHERE b.link_hash = $1", link);
    if (rows.next()) out = read(rows);
  }
  if (!t->ok()) return std::unexpected(*t->error());
  return out;
}

base::Result<std::vector<Booking>, StoreError> AdmissionTable::of_room(base::RoomId room) const {
  const auto t = pool_.read();
  std::vector<Booking> out;
  {
    store::Rows rows = t->query(std::string(kColumns) + "WHERE s.room = $1 ORDER BY b.seat", static_cast<std::int64_t>(room.value));
    while (rows.next()) out.push_back(read(rows));
  }
  if (!t->ok()) return std::unexpected(*t->error());
  return out;
}

base::Result<void, StoreError> AdmissionTable::end(base::RoomId room, base::WallTime at) {
  const auto t = pool_.write();
  t->run("UPDATE room_session SET ended_us = $1 WHERE room = $2", at, static_cast<std::int64_t>(room.value));
  return t->commit();
}

base::Result<void, StoreError> AdmissionTable::came(base::RoomId room, base::SeatId seat) {
  const auto t = pool_.write();
  t->run(
      "UPDATE room_session SET ended_us = NULL WHERE room = $1 AND ended_us IS NOT NULL AND EXISTS (SELECT 1 FROM booking b "
      "WHERE b.session = room_session.id AND b.seat = $2 AND b.role IN ('facilitator', 'co_facilitator'))",
      static_cast<std::int64_t>(room.value), seat.value);
  return t->commit();
}

base::Result<void, StoreError> AdmissionTable::move_demonstrations(SessionTimes times, bool encrypted) {
  const auto t = pool_.write();
  t->run("UPDATE room_session SET starts_us = $1, ends_us = $2, ended_us = NULL, encrypted = $3 WHERE demonstration = 1", times.starts,
         times.ends, encrypted ? 1 : 0);
  return t->commit();
}

base::Result<void, StoreError> AdmissionTable::drop_demonstrations() {
  const auto t = pool_.write();
  t->run("DELETE FROM room_session WHERE demonstration = 1");
  return t->commit();
}

}  // namespace app
