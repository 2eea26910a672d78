// SPDX-License-Identifier: Apache-2.0
// See backstage.h and docs/protocol.md "Rooms within the group".
#include "call/backstage.h"

#include "call/step.h"

namespace call {
namespace {

}  // namespace

Decision talk_backstage(const Room& room, const TalkBackstage& message, const Actor& actor) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr || a->stage != Stage::present) return refuse(Reason::not_now);
  if (!is_facilitator(*a)) return refuse(Reason::not_allowed);
  const bool heard = std::ranges::any_of(room.arrivals, [&](const Arrival& other) {
    return other.id != a->id && other.stage == Stage::present && is_facilitator(other);
  });
  if (message.on && !heard) return refuse(Reason::not_now);
  Step step(room);
  step.at(a->id).backstage = message.on;
  if (message.on) step.add(OpenLine{a->id, media::Source::backstage});
  step.switches_changed(a->id);
  return step.finish();
}

}  // namespace call
