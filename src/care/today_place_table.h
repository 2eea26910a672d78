// SPDX-License-Identifier: Apache-2.0
// The table today_place: where people are today, sealed, one row a seat of a session or of a demonstration's room; and which seat a
// link stands for; place_hold: what keeps a place beyond its hours. Not here: whether a place is precise (today_place.h), who may open
// one. Rows go after some hours unless held.
// One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/actor.h"
#include "care/today_place.h"
#include "store/key_ring.h"

namespace care {

// A seat, as a link of the day opens it.
struct ArrivalSeat {
  std::optional<SessionId> session;  // nothing: a room of the demonstration
  std::int64_t room = 0;             // that room
  GroupId group;
  std::int64_t seat = 0;
  std::string role;         // "member", …
  std::string holder_kind;  // "staff", "membership", "supporter"; empty: invented
  std::string holder;
  PersonId person;          // a member's
  [[nodiscard]] bool leads() const { return role == "facilitator" || role == "co_facilitator"; }
};
// By the hash of a link: a pass of a session, else a demonstration's booking. Nothing where it opens nothing now.
[[nodiscard]] std::optional<ArrivalSeat> seat_of_link(store::Transaction& tx, base::Bytes hash, base::WallTime now);
// A member's seat at a session of their group that is not over.
[[nodiscard]] std::optional<ArrivalSeat> seat_of_member(store::Transaction& tx, const MembershipId& membership, const SessionId& session,
                                                        base::WallTime now);

// The address on record where it was confirmed: its lines and the postcode. Empty: none.
[[nodiscard]] std::vector<base::Redacted<std::string>> confirmed_address(store::Transaction& tx, const store::KeyRing& keys,
                                                                         const PersonId& person);

// In the place of what the seat said before.
void save_place(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const ArrivalSeat& seat,
                const SaidPlace& place, base::WallTime now);

struct KeptPlace {
  bool given = false;
  SaidPlace place;
  PersonId person;
  base::WallTime said;
};
[[nodiscard]] std::optional<KeptPlace> load_place(store::Transaction& tx, const store::KeyRing& keys,
                                                  const std::optional<SessionId>& session, std::int64_t room, std::int64_t seat);

// What this person last said, whatever the session; nothing where none is kept any more.
[[nodiscard]] std::optional<KeptPlace> last_place(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person);

// Who has said where they are, and who would rather not: nothing of the place itself.
struct PlaceSaid {
  std::int64_t seat = 0;
  bool given = false;
  static constexpr auto fields() {
    return std::tuple{base::json::field("seat", &PlaceSaid::seat), base::json::field("given", &PlaceSaid::given)};
  }
};
[[nodiscard]] std::vector<PlaceSaid> places_said(store::Transaction& tx, const std::optional<SessionId>& session, std::int64_t room);

// Something (an open alert, an incident: its id) keeps the place of that session's seat, whether it is said already or later; or lets
// go of it, and it goes in its time unless something else keeps it.
void hold_place(store::Transaction& tx, const SessionId& session, std::int64_t seat, std::string_view holder);
void let_go_of_place(store::Transaction& tx, const SessionId& session, std::int64_t seat, std::string_view holder);
// Deletes what was said before `before` and is not held. Returns how many.
std::int64_t forget_places(store::Transaction& tx, base::WallTime before);

}  // namespace care
