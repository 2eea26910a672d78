// SPDX-License-Identifier: Apache-2.0
// See conversation.h and docs/protocol.md, `send` and `delivered`.
#include "call/conversation.h"

#include <utility>

#include "call/step.h"

namespace call {
namespace {

using To = base::Result<std::vector<base::ArrivalId>, Refusal>;

// Who gets it, the sender apart. While paused only to and from facilitators.
struct Recipients {
  const Room& room;
  const Arrival& sender;

  To operator()(Everyone) const {
    if (sender.stage != Stage::present) return refuse(Reason::not_allowed);
    if (room.paused && !is_facilitator(sender)) return refuse(Reason::not_now);
    return present_ids(room);
  }
  To operator()(Facilitators) const {
    // From the waiting room: to those who run it.
    return sender.stage == Stage::waiting ? admitters(room) : facilitators_of(room);
  }
  To operator()(base::SeatId seat) const {
    if (sender.stage != Stage::present || !is_facilitator(sender)) return refuse(Reason::not_allowed);
    const Arrival* to = sitting(room, seat);
    if (to == nullptr) return refuse(Reason::unknown_seat);
    return std::vector{to->id};
  }
  // What is said within a room of the group stays in it; backstage is the facilitators' own.
  To operator()(const GroupName& group) const {
    if (sender.stage != Stage::present) return refuse(Reason::not_allowed);
    if (group.kind == GroupName::Kind::facilitators) return is_facilitator(sender) ? To(facilitators_of(room)) : refuse(Reason::not_allowed);
    if (group == GroupName{} || sender.in != group) return refuse(Reason::not_allowed);
    if (room.paused && !is_facilitator(sender)) return refuse(Reason::not_now);
    std::vector<base::ArrivalId> out;
    for (const Arrival& a : room.arrivals)
      if (a.stage == Stage::present && a.in == group) out.push_back(a.id);
    return out;
  }
  To operator()(base::ArrivalId arrival) const {
    if (sender.stage != Stage::present || !sender.may.admit) return refuse(Reason::not_allowed);
    const Arrival* to = find(room, arrival);
    if (to == nullptr || to->stage != Stage::waiting) return refuse(Reason::unknown_arrival);
    return std::vector{to->id};
  }
};

// Nobody who leads can hear it: it waits for the next who can (step.cpp). Who leads themselves speaks to who is there.
void keep(Room& room, const Arrival& sender, const Delivered& said) {
  const bool waiting = sender.stage == Stage::waiting;
  const auto heard = [&](const Arrival& a) { return hears(a, waiting); };
  if (is_facilitator(sender) || std::ranges::any_of(room.arrivals, heard)) return;
  const auto of_seat = [&](const Kept& k) { return k.said.from.seat == sender.seat; };
  if (std::cmp_greater_equal(std::ranges::count_if(room.kept, of_seat), kMostKeptOfSeat))
    room.kept.erase(std::ranges::find_if(room.kept, of_seat));
  if (room.kept.size() >= kMostKept) room.kept.erase(room.kept.begin());
  room.kept.push_back({waiting, said});
}

}  // namespace

Decision send(const Room& room, const Send& message, const Actor& actor, base::Instant now) {
  const Arrival* sender = find(room, actor.arrival);
  if (sender == nullptr || (sender->stage != Stage::present && sender->stage != Stage::waiting))
    return refuse(Reason::not_now);
  To to = std::visit(Recipients{room, *sender}, message.audience);
  if (!to) return std::unexpected(to.error());
  std::erase(*to, sender->id);

  Step step(room);
  // Counting messages would tell a member how many they were not meant to see; microseconds since the room opened do not.
  const std::int64_t order = std::max(room.last_order + 1, (now - room.opened).us);
  step.room().last_order = order;
  Delivered delivered{.order = order,
                      .at = millis_of(now),
                      .from = {.arrival = sender->stage == Stage::waiting ? std::optional(sender->id) : std::nullopt,
                               .seat = sender->seat},
                      .audience = message.audience,
                      .payload = message.payload,
                      .ref = {}};
  step.tell(std::move(*to), delivered);
  if (std::holds_alternative<Facilitators>(message.audience)) keep(step.room(), *sender, delivered);
  delivered.ref = message.ref;
  step.tell(sender->id, std::move(delivered));
  return step.finish();
}

}  // namespace call
