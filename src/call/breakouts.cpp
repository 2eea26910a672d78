// SPDX-License-Identifier: Apache-2.0
// See breakouts.h and docs/protocol.md "Rooms within the group".
#include "call/breakouts.h"

#include <set>

#include "call/mls_delivery.h"

namespace call {
namespace {

GroupName breakout(std::uint32_t number) { return {.kind = GroupName::Kind::breakout, .number = number}; }

// Whom a facilitator may send somewhere: facilitators go by themselves, and a private talk is not broken into.
std::optional<Reason> may_be_sent(const Arrival* a) {
  if (a == nullptr) return Reason::unknown_seat;
  if (is_facilitator(*a)) return Reason::not_allowed;
  return a->in.kind == GroupName::Kind::private_room ? std::optional(Reason::not_now) : std::nullopt;
}

// Everyone is back, and nothing of their groups stays.
void end(Step& step) {
  Room& room = step.room();
  const auto rooms = room.breakouts->rooms;
  room.breakouts.reset();
  std::vector<base::ArrivalId> in;
  for (const Arrival& a : room.arrivals)
    if (a.in.kind == GroupName::Kind::breakout) in.push_back(a.id);
  for (const base::ArrivalId id : in) step.move(id, {});
  for (std::uint32_t number = 1; number <= rooms; ++number) forget_group(room, breakout(number));
  step.tell_present(breakouts_of(room));
}

}  // namespace

Decision open_breakouts(const Room& room, const OpenBreakouts& message, const Actor& actor, base::Instant now) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  if (room.paused || room.breakouts) return refuse(Reason::not_now);
  std::set<base::SeatId> named;
  for (const BreakoutSeats& each : message.rooms)
    for (const base::SeatId seat : each.seats) {
      if (const auto reason = may_be_sent(sitting(room, seat))) return refuse(*reason);
      if (!named.insert(seat).second) return refuse(Reason::malformed);
    }
  Step step(room);
  step.room().breakouts = {.rooms = static_cast<std::uint32_t>(message.rooms.size()),
                           .until = now + base::Duration::seconds(message.seconds)};
  step.tell_present(breakouts_of(step.room()));  // before anybody is moved: where they are says what that is
  std::uint32_t number = 0;
  for (const BreakoutSeats& each : message.rooms) {
    ++number;
    for (const base::SeatId seat : each.seats) step.move(sitting(room, seat)->id, breakout(number));
  }
  return step.finish();
}

Decision move_to(const Room& room, const MoveTo& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  if (!room.breakouts || message.breakout.value_or(0) > room.breakouts->rooms) return refuse(Reason::not_now);
  const Arrival* who = message.seat ? sitting(room, *message.seat) : *by;
  if (who != *by)
    if (const auto reason = may_be_sent(who)) return refuse(*reason);
  if (who->in.kind == GroupName::Kind::private_room) return refuse(Reason::not_now);
  Step step(room);
  step.move(who->id, message.breakout ? breakout(*message.breakout) : GroupName{});
  return step.finish();
}

Decision breakout_time(const Room& room, const BreakoutTime& message, const Actor& actor, base::Instant now) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  if (!room.breakouts) return refuse(Reason::not_now);
  Step step(room);
  if (message.seconds == 0) {
    end(step);
  } else {
    step.room().breakouts->until = now + base::Duration::seconds(message.seconds);
    step.tell_present(breakouts_of(step.room()));
  }
  return step.finish();
}

Decision return_from_breakout(const Room& room, const Actor& actor) {
  Step step(room);
  step.move(actor.arrival, {});
  return step.finish();
}

bool is_in_breakout(const Room& room, base::ArrivalId id) {
  const Arrival* a = find(room, id);
  return a != nullptr && a->stage == Stage::present && a->in.kind == GroupName::Kind::breakout;
}

BreakoutsNow breakouts_of(const Room& room) {
  if (!room.breakouts) return {};
  return {.rooms = room.breakouts->rooms, .until = millis_of(room.breakouts->until)};
}

void end_unled_breakouts(Step& step) {
  const Room& room = step.room();
  if (room.breakouts && (room.paused_by_hand || !has_facilitator(room))) end(step);
}

void end_timed_breakouts(Step& step, base::Instant now) {
  if (breakouts_end_at(step.room()) <= now) end(step);
}

base::Instant breakouts_end_at(const Room& room) { return room.breakouts ? room.breakouts->until : base::Instant::never(); }

}  // namespace call
