// SPDX-License-Identifier: Apache-2.0
// What people say to each other: who may send to whom, who gets it, in which order. The payload is opaque here and stays
// so. Nothing is kept for who is admitted later, but for one case: what is said to facilitators while none can hear it (help
// asked for, say) is told to the next who can. Not here: what payloads mean.
// Invariant: no member's payload reaches another member alone; orders rise, and their gaps tell nothing (they follow the
// time, not the number of messages that others sent). Runs on the room's media thread.
#pragma once
#include "call/room.h"

namespace call {

[[nodiscard]] Decision send(const Room& room, const Send& message, const Actor& actor, base::Instant now);

}  // namespace call
