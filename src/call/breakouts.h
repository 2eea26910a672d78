// SPDX-License-Identifier: Apache-2.0
// Breakouts: a facilitator shares people out into rooms within the group for a while. Whoever leads may come into any of them;
// everyone in one may go back to the group by themselves, and all do when the time is up. Not here: their keys (the MLS groups
// `breakout:<number>` are carried by mls_delivery.h), what media does (media/forwarder.h).
// Invariant: they stand only while a facilitator is present and not away and the group is not paused; where that ends, or the
// time does, everyone is back with everyone. Runs on the room's media thread.
#pragma once
#include "call/step.h"

namespace call {

[[nodiscard]] Decision open_breakouts(const Room& room, const OpenBreakouts& message, const Actor& actor, base::Instant now);
[[nodiscard]] Decision move_to(const Room& room, const MoveTo& message, const Actor& actor);
[[nodiscard]] Decision breakout_time(const Room& room, const BreakoutTime& message, const Actor& actor, base::Instant now);
// Out of a breakout by one's own will.
[[nodiscard]] Decision return_from_breakout(const Room& room, const Actor& actor);
[[nodiscard]] bool is_in_breakout(const Room& room, base::ArrivalId id);
[[nodiscard]] BreakoutsNow breakouts_of(const Room& room);

// -- for step.cpp and presence.cpp: what follows of itself -----------------------------------------------------------------
void end_unled_breakouts(Step& step);
void end_timed_breakouts(Step& step, base::Instant now);
[[nodiscard]] base::Instant breakouts_end_at(const Room& room);

}  // namespace call
