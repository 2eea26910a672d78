// SPDX-License-Identifier: Apache-2.0
// The table preparation: one sealed record a membership, the conflict check sealed apart from it, and how many parts are open. Not
// here: what a record must hold (preparation.h), alias and disguise (membership_table.h), who may see it. One thread a transaction.
#pragma once
#include <optional>
#include <vector>

#include "care/preparation.h"
#include "store/key_ring.h"

namespace care {

struct Preparation {
  std::int64_t version = 0;  // 0: nothing was saved yet
  PreparationRecord record;
  ConflictCheck conflict;
  std::optional<base::WallTime> finished;
};
[[nodiscard]] Preparation load_preparation(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership);
// The record without the conflict check: all that an answer or an export to the person may be made from.
[[nodiscard]] std::optional<PreparationRecord> persons_own_record(store::Transaction& tx, const store::KeyRing& keys,
                                                                  const MembershipId& membership);
// The preparation records of a person, the latest changed first.
struct PreparationOfPerson {
  MembershipId membership;
  base::WallTime changed;
};
[[nodiscard]] std::vector<PreparationOfPerson> preparations_of(store::Transaction& tx, const PersonId& person);
// False: somebody else changed it since `before`.
[[nodiscard]] bool save_preparation(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership,
                                    const Preparation& before, const WantedPreparation& wanted, const StaffId& staff, base::WallTime now);
[[nodiscard]] bool save_finished(store::Transaction& tx, const MembershipId& membership, std::int64_t version, base::WallTime now);

// A session to come, and the way that the person said for it.
struct ComingSession {
  SessionId id;
  std::int64_t number = 0;
  std::string date, time;
  base::json::Nullable<Way> way;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("session", &ComingSession::id), field("number", &ComingSession::number), field("date", &ComingSession::date),
                      field("time", &ComingSession::time), field("way", &ComingSession::way)};
  }
};
[[nodiscard]] std::vector<ComingSession> coming_sessions(store::Transaction& tx, const GroupId& group, const MembershipId& membership,
                                                         base::WallTime now);
// Says the way for one session, for a person who is not expected there yet, too.
void plan_session(store::Transaction& tx, base::Entropy& entropy, const MembershipId& membership, const PlannedWay& planned,
                  base::WallTime now);

// How many of a group's people (from referral on, until they leave) have a part of their record open: SessionRow.missing.notPrepared.
// As a subquery for lists; `group` is a column or a parameter that names the group.
[[nodiscard]] std::string not_prepared_sql(std::string_view group);
[[nodiscard]] std::int64_t count_not_prepared(store::Transaction& tx, const GroupId& group);

struct Readiness {
  MembershipId membership;
  MembershipState state = MembershipState::referred;
  base::Redacted<std::string> alias;
  base::json::Nullable<base::Redacted<std::string>> name;  // filled in by who may see it
  std::vector<Part> missing;
  std::vector<Part> declined;
  std::int64_t ways_not_said = 0;  // of the sessions to come
  bool finished = false;
  PersonId person;  // not said
  static constexpr auto fields() {
    using base::json::field;
    using R = Readiness;
    return std::tuple{field("membership", &R::membership), field("state", &R::state),       field("alias", &R::alias),
                      field("name", &R::name),             field("missing", &R::missing),   field("declined", &R::declined),
                      field("waysNotSaid", &R::ways_not_said), field("finished", &R::finished)};
  }
};
// In order of seats; those who have left are left out.
[[nodiscard]] std::vector<Readiness> readiness_of(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group,
                                                  base::WallTime now);

}  // namespace care
