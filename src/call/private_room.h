// SPDX-License-Identifier: Apache-2.0
// A private room: a facilitator takes one member aside while the group goes on with another facilitator. Not here: its keys
// (the MLS group `private:<seat>` is carried by mls_delivery.h), what media does (media/forwarder.h).
// Invariant: while one stands, both of its people are present in it, and a facilitator who is not away is with everyone else, so
// that nobody is left alone with the group's distress or without anybody to turn to; where that ends, it ends, and both are
// back with everyone. Runs on the room's media thread.
#pragma once
#include "call/step.h"

namespace call {

[[nodiscard]] Decision open_private_room(const Room& room, const PrivateRoom& message, const Actor& actor);
// Either of the two: it ends for both. Out of a breakout: the sender alone.
[[nodiscard]] Decision return_to_group(const Room& room, const Actor& actor);

// -- for step.cpp and presence.cpp: what follows of itself -----------------------------------------------------------------
// One of the two has gone, the group was paused, or nobody would lead it.
void end_broken_pairs(Step& step);
// One of the two has been away for as long as a place is kept.
void end_lonely_pairs(Step& step, base::Instant now);
[[nodiscard]] base::Instant next_lonely_at(const Room& room);

}  // namespace call
