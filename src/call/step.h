// SPDX-License-Identifier: Apache-2.0
// One step of a room: a copy to change, the effects gathered on the way, and what follows of itself at the end (the pause
// where no facilitator is left, the end of what is shared, a facilitator who waited for one that has gone, the facilitators' list, what was kept for
// them, groups, keys and Welcomes of MLS). Every rule that changes a room goes through here, so that none can forget those.
// Not here: who may do what. Runs on the room's media thread.
#pragma once
#include <optional>
#include <vector>

#include "call/room.h"

namespace call {

class Step {
 public:
  explicit Step(const Room& before) : before_(before), next_(before) {}

  [[nodiscard]] Room& room() { return next_; }
  [[nodiscard]] Arrival& at(base::ArrivalId id) { return *find(next_, id); }

  void tell(base::ArrivalId to, ServerMessage message);
  void tell(std::vector<base::ArrivalId> to, ServerMessage message);
  void tell_present(ServerMessage message, std::optional<base::ArrivalId> except = {});
  void add(Effect effect) { list_.push_back(std::move(effect)); }

  // Into the group: everyone is told, media flows. The arrival must not be present, and its seat must be free.
  void enter(base::ArrivalId id, std::optional<base::SeatId> by, std::optional<std::uint32_t> place = {});
  // Out of the group but still here (moved back) or out altogether. `why` is what the person is told.
  void leave_group(base::ArrivalId id, LeftHow how, Going going);
  void go(base::ArrivalId id, GoneWhy why, std::optional<base::SeatId> by);
  // To another place within the group; the switches stay as they are.
  void move(base::ArrivalId id, const GroupName& to);
  // Everyone's picture of this person, and what media forwards of them.
  void switches_changed(base::ArrivalId id);
  // Those who led are away: the first facilitator who waits walks in.
  void relieve();
  // What a person needs after `welcome` or after becoming present.
  void show_room(base::ArrivalId id);

  // What follows, then the result. Call once, last.
  [[nodiscard]] Effects finish();

 private:
  void settle_pause(std::optional<base::ArrivalId> except);
  void settle_sharing();
  void settle_backstage(Arrival& a);
  void silence(const Arrival& a);
  void let_next_lead();
  void tell_kept();
  void tell_groups();
  void tell_welcomes();
  const Room& before_;
  Room next_;
  std::vector<Effect> list_;
  std::vector<base::ArrivalId> shown_;  // have been told of every group and key in this step
};

}  // namespace call
