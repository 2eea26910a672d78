// SPDX-License-Identifier: Apache-2.0
// What a facilitator does to the group or to one person in it: mute, ask to mute, remove, lock, pause, end; and what the service
// says when a seat's pass ended. Not here: the waiting room, and the pause that comes of itself (step.h). Invariant: of people only
// who may moderate, and is present; never oneself.
// Runs on the room's media thread.
#pragma once
#include "call/room.h"

namespace call {

[[nodiscard]] Decision mute(const Room& room, const Mute& message, const Actor& actor);
[[nodiscard]] Decision ask_to_mute(const Room& room, const AskToMute& message, const Actor& actor);
[[nodiscard]] Decision remove(const Room& room, const Remove& message, const Actor& actor);
[[nodiscard]] Decision lock(const Room& room, const Lock& message, const Actor& actor);
[[nodiscard]] Decision pause(const Room& room, const Pause& message, const Actor& actor);
// By nobody in the room. Unlike who was removed they come back as anybody does, if they have another pass.
[[nodiscard]] Decision put_out(const Room& room, base::ArrivalId id);
[[nodiscard]] Decision end(const Room& room, const Actor& actor);

}  // namespace call
