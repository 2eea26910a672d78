// SPDX-License-Identifier: Apache-2.0
// Questions that the rules ask of a room. See room.h.
#include "call/room.h"

namespace call {

const Arrival* sitting(const Room& room, base::SeatId seat) {
  const auto at = std::ranges::find_if(
      room.arrivals, [&](const Arrival& a) { return a.seat == seat && a.stage == Stage::present; });
  return at == room.arrivals.end() ? nullptr : &*at;
}

std::uint32_t count(const Room& room, Stage stage) {
  return static_cast<std::uint32_t>(std::ranges::count(room.arrivals, stage, &Arrival::stage));
}

bool has_facilitator(const Room& room) {
  return std::ranges::any_of(
      room.arrivals, [](const Arrival& a) { return a.stage == Stage::present && is_facilitator(a) && !a.away; });
}

const Arrival* next_to_lead(const Room& room) {
  const auto at = std::ranges::find_if(room.arrivals, [&](const Arrival& a) {
    return a.stage == Stage::waiting && a.may.enter && !a.removed && !a.moved_back && !a.away && a.signalling &&
           sitting(room, a.seat) == nullptr;
  });
  return at == room.arrivals.end() ? nullptr : &*at;
}

bool hears(const Arrival& a, bool from_waiting_room) {
  return a.stage == Stage::present && a.signalling && !a.away && (from_waiting_room ? a.may.admit : is_facilitator(a));
}

Person person_of(const Arrival& a) {
  return {.seat = a.seat,
          .arrival = a.id,
          .role = a.role,
          .place = a.place,
          .microphone = a.microphone && !a.backstage,  // for the group it is off
          .camera = a.camera,
          .away = a.away,
          .muted = a.muted,
          .sharing = a.sharing ? std::optional(true) : std::nullopt,
          .may_share = a.share_allowed ? std::optional(true) : std::nullopt,
          .camera_held = a.camera && a.camera_held ? std::optional(true) : std::nullopt,
          .room = a.in == GroupName{} ? std::nullopt : std::optional(a.in)};
}

ClearViews clear_views_of(const Room& room) {
  ClearViews out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present && a.clear_view) out.seats.push_back(a.seat);
  return out;
}

Backstage backstage_of(const Room& room) {
  Backstage out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present && a.backstage) out.seats.push_back(a.seat);
  return out;
}

std::vector<base::ArrivalId> facilitators_of(const Room& room) {
  std::vector<base::ArrivalId> out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present && is_facilitator(a)) out.push_back(a.id);
  return out;
}

Roster roster_of(const Room& room) {
  Roster out{.people = {}, .locked = room.locked, .paused = room.paused.has_value(), .why = room.paused,
             .by = room.paused == PausedWhy::facilitator ? room.paused_by : std::nullopt, .speaker = {room.speaker}};
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present) out.people.push_back(person_of(a));
  std::ranges::sort(out.people, {}, &Person::place);
  return out;
}

WaitingList waiting_list_of(const Room& room) {
  WaitingList out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::waiting)
      out.arrivals.push_back({.arrival = a.id,
                              .seat = a.seat,
                              .role = a.role,
                              .since = millis_of(a.since),
                              .second = a.second,
                              .removed = a.removed,
                              .moved_back = a.moved_back,
                              .away = a.away});
  std::ranges::sort(out.arrivals, {}, [](const WaitingOne& one) { return std::pair(one.since, one.arrival); });
  return out;
}

std::int64_t millis_of(base::Instant at) { return at.us / 1'000; }

std::vector<base::ArrivalId> present_ids(const Room& room) {
  std::vector<base::ArrivalId> out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present) out.push_back(a.id);
  return out;
}

std::vector<base::ArrivalId> admitters(const Room& room) {
  std::vector<base::ArrivalId> out;
  for (const Arrival& a : room.arrivals)
    if (a.stage == Stage::present && a.may.admit) out.push_back(a.id);
  return out;
}

base::Result<const Arrival*, Refusal> actor_with(const Room& room, const Actor& actor, bool Permissions::* permission) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr) return std::unexpected(Refusal{Reason::not_now});
  if (!(a->may.*permission)) return std::unexpected(Refusal{Reason::not_allowed});
  if (a->stage != Stage::present) return std::unexpected(Refusal{Reason::not_now});
  return a;
}

}  // namespace call
