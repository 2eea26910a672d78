// SPDX-License-Identifier: Apache-2.0
// Coming and going by one's own will: a link's first or second use, the return by a resume token, "I'm ready", leaving.
// Not here: the check of the link and the booking (app/admission), admission by a facilitator (waiting_room.h), lost lines
// (presence.h). Invariant: only the token of an arrival that has not gone brings it back. Runs on the room's media thread.
#pragma once
#include "call/room.h"

namespace call {

// A new browser on a seat. The id and the token are drawn by the caller; the id says nothing of how many came before.
struct Coming {
  base::ArrivalId id;
  ResumeToken token;
  Admission admission;
};
[[nodiscard]] Decision come(const Room& room, const Coming& coming, base::Instant now);

// The arrival of this seat that holds this token.
[[nodiscard]] const Arrival* resumable(const Room& room, base::SeatId seat, const ResumeToken& token);
// It is back on a new connection; `kept`: its media connection goes on.
[[nodiscard]] Decision resume(const Room& room, base::ArrivalId id, bool kept, base::Instant now);

[[nodiscard]] Decision ready(const Room& room, const Actor& actor, base::Instant now);
[[nodiscard]] Decision leave(const Room& room, const Actor& actor);

// What somebody has switched on, and what they show.
[[nodiscard]] Decision publish(const Room& room, const Publish& message, const Actor& actor);
[[nodiscard]] Decision view(const Room& room, const View& message, const Actor& actor);

}  // namespace call
