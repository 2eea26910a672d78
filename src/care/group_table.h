// SPDX-License-Identifier: Apache-2.0
// The tables therapy_group and group_facilitator. Not here: what a plan must hold (group.h), who may see it (access.h,
// group_reach_table.h). A change takes the version that it was made from. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/group.h"
#include "care/group_reach_table.h"
#include "store/key_ring.h"

namespace care {

[[nodiscard]] std::optional<Group> load_group(store::Transaction& tx, const GroupId& id);
[[nodiscard]] Where where_of(const GroupId& group, const TeamId& team);
// Keeps others from changing who is in a group, or when it meets, until this transaction ends.
void lock_group(store::Transaction& tx, const GroupId& id);

void insert_group(store::Transaction& tx, const GroupId& id, const Group& group, base::WallTime now);
// False: somebody else changed it since `version`. Passes of those who facilitate no more open nothing from now on.
[[nodiscard]] bool update_group(store::Transaction& tx, const GroupId& id, const Group& group, std::int64_t version, base::WallTime now);
// What a plan is held against; `before` as it stands.
[[nodiscard]] AroundGroup around_group(store::Transaction& tx, const store::KeyRing& keys, const Group& wanted,
                                       const std::optional<GroupId>& id, const std::optional<Group>& before, base::WallTime now);
// The open groups of a team that somebody is named in, kept as they are until this transaction ends.
struct NamedIn {
  GroupId group;
  bool leads_alone = false;  // without them it has co-facilitators at most
};
[[nodiscard]] std::vector<NamedIn> take_named_in(store::Transaction& tx, const StaffId& staff, const TeamId& team, base::WallTime now);
// Is named in it no more; their passes open nothing from now on.
void leave_group(store::Transaction& tx, const GroupId& group, const StaffId& staff);
[[nodiscard]] std::int64_t places_taken(store::Transaction& tx, const GroupId& id);

// GET /api/groups
struct NextSession {
  SessionId id;
  std::string starts_at;
  static constexpr auto fields() {
    return std::tuple{base::json::field("id", &NextSession::id), base::json::field("startsAt", &NextSession::starts_at)};
  }
};
struct GroupRow {
  GroupId id;
  std::string name, programme;
  TeamId team;
  std::string team_name;
  std::int64_t members = 0, waiting = 0;
  base::json::Nullable<NextSession> next_session;
  bool closed = false;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("id", &GroupRow::id), field("name", &GroupRow::name), field("programme", &GroupRow::programme),
                      field("team", &GroupRow::team), field("teamName", &GroupRow::team_name), field("members", &GroupRow::members),
                      field("waiting", &GroupRow::waiting), field("nextSession", &GroupRow::next_session), field("closed", &GroupRow::closed)};
  }
};
struct GroupFilter {
  StaffId facilitated_by;  // empty: by anybody
  std::string state;       // "open", "closed" or empty: both
  std::string find;        // stands in its name or programme; empty: any
  std::string after_name, after_id;
  std::int64_t limit = 50;
};
// In order of names.
[[nodiscard]] std::vector<GroupRow> list_groups(store::Transaction& tx, const GroupReach& reach, const GroupFilter& filter, base::WallTime now);

}  // namespace care
