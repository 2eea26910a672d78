// SPDX-License-Identifier: Apache-2.0
// Who may show a screen to everyone, and who shows themselves clearly to facilitators. One share at a time. Not here: what
// ends a share by itself (step.cpp), carrying it (media/). Invariant: nobody but a facilitator shares without a facilitator's
// leave, which ends with the share. Runs on the room's media thread.
#pragma once
#include "call/room.h"

namespace call {

// not-allowed without leave; not-now where somebody else shares (a facilitator says `over` to take their place), while paused,
// away or aside.
[[nodiscard]] Decision share(const Room& room, const Share& message, const Actor& actor);
// Leave for the moment, or its end, which ends what is shared by it.
[[nodiscard]] Decision allow_share(const Room& room, const AllowShare& message, const Actor& actor);
// Not for facilitators: they have nobody to show it to. Whether the person agreed is asked in their own client.
[[nodiscard]] Decision clear_view(const Room& room, const ClearView& message, const Actor& actor);

}  // namespace call
