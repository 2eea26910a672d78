// SPDX-License-Identifier: Apache-2.0
// See waiting_room.h and docs/protocol.md "States of an arrival".
#include "call/waiting_room.h"

#include "call/step.h"

namespace call {
namespace {

}  // namespace

Decision admit(const Room& room, const Admit& message, const Actor& actor, base::Instant) {
  const auto by = actor_with(room, actor, &Permissions::admit);
  if (!by) return std::unexpected(by.error());
  const Arrival* a = find(room, message.arrival);
  if (a == nullptr || a->stage != Stage::waiting) return refuse(Reason::unknown_arrival);
  if (room.locked) return refuse(Reason::locked);
  // Nobody is there to be told, and nobody is seen or heard before they know.
  if (a->away || !a->signalling) return refuse(Reason::not_now);
  const Arrival* sits = sitting(room, a->seat);
  if (sits == nullptr && count(room, Stage::present) >= room.limits.max_people) return refuse(Reason::full);
  const base::SeatId by_seat = (*by)->seat;
  Step step(room);
  std::optional<std::uint32_t> place;
  if (sits != nullptr) {
    place = sits->place;  // the seat keeps its place in the order of tiles
    step.go(sits->id, GoneWhy::superseded, by_seat);
  }
  step.enter(message.arrival, by_seat, place);
  return step.finish();
}

Decision decline(const Room& room, const Decline& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::admit);
  if (!by) return std::unexpected(by.error());
  const Arrival* a = find(room, message.arrival);
  if (a == nullptr || a->stage != Stage::waiting) return refuse(Reason::unknown_arrival);
  Step step(room);
  step.go(a->id, GoneWhy::declined, (*by)->seat);
  return step.finish();
}

Decision move_back(const Room& room, const MoveBack& message, const Actor& actor, base::Instant now) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  const Arrival* a = sitting(room, message.seat);
  if (a == nullptr) return refuse(Reason::unknown_seat);
  if (a->id == actor.arrival) return refuse(Reason::not_allowed);
  Step step(room);
  Arrival& them = step.at(a->id);
  them.stage = Stage::waiting;
  them.moved_back = true;
  them.since = now;
  step.tell(a->id, StateNow{.state = Stage::waiting, .why = GoneWhy::moved_back, .by = (*by)->seat});
  step.leave_group(a->id, LeftHow::moved_back, Going::moved_back);
  return step.finish();
}

}  // namespace call
