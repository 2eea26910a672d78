// SPDX-License-Identifier: Apache-2.0
// A room as a value, and what a rule gives back: the room as it is next, and the effects to carry out, in order. The rules
// stand beside this file by what they are about: entrance (coming, resuming, leaving), waiting_room, moderation, conversation,
// presence (lost lines and time), mls_delivery. Not here: sockets, JSON, media (plane.h), links and bookings (app/admission),
// names.
// Invariant: a rule never changes the room it is given, and a refusal changes nothing; at most one arrival of a seat is
// present; members are never told anything of who waits. Values only; runs on the room's media thread.
#pragma once
#include <expected>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/instant.h"
#include "base/result.h"
#include "call/message.h"
#include "call/mls_groups.h"
#include "call/resume_token.h"
#include "call/service_link.h"

namespace call {

struct RoomLimits {
  std::uint32_t max_people = 49;   // present
  std::uint32_t max_waiting = 60;  // arrivals not present
  std::uint32_t max_per_seat = 4;  // arrivals of one link
  base::Duration resume_for = base::Duration::seconds(60);
  base::Duration signalling_grace = base::Duration::seconds(10);
  base::Duration relieved_after = base::Duration::seconds(10);
  base::Duration arriving_for = base::Duration::seconds(2 * 3'600);  // a tab left open is not kept for ever
  bool operator==(const RoomLimits&) const = default;
};

// Media as the rules see it.
enum class MediaState : std::uint8_t { none, heard, silent };

// One browser's coming. Small and flat: a room is copied at each change.
struct Arrival {
  base::ArrivalId id;
  base::SeatId seat;
  Role role = Role::member;
  Permissions may;
  Stage stage = Stage::arriving;
  ResumeToken token;
  base::Instant since;  // of waiting; of coming while arriving
  std::uint32_t place = 0;
  GroupName in{};  // present: with everyone, or in a room within the group
  bool microphone = false, camera = false;
  bool camera_held = false;  // their line upwards is too narrow for it; media says so
  bool muted = false, off_since_muted = false;
  bool sharing = false, share_allowed = false;  // allowed: by a facilitator, for the moment; sharing.h
  bool clear_view = false;
  bool backstage = false;  // a facilitator talks to the others who lead, not to the group
  bool second = false, removed = false, moved_back = false;
  bool signalling = true;
  base::Instant signalling_lost{};
  MediaState media = MediaState::none;
  bool away = false;
  base::Instant away_since{};
  std::optional<Line> line{};  // as last told
  std::shared_ptr<const Payload> key_package{};  // its newest
  bool operator==(const Arrival&) const = default;
};

// Said to facilitators while none could hear it: kept for the next who can.
struct Kept {
  bool waiting = false;  // from the waiting room: for who may admit
  Delivered said;
  bool operator==(const Kept&) const = default;
};
inline constexpr std::size_t kMostKept = 32;        // of a room
inline constexpr std::size_t kMostKeptOfSeat = 4;  // the newest stay

// A facilitator and one member alone, while the others go on.
struct PrivatePair {
  base::ArrivalId facilitator, member;
  GroupName name;
  bool operator==(const PrivatePair&) const = default;
};

// Rooms for talking in small, until the time is up.
struct Breakouts {
  std::uint32_t rooms = 0;
  base::Instant until;
  bool operator==(const Breakouts&) const = default;
};

struct Room {
  base::RoomId id;
  RoomLimits limits;
  base::Instant opened;
  std::vector<Arrival> arrivals;     // those that have not gone, in order of coming
  std::vector<base::SeatId> removed;  // seats whose next arrival is marked
  std::uint32_t admissions = 0;
  std::int64_t last_order = 0;
  bool locked = false;
  bool paused_by_hand = false;
  std::optional<base::SeatId> paused_by;
  std::optional<PausedWhy> paused;  // what everyone present has been told; empty: not paused
  std::optional<base::SeatId> speaker;
  std::vector<Kept> kept;  // in order of saying
  bool encrypted = true;   // end to end; said once, by the booking of whoever came first
  MlsGroups mls;
  std::vector<PrivatePair> pairs;
  std::optional<Breakouts> breakouts;
  bool ended = false;
  bool operator==(const Room&) const = default;
};

struct Actor {
  base::ArrivalId arrival;
};

struct Refusal {
  Reason reason = Reason::not_allowed;
  bool operator==(const Refusal&) const = default;
};
inline std::unexpected<Refusal> refuse(Reason reason) { return std::unexpected(Refusal{reason}); }

// -- effects ------------------------------------------------------------------------------------------------------------
struct Tell {
  std::vector<base::ArrivalId> to;  // who has no connection just now misses it
  ServerMessage message;
  bool operator==(const Tell&) const = default;
};
struct LetGo {  // the arrival has gone: its connection closes with this code, its media is forgotten
  base::ArrivalId arrival;
  std::uint16_t code = 1000;
  bool operator==(const LetGo&) const = default;
};
struct SetPresent {
  base::ArrivalId arrival;
  bool present = false;
  bool operator==(const SetPresent&) const = default;
};
struct SetPlace {  // who is not at the same place hears and sees nothing of them
  base::ArrivalId arrival;
  GroupName in;
  bool operator==(const SetPlace&) const = default;
};
struct OpenLine {  // for a source that is not offered to everyone
  base::ArrivalId arrival;
  media::Source source = media::Source::screen;
  bool operator==(const OpenLine&) const = default;
};
struct SetSilenced {
  base::ArrivalId arrival;
  media::Source source = media::Source::microphone;
  bool silenced = true;
  bool operator==(const SetSilenced&) const = default;
};
struct SetPaused {
  bool paused = false;
  bool operator==(const SetPaused&) const = default;
};
struct SetView {
  base::ArrivalId arrival;
  std::vector<TileShown> tiles;
  bool sound_only = false, saver = false;
  bool operator==(const SetView&) const = default;
};
struct ReportCame {
  base::SeatId seat;
  bool operator==(const ReportCame&) const = default;
};
struct ReportWent {
  base::SeatId seat;
  Going how = Going::left;
  bool operator==(const ReportWent&) const = default;
};
struct ReportEnded {
  bool operator==(const ReportEnded&) const = default;
};
using Effect =
    std::variant<Tell, LetGo, SetPresent, SetPlace, OpenLine, SetSilenced, SetPaused, SetView, ReportCame, ReportWent, ReportEnded>;

struct Effects {
  Room next;
  std::vector<Effect> list;
};
using Decision = base::Result<Effects, Refusal>;

// -- questions ----------------------------------------------------------------------------------------------------------
[[nodiscard]] inline bool is_facilitator(const Arrival& a) {
  return a.role == Role::facilitator || a.role == Role::co_facilitator;
}
[[nodiscard]] inline const Arrival* find(const Room& room, base::ArrivalId id) {
  const auto at = std::ranges::find(room.arrivals, id, &Arrival::id);
  return at == room.arrivals.end() ? nullptr : &*at;
}
[[nodiscard]] inline Arrival* find(Room& room, base::ArrivalId id) {
  const auto at = std::ranges::find(room.arrivals, id, &Arrival::id);
  return at == room.arrivals.end() ? nullptr : &*at;
}
[[nodiscard]] inline bool is_with_everyone(const Arrival& a) { return a.stage == Stage::present && a.in == GroupName{}; }
// Who sits on the seat.
[[nodiscard]] const Arrival* sitting(const Room& room, base::SeatId seat);
[[nodiscard]] std::uint32_t count(const Room& room, Stage stage);
[[nodiscard]] bool has_facilitator(const Room& room);  // present and not away
// A facilitator who waits and may walk in where nobody leads: the first of them.
[[nodiscard]] const Arrival* next_to_lead(const Room& room);
// What is said to facilitators reaches this one now.
[[nodiscard]] bool hears(const Arrival& facilitator, bool from_waiting_room);
[[nodiscard]] Person person_of(const Arrival& arrival);
[[nodiscard]] Roster roster_of(const Room& room);
[[nodiscard]] ClearViews clear_views_of(const Room& room);
[[nodiscard]] Backstage backstage_of(const Room& room);
[[nodiscard]] std::vector<base::ArrivalId> facilitators_of(const Room& room);  // present
[[nodiscard]] WaitingList waiting_list_of(const Room& room);
[[nodiscard]] std::int64_t millis_of(base::Instant at);
[[nodiscard]] std::vector<base::ArrivalId> present_ids(const Room& room);
[[nodiscard]] std::vector<base::ArrivalId> admitters(const Room& room);  // present, may admit

// The message of a present arrival that needs `permission`; a refusal where it may not.
[[nodiscard]] base::Result<const Arrival*, Refusal> actor_with(const Room& room, const Actor& actor,
                                                               bool Permissions::* permission);

}  // namespace call
