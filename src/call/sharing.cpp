// SPDX-License-Identifier: Apache-2.0
// See sharing.h and docs/protocol.md "Sharing".
#include "call/sharing.h"

#include "call/step.h"

namespace call {
namespace {

bool may_share(const Arrival& a) { return a.may.publish_screen && (is_facilitator(a) || a.share_allowed); }

const Arrival* who_shares(const Room& room) {
  const auto at = std::ranges::find_if(room.arrivals, &Arrival::sharing);
  return at == room.arrivals.end() ? nullptr : &*at;
}

void stop(Step& step, base::ArrivalId id) {
  Arrival& a = step.at(id);
  a.sharing = a.share_allowed = false;
  step.switches_changed(id);
}

}  // namespace

Decision share(const Room& room, const Share& message, const Actor& actor) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr || a->stage != Stage::present) return refuse(Reason::not_now);
  Step step(room);
  if (!message.sharing) {
    if (a->sharing) stop(step, a->id);
    return step.finish();
  }
  if (!may_share(*a)) return refuse(Reason::not_allowed);
  if (room.paused || a->away || !is_with_everyone(*a)) return refuse(Reason::not_now);
  if (const Arrival* other = who_shares(room); other != nullptr && other != a) {
    if (!message.over.value_or(false) || !is_facilitator(*a)) return refuse(Reason::not_now);
    stop(step, other->id);
  }
  step.at(a->id).sharing = true;
  step.add(OpenLine{a->id, media::Source::screen});
  step.switches_changed(a->id);
  return step.finish();
}

Decision allow_share(const Room& room, const AllowShare& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::moderate);
  if (!by) return std::unexpected(by.error());
  const Arrival* them = sitting(room, message.seat);
  if (them == nullptr) return refuse(Reason::unknown_seat);
  if (is_facilitator(*them) || !them->may.publish_screen) return refuse(Reason::not_allowed);
  Step step(room);
  if (!message.allowed) {
    stop(step, them->id);
  } else {
    step.at(them->id).share_allowed = true;
    step.switches_changed(them->id);
  }
  return step.finish();
}

Decision clear_view(const Room& room, const ClearView& message, const Actor& actor) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr || a->stage != Stage::present) return refuse(Reason::not_now);
  if (is_facilitator(*a)) return refuse(Reason::not_allowed);
  Step step(room);
  step.at(a->id).clear_view = message.on;
  if (message.on) step.add(OpenLine{a->id, media::Source::clear_view});
  step.switches_changed(a->id);
  return step.finish();
}

}  // namespace call
