// SPDX-License-Identifier: Apache-2.0
// See alert.h.
#include "safety/alert.h"

#include <algorithm>

namespace safety {

care::Actor as_clinician(const care::Actor& actor) {
  care::Actor out = actor;
  std::erase_if(out.standings, [](const care::Standing& s) { return s.role != care::Role::facilitator && s.role != care::Role::team_lead; });
  out.opened.clear();
  return out;
}

bool may_see(const care::Actor& actor, const care::Where& where) {
  return actor.kind == care::Actor::Kind::staff && care::may(as_clinician(actor), care::Data::incidents, care::Access::read, where).allowed;
}

base::Result<HolderChange, AlertRefusal> decide_holder(const AlertState& alert, const care::StaffId& actor,
                                                       const std::optional<care::StaffId>& wanted, std::span<const care::StaffId> possible) {
  using enum AlertRefusal;
  if (alert.closed) return std::unexpected(closed);
  const bool mine = alert.holder == actor;
  if (!wanted) return mine ? base::Result<HolderChange, AlertRefusal>(HolderChange{AlertStep::let_go, std::nullopt}) : std::unexpected(not_held);
  if (alert.holder == wanted) return std::unexpected(nothing_new);
  const bool can_hold = std::ranges::find(possible, *wanted) != possible.end();
  if (!can_hold || (*wanted != actor && !mine)) return std::unexpected(alert.holder ? held_by_another : not_held);
  const AlertStep step = mine ? AlertStep::handed_over : alert.holder ? AlertStep::taken_over : AlertStep::taken;
  return HolderChange{step, wanted};
}

std::optional<AlertRefusal> refuse_close(const AlertState& alert, const care::StaffId& actor) {
  if (alert.closed) return AlertRefusal::closed;
  if (!alert.holder) return AlertRefusal::not_held;
  return alert.holder == actor ? std::nullopt : std::optional(AlertRefusal::held_by_another);
}

care::FieldFaults faults_in(const WantedClose& wanted) {
  const bool blank = wanted.note.find_first_not_of(" \t\r\n") == std::string::npos;
  if (blank && wanted.outcome == AlertOutcome::passed_on) return {{"/note", "missing", "Write whom you passed it on to"}};
  if (blank && wanted.outcome == AlertOutcome::not_reached) return {{"/note", "missing", "Write what you tried"}};
  return {};
}

}  // namespace safety
