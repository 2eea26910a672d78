// SPDX-License-Identifier: Apache-2.0
// See care_seats.h.
#include "app/care_seats.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "app/visit_table.h"
#include "care/attendance_table.h"
#include "care/group.h"
#include "care/joining_table.h"
#include "care/link_table.h"
#include "care/session_pass_table.h"
#include "care/supporter_attendance_table.h"
#include "safety/alert_table.h"

namespace app {
namespace {

using Text = base::Redacted<std::string>;
constexpr store::Column kAlias{"membership.alias"}, kSupporterAlias{"supporter.alias"};

base::Result<void, store::StoreError> done(store::Transaction& tx) { return tx.commit(); }

// What was agreed, for the card that facilitators see.
Text disguise_words(const care::Disguise& d) {
  using enum care::PictureDisguise;
  constexpr std::array<std::pair<care::PictureDisguise, std::string_view>, 6> kPictures{
      {{none, ""}, {blur, "Blurred picture."}, {pixelate, "Picture in coarse squares."}, {block, "A plain colour for a picture."}, {avatar, "A drawing for a picture."}, {off, "Camera off."}}};
  std::string out(std::ranges::find(kPictures, d.picture, &std::pair<care::PictureDisguise, std::string_view>::first)->second);
  if (d.voice == care::VoiceDisguise::none) return Text(out);
  if (!out.empty()) out += ' ';
  return Text(out + (d.voice == care::VoiceDisguise::lower ? "A lower voice." : "A higher voice."));
}

// Kinds alone: what was written about them is read one person at a time, where the reading stands on record (care/session_needs_routes).
Text need_words(const std::vector<std::string>& categories) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kKinds{{{"001", "Help with communication"}, {"002", "A communication professional"},
      {"003", "A certain way of contact"}, {"004", "Information in a certain format"}, {"005", "More time or help to communicate"}, {"006", "Community language"},
      {"007", "More support"}, {"008", "Care made for them"}, {"009", "Surroundings"}, {"010", "Other needs"}, {"011", "Something of their own"}}};
  std::string out;
  for (const auto& each : categories) {
    const auto* kind = std::ranges::find(kKinds, std::string_view(each), &std::pair<std::string_view, std::string_view>::first);
    if (kind == kKinds.end()) continue;
    out += (out.empty() ? "" : "; ") + std::string(kind->second);
  }
  return Text(out.empty() ? out : out + ".");
}

Booking booking_at(const store::Rows& rows, std::string_view role, Text alias) {
  return {.room = {static_cast<std::uint64_t>(rows.integer(0))}, .seat = {static_cast<std::uint32_t>(rows.integer(1))}, .role = parse_role(role),
          .alias = std::move(alias), .disguise = {}, .needs = {}, .agreed = {}, .session = {rows.time(2), rows.time(3)}, .duty_number = {}};
}

}  // namespace

base::Result<std::optional<Booking>, store::StoreError> CareSeats::find(const LinkHash& pass, base::WallTime now) const {
  const auto tx = pool_.read();
  const auto p = care::find_pass(*tx, keys_, entropy_, pass, now);
  if (!tx->ok()) return std::unexpected(*tx->error());
  if (!p || p->room == 0) return std::nullopt;
  return Booking{.room = {static_cast<std::uint64_t>(p->room)}, .seat = {static_cast<std::uint32_t>(p->taken.seat)}, .role = parse_role(p->role),
                 .alias = p->alias, .disguise = disguise_words(p->disguise), .needs = need_words(p->needs), .agreed = p->disguise, .session = {p->span.starts, p->span.ends},
                 .duty_number = p->duty_number, .demonstration = false, .withdrawn = false, .encrypted = p->end_to_end,
                 .watermark = p->watermark, .blank_on_blur = p->blank_on_blur, .may_share = p->members_may_share, .taken = p->taken, .ended = p->ended};
}

