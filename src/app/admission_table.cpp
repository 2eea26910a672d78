// SPDX-License-Identifier: Apache-2.0
// See admission_table.h.
#include "app/admission_table.h"

#include <array>
#include <stdexcept>

namespace app {
namespace {
using namespace std::string_view_literals;
using store::StoreError;

constexpr std::array kMigrations{
    R"(CREATE TABLE room_session (
         id INTEGER PRIMARY KEY,
         room INTEGER NOT NULL UNIQUE,
         starts_us INTEGER NOT NULL,
         ends_us INTEGER NOT NULL,
         duty_number TEXT NOT NULL,
         demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1))
       ) STRICT;
       CREATE TABLE booking (
         id INTEGER PRIMARY KEY,
         session INTEGER NOT NULL REFERENCES room_session (id) ON DELETE CASCADE,
         seat INTEGER NOT NULL,
         role TEXT NOT NULL CHECK (role IN ('facilitator', 'co_facilitator', 'supporter', 'member')),
         alias TEXT NOT NULL,
         disguise TEXT NOT NULL,
         needs TEXT NOT NULL,
         link_hash BLOB NOT NULL UNIQUE CHECK (length(link_hash) = 32),
         withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
         UNIQUE (session, seat)
       ) STRICT;)"sv,
    // When a facilitator ended it for everyone; NULL: it did not end, or a facilitator has come again.
    "ALTER TABLE room_session ADD COLUMN ended_us INTEGER"sv,
};

constexpr std::string_view kColumns =
    "SELECT s.room, b.seat, b.role, b.alias, b.disguise, b.needs, s.starts_us, s.ends_us, s.duty_number, s.demonstration, "
    "b.withdrawn, s.ended_us IS NOT NULL FROM booking b JOIN room_session s ON s.id = b.session ";

Booking read(const store::Statement& row) {
  return {.room = {static_cast<std::uint64_t>(row.integer(0))},
          .seat = {static_cast<std::uint32_t>(row.integer(1))},
          .role = parse_role(row.text(2)),
          .alias = base::Redacted<std::string>(row.text(3)),
          .disguise = base::Redacted<std::string>(row.text(4)),
          .needs = base::Redacted<std::string>(row.text(5)),
          .session = {.starts = {row.integer(6)}, .ends = {row.integer(7)}},
          .duty_number = row.text(8),
          .demonstration = row.integer(9) != 0,
          .withdrawn = row.integer(10) != 0,
          .ended = row.integer(11) != 0};
}

}  // namespace

AdmissionTable::AdmissionTable(const std::string& path) {
  auto opened = store::Database::open(path);
  if (!opened) throw std::runtime_error("store: the database cannot be opened");
  database_ = std::move(*opened);
  if (!database_->migrate(kMigrations))
    throw std::runtime_error("store: the database cannot be brought up to date (is it a later version's?)");
}

base::Result<void, StoreError> AdmissionTable::add(const NewSession& session, const std::vector<NewBooking>& bookings) {
  const std::lock_guard lock(mutex_);
  auto transaction = store::Transaction::begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  std::int64_t id = 0;
  {
    auto insert = database_->prepare(
        "INSERT INTO room_session (room, starts_us, ends_us, duty_number, demonstration) VALUES ($1, $2, $3, $4, $5) "
        "RETURNING id");
    if (!insert) return std::unexpected(insert.error());
    insert->bind(1, static_cast<std::int64_t>(session.room.value)).bind(2, session.times.starts.us);
    insert->bind(3, session.times.ends.us).bind(4, session.duty_number).bind(5, std::int64_t{session.demonstration});
    const auto row = insert->step();
    if (!row) return std::unexpected(row.error());
    id = insert->integer(0);
  }
  for (const auto& b : bookings) {
    auto insert = database_->prepare(
        "INSERT INTO booking (session, seat, role, alias, disguise, needs, link_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    if (!insert) return std::unexpected(insert.error());
    insert->bind(1, id).bind(2, std::int64_t{b.seat.value}).bind(3, role_text(b.role)).bind(4, b.alias.get());
    insert->bind(5, b.disguise.get()).bind(6, b.needs.get()).bind(7, base::Bytes{b.link});
    if (auto done = insert->run(); !done) return done;
  }
  return transaction->commit();
}

base::Result<std::optional<Booking>, StoreError> AdmissionTable::find(const LinkHash& link) const {
  const std::lock_guard lock(mutex_);
  auto query = database_->prepare(std::string(kColumns) + "WHERE b.link_hash = $1");
  if (!query) return std::unexpected(query.error());
  query->bind(1, base::Bytes{link});
  const auto row = query->step();
  if (!row) return std::unexpected(row.error());
  return *row ? std::optional(read(*query)) : std::nullopt;
}

base::Result<std::vector<Booking>, StoreError> AdmissionTable::of_room(base::RoomId room) const {
  const std::lock_guard lock(mutex_);
  auto query = database_->prepare(std::string(kColumns) + "WHERE s.room = $1 ORDER BY b.seat");
  if (!query) return std::unexpected(query.error());
  query->bind(1, static_cast<std::int64_t>(room.value));
  std::vector<Booking> out;
  for (;;) {
    const auto row = query->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read(*query));
  }
}

base::Result<void, StoreError> AdmissionTable::end(base::RoomId room, base::WallTime at) {
  const std::lock_guard lock(mutex_);
  auto update = database_->prepare("UPDATE room_session SET ended_us = $1 WHERE room = $2");
  if (!update) return std::unexpected(update.error());
  return update->bind(1, at.us).bind(2, static_cast<std::int64_t>(room.value)).run();
}

base::Result<void, StoreError> AdmissionTable::came(base::RoomId room, base::SeatId seat) {
  const std::lock_guard lock(mutex_);
  auto update = database_->prepare(
      "UPDATE room_session SET ended_us = NULL WHERE room = $1 AND ended_us IS NOT NULL AND EXISTS (SELECT 1 FROM booking b "
      "WHERE b.session = room_session.id AND b.seat = $2 AND b.role IN ('facilitator', 'co_facilitator'))");
  if (!update) return std::unexpected(update.error());
  return update->bind(1, static_cast<std::int64_t>(room.value)).bind(2, std::int64_t{seat.value}).run();
}

base::Result<void, StoreError> AdmissionTable::move_demonstrations(SessionTimes times) {
  const std::lock_guard lock(mutex_);
  auto update = database_->prepare("UPDATE room_session SET starts_us = $1, ends_us = $2, ended_us = NULL WHERE demonstration = 1");
  if (!update) return std::unexpected(update.error());
  return update->bind(1, times.starts.us).bind(2, times.ends.us).run();
}

base::Result<void, StoreError> AdmissionTable::drop_demonstrations() {
  const std::lock_guard lock(mutex_);
  return database_->execute("DELETE FROM room_session WHERE demonstration = 1");
}

}  // namespace app
