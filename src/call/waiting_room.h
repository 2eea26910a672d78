// SPDX-License-Identifier: Apache-2.0
// Waiting room: who is let into the group, when, and who is sent back to it. Not here: sockets, the booking (app/admission),
// keys. Invariant: a member never learns who or how many wait; only who may admit is told. Runs on the room's media thread.
#pragma once
#include "call/room.h"

namespace call {

[[nodiscard]] Decision admit(const Room& room, const Admit& message, const Actor& actor, base::Instant now);
[[nodiscard]] Decision decline(const Room& room, const Decline& message, const Actor& actor);
[[nodiscard]] Decision move_back(const Room& room, const MoveBack& message, const Actor& actor, base::Instant now);

}  // namespace call
