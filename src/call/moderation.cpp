// SPDX-License-Identifier: Apache-2.0
// See moderation.h and docs/protocol.md "Client to server".
#include "call/moderation.h"

#include "call/step.h"

namespace call {
namespace {

struct Pair {
  const Arrival* by;
  const Arrival* target;
};
base::Result<Pair, Refusal> moderator_and(const Room& room, const Actor& actor, base::SeatId seat) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  const Arrival* target = sitting(room, seat);
  if (target == nullptr) return refuse(Reason::unknown_seat);
  if (target == *by) return refuse(Reason::not_allowed);
  return Pair{*by, target};
}

}  // namespace

Decision mute(const Room& room, const Mute& message, const Actor& actor) {
  const auto both = moderator_and(room, actor, message.seat);
  if (!both) return std::unexpected(both.error());
  Step step(room);
  Arrival& them = step.at(both->target->id);
  them.off_since_muted = !them.microphone;
  them.muted = true;
  them.microphone = false;
  step.tell(them.id, Muted{both->by->seat});
  step.switches_changed(them.id);
  return step.finish();
}

Decision ask_to_mute(const Room& room, const AskToMute& message, const Actor& actor) {
  const auto both = moderator_and(room, actor, message.seat);
  if (!both) return std::unexpected(both.error());
  Step step(room);
  step.tell(both->target->id, AskedToMute{both->by->seat});
  return step.finish();
}

Decision remove(const Room& room, const Remove& message, const Actor& actor) {
  const auto both = moderator_and(room, actor, message.seat);
  if (!both) return std::unexpected(both.error());
  const base::SeatId seat = message.seat;
  Step step(room);
  step.room().removed.push_back(seat);
  // A second use of the link that waits already is of the same seat: it is marked too, so that it cannot slip in.
  for (Arrival& a : step.room().arrivals)
    if (a.seat == seat && a.stage == Stage::waiting) a.removed = true;
  step.go(both->target->id, GoneWhy::removed, both->by->seat);
  return step.finish();
}

Decision lock(const Room& room, const Lock& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  Step step(room);
  step.room().locked = message.locked;
  step.tell(admitters(room), Locked{message.locked});
  return step.finish();
}

Decision pause(const Room& room, const Pause& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  Step step(room);
  step.room().paused_by_hand = message.paused;
  step.room().paused_by = message.paused ? std::optional((*by)->seat) : std::nullopt;
  return step.finish();
}

Decision put_out(const Room& room, base::ArrivalId id) {
  const Arrival* a = find(room, id);
  if (a == nullptr) return std::unexpected(Refusal{Reason::unknown_arrival});
  Step step(room);
  if (a->stage == Stage::present) step.leave_group(id, LeftHow::removed, Going::removed);
  step.add(LetGo{id, 4401});  // they read what a link says that is not in use any more
  std::erase_if(step.room().arrivals, [&](const Arrival& each) { return each.id == id; });
  return step.finish();
}

Decision end(const Room& room, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  const base::SeatId by_seat = (*by)->seat;
  Step step(room);
  step.room().ended = true;
  step.add(ReportEnded{});  // first: who is closed and comes back at once finds it ended
  // Everyone is told at once that it has ended; nobody is told of the others one by one.
  for (const Arrival& a : room.arrivals) {
    step.tell(a.id, StateNow{.state = Stage::gone, .why = GoneWhy::ended, .by = by_seat});
    if (a.stage == Stage::present) {
      step.add(SetPresent{a.id, false});
      step.add(ReportWent{a.seat, Going::ended});
    }
    step.add(LetGo{a.id, 4404});
  }
  step.room().arrivals.clear();
  step.room().speaker.reset();
  return step.finish();
}

}  // namespace call
