// SPDX-License-Identifier: Apache-2.0
// The delivery service of MLS (RFC 9750 section 5) over a room: who may open a group, whose commit is the next one, who is
// told of it, what is kept for who was without a connection, and when it is forgotten. Specified in docs/protocol.md
// "Encryption", decided in docs/decisions/0009. Not here: MLS. Nothing in a key package, commit or welcome is read; what is
// right in them each client decides. Invariant: a group's epoch goes up by one for each commit that was passed on, and no two
// commits are passed on for one epoch. Runs on the room's media thread.
#pragma once
#include <cstddef>

#include "call/room.h"

namespace call {

[[nodiscard]] Decision offer_key(const Room& room, const KeyPackage& message, const Actor& actor);
[[nodiscard]] Decision open_group(const Room& room, const GroupOpen& message, const Actor& actor);
[[nodiscard]] Decision commit(const Room& room, const Commit& message, const Actor& actor);
[[nodiscard]] Decision commits_since(const Room& room, const CommitsSince& message, const Actor& actor);

// -- for step.cpp: what follows of itself ---------------------------------------------------------------------------------
// Drops who has gone from the books, groups that nobody is left in, and what was kept for either.
void forget_gone(Room& room);
// A room within the group has closed: nothing of its group is kept.
void forget_group(Room& room, const GroupName& name);
// Of the Welcomes that nobody could be told yet the oldest give way.
void trim_welcomes(MlsGroups& mls);
[[nodiscard]] Groups groups_of(const Room& room);
// Its key package, where facilitators may see it: while the arrival waits or is present.
[[nodiscard]] const Payload* offered_key(const Arrival* arrival);
[[nodiscard]] KeyOffered key_offered_by(const Arrival& arrival);
// How much text of MLS a room holds, in bytes.
[[nodiscard]] std::size_t held_for_mls(const Room& room);

}  // namespace call
