// SPDX-License-Identifier: Apache-2.0
// The table seat_pass: who may sit where in a session's room, by the hash of a secret. What the room is told of a person (alias,
// disguise, needs) is read here for the service's own pages; the call plane is given the seat alone (app/admission). Not here:
// who gets a pass. Invariant: a pass is stored as its hash only, and opens nothing once its session is cancelled, its holder
// is in the group no more, or (of staff) the sign-in that it was taken with was ended. One thread a transaction.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "care/membership.h"
#include "care/series.h"
#include "store/key_ring.h"

namespace care {

using PassHash = std::array<std::uint8_t, 32>;  // SHA-256: the secret has 256 bits of its own

// A pass ends this long after its session.
inline constexpr auto kPassAfterEnd = base::Duration::seconds(2 * 3600);
[[nodiscard]] constexpr base::WallTime pass_ends(const Span& session) { return {session.ends.us + kPassAfterEnd.us}; }

enum class HolderKind : std::uint8_t { staff, membership, supporter };
struct NewPass {
  SessionId session;
  std::int64_t seat = 0;
  std::string_view role;  // 'facilitator', 'co_facilitator', 'supporter', 'member'
  HolderKind kind = HolderKind::staff;
  std::string holder;     // record id
  base::WallTime until;
  std::string sign_in{};  // of staff: the one that it was taken with
};
// session_seat_routes.h makes the secret.
void save_pass(store::Transaction& tx, const NewPass& pass, const PassHash& hash);
// Passes that are over.
void drop_passes(store::Transaction& tx, base::WallTime before);

// The session's room on the call plane, drawn when first asked for: 48 random bits, never 0.
[[nodiscard]] std::int64_t room_of(store::Transaction& tx, base::Entropy& entropy, const SessionId& session);
[[nodiscard]] std::optional<SessionId> session_of_room(store::Transaction& tx, std::int64_t room);

// What a membership's `disguise_sealed`, in this column, says was agreed; none where nothing is there.
[[nodiscard]] Disguise agreed_disguise(store::Transaction& tx, const store::KeyRing& keys, const std::string& membership, const store::Rows& rows, int column);
// Categories of reasonable adjustments of a person: '001' … '011'.
[[nodiscard]] std::vector<std::string> need_categories(store::Transaction& tx, const PersonId& person);

// What a seat that is taken stands on. Of staff: they lead the session's group still, and the sign-in that opened it was not ended; that
// it ran out or is locked ends no group that is meeting. Of a member or a supporter: the pass was not taken away with the link behind
// it, or with a supporter's time. A member who completes, stops or moves while the group meets stays until it ends or a facilitator
// removes them: nobody falls out of their last session because somebody wrote it down early.
struct TakenSeat {
  SessionId session;
  HolderKind kind = HolderKind::staff;
  std::string holder, sign_in;  // no sign-in: not of staff, or from before a pass named one
  std::int64_t seat = 0;
  PassHash pass{};
  base::WallTime until;  // from here on the pass is cleared away by itself
};
// Of each in turn.
[[nodiscard]] std::vector<bool> still_theirs(store::Transaction& tx, std::span<const TakenSeat> seats, base::WallTime now);

struct SeatedPass {
  TakenSeat taken;
  std::int64_t room = 0;
  std::string role;
  base::Redacted<std::string> alias;
  Disguise disguise;
  std::vector<std::string> needs;  // categories of reasonable adjustments ('001' … '011'), of a member
  Span span;
  std::string duty_number;         // of the team, else of the trust
  bool ended = false;              // the session is over
  bool end_to_end = true;          // the plan, too: where it is not, everyone reads so and agrees before they join, and it stays in sight
  bool watermark = false;          // the group's plan: each who looks has their own name over the pictures
  bool blank_on_blur = false;      // nothing is shown in a window that is not in front
  bool members_may_share = false;  // a screen, where a facilitator lets them for the moment
};
// Nothing where it opens nothing now: not known, over, cancelled, not held in Quietroom, the holder is there no more, or the sign-in that
// it was taken with was ended.
[[nodiscard]] std::optional<SeatedPass> find_pass(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy,
                                                  const PassHash& hash, base::WallTime now);

}  // namespace care
