// SPDX-License-Identifier: Apache-2.0
// The table supporter_attendance: which supporters were at a session, in which way, from the call and from marks made in the room, so
// that the register says who heard it. Not here: members (attendance_table.h), who may see it. What the system changes is audited
// here. Invariant: what the call saw is never changed by a mark. One thread a transaction.
#pragma once
#include <optional>
#include <vector>

#include "base/entropy.h"
#include "care/attendance_table.h"
#include "care/supporter.h"

namespace care {

// What the call tells, by seat. Seats that are no supporter's, and sessions cancelled, change nothing.
void note_supporter_came(store::Transaction& tx, base::Entropy& entropy, const SessionId& session, std::int64_t seat, base::WallTime at);
void note_supporter_left(store::Transaction& tx, const SessionId& session, std::int64_t seat, base::WallTime at);

struct SupporterThere {
  SupporterId supporter;
  std::int64_t seat = 0, version = 0;  // 0: no row yet
  SupporterKind kind = SupporterKind::carer;
  base::Redacted<std::string> alias;
  MembershipId membership;
  PersonId person;  // whom they support
  Mark mark;        // its late, left_early, changed_mode and planned say nothing of a supporter
};
// Those who come along with somebody of this session and those who were there, in order of seats.
[[nodiscard]] std::vector<SupporterThere> supporters_at(store::Transaction& tx, const store::KeyRing& keys, const SessionId& session);

// What a facilitator in the room sees of one of them; nothing where it is so already.
[[nodiscard]] std::optional<Mark> seen_of_supporter(const Mark& before, Seen seen, base::WallTime at);
// What staff write in the register, of a time that nobody said; without a way the mark is taken back.
[[nodiscard]] Mark written_of_supporter(const Mark& before, std::optional<Way> way);
// False: changed since. Another who makes the first mark at this moment waits, and finds it changed.
[[nodiscard]] bool save_supporter_mark(store::Transaction& tx, base::Entropy& entropy, const SessionId& session, const SupporterThere& before,
                                       const Mark& after, const StaffId& staff, base::WallTime at);

}  // namespace care
