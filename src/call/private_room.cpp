// SPDX-License-Identifier: Apache-2.0
// See private_room.h and docs/protocol.md "Rooms within the group".
#include "call/private_room.h"

#include "call/breakouts.h"
#include "call/mls_delivery.h"

namespace call {
namespace {

bool leads_everyone(const Arrival& a) { return is_with_everyone(a) && is_facilitator(a) && !a.away; }

bool another_leads(const Room& room, base::ArrivalId but) {
  return std::ranges::any_of(room.arrivals, [&](const Arrival& a) { return a.id != but && leads_everyone(a); });
}

bool is_in(const Room& room, base::ArrivalId id, const GroupName& name) {
  const Arrival* a = find(room, id);
  return a != nullptr && a->stage == Stage::present && a->in == name;
}

bool holds(const Room& room, const PrivatePair& pair) {
  return !room.paused_by_hand && is_in(room, pair.facilitator, pair.name) && is_in(room, pair.member, pair.name) &&
         another_leads(room, pair.facilitator);
}

base::Instant lonely_at(const Room& room, base::ArrivalId id) {
  const Arrival* a = find(room, id);
  return a != nullptr && a->away ? a->away_since + room.limits.resume_for : base::Instant::never();
}

base::Instant lonely_at(const Room& room, const PrivatePair& pair) {
  return std::min(lonely_at(room, pair.facilitator), lonely_at(room, pair.member));
}

// Nothing of it stays: neither its group nor a commit or Welcome of it.
void close(Step& step, const PrivatePair& pair) {
  std::erase(step.room().pairs, pair);
  for (const base::ArrivalId id : {pair.facilitator, pair.member})
    if (is_in(step.room(), id, pair.name)) step.move(id, {});
  forget_group(step.room(), pair.name);
}

}  // namespace

Decision open_private_room(const Room& room, const PrivateRoom& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  const Arrival* with = sitting(room, message.seat);
  if (with == nullptr) return refuse(Reason::unknown_seat);
  if (with == *by || is_facilitator(*with)) return refuse(Reason::not_allowed);
  const bool ready = is_with_everyone(**by) && is_with_everyone(*with) && !with->away && with->signalling && !room.paused;
  if (!ready || !another_leads(room, (*by)->id)) return refuse(Reason::not_now);
  const GroupName name{.kind = GroupName::Kind::private_room, .number = message.seat.value};
  Step step(room);
  step.room().pairs.push_back({.facilitator = (*by)->id, .member = with->id, .name = name});
  step.move((*by)->id, name);
  step.move(with->id, name);
  return step.finish();
}

Decision return_to_group(const Room& room, const Actor& actor) {
  if (is_in_breakout(room, actor.arrival)) return return_from_breakout(room, actor);
  const auto pair = std::ranges::find_if(room.pairs, [&](const PrivatePair& p) {
    return p.facilitator == actor.arrival || p.member == actor.arrival;
  });
  if (pair == room.pairs.end()) return refuse(Reason::not_now);
  Step step(room);
  close(step, *pair);
  return step.finish();
}

void end_broken_pairs(Step& step) {
  const std::vector<PrivatePair> pairs = step.room().pairs;
  for (const PrivatePair& pair : pairs)
    if (!holds(step.room(), pair)) close(step, pair);
}

void end_lonely_pairs(Step& step, base::Instant now) {
  const std::vector<PrivatePair> pairs = step.room().pairs;
  for (const PrivatePair& pair : pairs)
    if (lonely_at(step.room(), pair) <= now) close(step, pair);
}

base::Instant next_lonely_at(const Room& room) {
  base::Instant out = base::Instant::never();
  for (const PrivatePair& pair : room.pairs) out = std::min(out, lonely_at(room, pair));
  return out;
}

}  // namespace call
