// SPDX-License-Identifier: Apache-2.0
// What facilitators say among themselves while the group goes on. Not here: what ends it by itself (step.cpp), carrying it (media/),
// what they write (conversation.h). Invariant: while it is on the group hears nothing of that microphone. Runs on the room's media
// thread.
#pragma once
#include "call/room.h"

namespace call {

// Facilitators: what the sender says is for the others who lead (`not-now` where there is none), and the group hears nothing.
[[nodiscard]] Decision talk_backstage(const Room& room, const TalkBackstage& message, const Actor& actor);

}  // namespace call