base::Result<std::vector<Booking>, store::StoreError> CareSeats::of_room(base::RoomId room) const {
  std::vector<Booking> out;
  const auto tx = pool_.read();
  const auto number = static_cast<std::int64_t>(room.value);
  {
    auto rows = tx->query("SELECT s.room, f.seat, s.starts_us, s.ends_us, f.role, f.alias FROM session s JOIN group_facilitator f ON f.group_id = s.group_id "
                          "WHERE s.room = $1", number);
    while (rows.next()) out.push_back(booking_at(rows, rows.text(4), Text(rows.text(5))));
  }
  {
    auto rows = tx->query("SELECT s.room, m.seat, s.starts_us, s.ends_us, m.id, m.alias_sealed, m.disguise_sealed, m.person FROM session s JOIN membership m ON m.group_id = s.group_id "
                          "WHERE s.room = $1 AND m.state IN ('prepared', 'joined')", number);
    while (rows.next()) {
      out.push_back(booking_at(rows, "member", keys_.open_maybe(*tx, kAlias, rows.text(4), rows, 5).value_or(Text{})));
      out.back().disguise = disguise_words(care::agreed_disguise(*tx, keys_, rows.text(4), rows, 6));
      out.back().needs = need_words(care::need_categories(*tx, rows.id<care::PersonId>(7)));
    }
  }
  {
    auto rows = tx->query("SELECT s.room, c.seat, s.starts_us, s.ends_us, c.id, c.alias_sealed FROM session s JOIN membership m ON m.group_id = s.group_id "
                          "JOIN supporter c ON c.membership = m.id WHERE s.room = $1 AND m.state IN ('prepared', 'joined')", number);
    while (rows.next()) out.push_back(booking_at(rows, "supporter", keys_.open_maybe(*tx, kSupporterAlias, rows.text(4), rows, 5).value_or(Text{})));
  }
  if (!tx->ok()) return std::unexpected(*tx->error());
  std::ranges::sort(out, {}, [](const Booking& b) { return b.seat.value; });
  return out;
}

base::Result<std::vector<bool>, store::StoreError> CareSeats::still_theirs(const std::vector<care::TakenSeat>& seats, base::WallTime now) const {
  const auto tx = pool_.read();
  auto out = care::still_theirs(*tx, seats, now);
  if (!tx->ok()) return std::unexpected(*tx->error());
  return out;
}

base::Result<void, store::StoreError> CareSeats::came(base::RoomId room, base::SeatId seat, base::WallTime at) {
  auto tx = pool_.write();
  const auto session = care::session_of_room(*tx, static_cast<std::int64_t>(room.value));
  if (!session) return done(*tx);
  care::note_came(*tx, keys_, entropy_, *session, seat.value, care::Way::video, at);
  care::note_supporter_came(*tx, entropy_, *session, seat.value, at);
  // A room that ended is open again once somebody who leads it is there.
  if (seat.value <= care::kLastFacilitatorSeat) tx->run("UPDATE session SET ended_us = NULL WHERE id = $1", *session);
  return done(*tx);
}

base::Result<void, store::StoreError> CareSeats::went(base::RoomId room, base::SeatId seat, call::Going how, base::WallTime at) {
  auto tx = pool_.write();
  const auto session = care::session_of_room(*tx, static_cast<std::int64_t>(room.value));
  if (!session) return done(*tx);
  care::note_left(*tx, *session, seat.value, at);
  care::note_supporter_left(*tx, *session, seat.value, at);
  // Nothing where the seat is a facilitator's: they are nobody's alert.
  if (how == call::Going::dropped) (void)safety::raise_from_call(*tx, entropy_, *session, seat.value, safety::AlertKind::drop_off, at);
  return done(*tx);
}

base::Result<void, store::StoreError> CareSeats::ended(base::RoomId room, base::WallTime at) {
  auto tx = pool_.write();
  if (const auto session = care::session_of_room(*tx, static_cast<std::int64_t>(room.value)))
    tx->run("UPDATE session SET ended_us = $2 WHERE id = $1", *session, at);
  return done(*tx);
}

base::Result<void, store::StoreError> CareSeats::visited(base::RoomId room, const call::VisitFigures& figures) {
  auto tx = pool_.write();
  if (const auto session = care::session_of_room(*tx, static_cast<std::int64_t>(room.value))) save_visit(*tx, entropy_, *session, figures);
  return done(*tx);
}

base::Result<void, store::StoreError> CareSeats::close_registers(base::WallTime now) {
  auto tx = pool_.write();
  for (const auto& session : care::sessions_to_close(*tx, {now.us - kClosesAfter.us}, 100)) care::close_register(*tx, session, now);
  care::drop_passes(*tx, now);
  care::drop_joining(*tx, {now.us - kClosesAfter.us});
  care::drop_visits(*tx, now);
  return done(*tx);
}

}  // namespace app
