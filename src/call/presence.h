// SPDX-License-Identifier: Apache-2.0
// Lines that are lost and come back, and what time does to them (docs/protocol.md "Coming back"), and who speaks and how
// good each line is. Not here: how a line is measured (line_word.h), the return by token (entrance.h). Invariant: an arrival
// whose signalling stands is never dropped. Runs on the room's media thread.
#pragma once
#include "call/line_word.h"
#include "call/room.h"

namespace call {

[[nodiscard]] Decision signalling_lost(const Room& room, base::ArrivalId id, base::Instant now);
[[nodiscard]] Decision media_changed(const Room& room, base::ArrivalId id, MediaState media, base::Instant now);
// Makes away and drops whoever is due.
[[nodiscard]] Decision pass_time(const Room& room, base::Instant now);
[[nodiscard]] base::Instant next_timeout(const Room& room);

[[nodiscard]] Decision speaker_changed(const Room& room, std::optional<base::ArrivalId> who);
// The person's line upwards carries their sound and no picture, or does again.
[[nodiscard]] Decision camera_held(const Room& room, base::ArrivalId id, bool held);
[[nodiscard]] Decision line_changed(const Room& room, base::ArrivalId id, const LineReading& line);

}  // namespace call
