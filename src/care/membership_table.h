// SPDX-License-Identifier: Apache-2.0
// The tables membership and membership_step, and who is who in a group. Alias, disguise and notes are sealed. Not here: which
// step may follow which (membership.h), who may see it. Callers hold lock_group() while they change who is in a group, so that
// places, seats and aliases are not given twice. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/access.h"
#include "care/membership.h"
#include "store/key_ring.h"

namespace care {

struct Membership {
  MembershipId id;
  std::int64_t version = 1;
  GroupId group;
  TeamId team;         // the group's
  std::string group_name;
  PersonId person;
  MembershipState state = MembershipState::referred;
  std::string reason;
  std::optional<base::Redacted<std::string>> alias;
  Disguise disguise;
  int seat = 0;
  base::WallTime made;
};
[[nodiscard]] std::optional<Membership> load_membership(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id);
[[nodiscard]] Where where_of(const Membership& membership);
// Whether the person is in the group now, from referral on.
[[nodiscard]] bool is_in_group(store::Transaction& tx, const GroupId& group, const PersonId& person);
// A referral; gives the seat. `staff` is nothing where the system does it.
[[nodiscard]] MembershipId refer(store::Transaction& tx, base::Entropy& entropy, const GroupId& group, const PersonId& person,
                                 const std::optional<StaffId>& staff, base::WallTime now);
// Saves a step with its effects: who is expected at the sessions to come, passes that open no more. False: changed since.
[[nodiscard]] bool save_step(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Membership& membership,
                             const Step& step, const std::optional<StaffId>& staff, base::WallTime now);
[[nodiscard]] bool save_card(store::Transaction& tx, const store::KeyRing& keys, const Membership& membership, const Card& card);
// Aliases in a group, of everybody there who is not `except`: of members who are or were there, and their supporters.
[[nodiscard]] std::vector<base::Redacted<std::string>> aliases_of_members(store::Transaction& tx, const store::KeyRing& keys,
                                                                           const GroupId& group, const PersonId& except);
[[nodiscard]] std::vector<base::Redacted<std::string>> aliases_of_facilitators(store::Transaction& tx, const GroupId& group);

// Preferred, else legal.
[[nodiscard]] base::Redacted<std::string> name_of_person(store::Transaction& tx, const store::KeyRing& keys, std::string_view person,
                                                         const store::Rows& rows, int legal, int preferred);
// Where a person belongs: their team, and the groups and their teams that they are in. Nothing where there is no such person.
[[nodiscard]] std::optional<Where> where_of_person(store::Transaction& tx, const PersonId& person);

// As the API says it.
// Of people of one list whose names are the same: their dates of birth beside them, since the wrong one would be marked, rung or written
// to.
struct NameOf {
  PersonId person;
  base::Redacted<std::string>* name;
};
void tell_apart(store::Transaction& tx, const store::KeyRing& keys, const std::vector<NameOf>& list);

struct PersonRef {
  PersonId id;
  base::Redacted<std::string> name;
  static constexpr auto fields() { return std::tuple{base::json::field("id", &PersonRef::id), base::json::field("name", &PersonRef::name)}; }
};
struct GroupRef {
  GroupId id;
  std::string name;
  static constexpr auto fields() { return std::tuple{base::json::field("id", &GroupRef::id), base::json::field("name", &GroupRef::name)}; }
};
struct StepRow {
  MembershipState state = MembershipState::referred;
  std::string reason, at, by;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("state", &StepRow::state), field("reason", &StepRow::reason), field("at", &StepRow::at), field("by", &StepRow::by)};
  }
};
struct MembershipRow {
  MembershipId id;
  std::int64_t version = 1;
  GroupRef group;
  base::json::Nullable<PersonRef> person;
  MembershipState state = MembershipState::referred;
  std::string reason;
  base::Redacted<std::string> alias;
  Disguise disguise;
  std::string since;  // when they came to the state that they are in
  std::vector<StepRow> steps;
  int seat = 0;  // not said: what pages sort by
  static constexpr auto fields() {
    using base::json::field;
    using R = MembershipRow;
    return std::tuple{field("id", &R::id),         field("version", &R::version),   field("group", &R::group),
                      field("person", &R::person), field("state", &R::state),       field("reason", &R::reason),
                      field("alias", &R::alias),   field("disguise", &R::disguise), field("since", &R::since),
                      field("steps", &R::steps)};
  }
};
// In order of seats, after seat `after`.
[[nodiscard]] std::vector<MembershipRow> members_of(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group,
                                                    std::int64_t after, std::int64_t limit);
[[nodiscard]] std::optional<MembershipRow> membership_row(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& id);
// Every membership of one person, the latest first. The caller leaves out those that the actor may not see.
[[nodiscard]] std::vector<MembershipRow> memberships_of(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person);

}  // namespace care
