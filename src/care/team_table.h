// SPDX-License-Identifier: Apache-2.0
// The tables service, team, staff and staff_role as lists: which teams there are, who works there. Not here: accounts and the
// change of roles (identity/). One thread a transaction.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "care/group_reach_table.h"

namespace care {

struct ServiceRef {
  ServiceId id;
  std::string name;
  static constexpr auto fields() { return std::tuple{base::json::field("id", &ServiceRef::id), base::json::field("name", &ServiceRef::name)}; }
};
struct TeamRow {
  TeamId id;
  std::int64_t version = 1;
  std::string name;
  ServiceRef service;
  std::string duty_number;  // the trust's where the team has none
  bool closed = false;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("id", &TeamRow::id), field("version", &TeamRow::version), field("name", &TeamRow::name),
                      field("service", &TeamRow::service), field("dutyNumber", &TeamRow::duty_number), field("closed", &TeamRow::closed)};
  }
};
struct TeamFilter {
  bool closed = false;  // also those
  std::string after_name, after_id;
  std::int64_t limit = 50;
};
// In order of names. `reach`: the teams of the actor's roles, and those whose groups they facilitate.
[[nodiscard]] std::vector<TeamRow> list_teams(store::Transaction& tx, const GroupReach& reach, const TeamFilter& filter);

struct StandingRow {
  std::string role;
  base::json::Nullable<TeamId> team;
  static constexpr auto fields() { return std::tuple{base::json::field("role", &StandingRow::role), base::json::field("team", &StandingRow::team)}; }
};
struct StaffRow {
  StaffId id;
  std::int64_t version = 1;
  std::string name, email;
  bool active = false;
  std::vector<StandingRow> standings;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("id", &StaffRow::id), field("version", &StaffRow::version), field("name", &StaffRow::name),
                      field("email", &StaffRow::email), field("active", &StaffRow::active), field("standings", &StaffRow::standings)};
  }
};
struct StaffFilter {
  std::string team;  // who has a role there; empty: any
  std::string after_name, after_id;
  std::int64_t limit = 50;
};
// In order of names, with the roles that hold now.
[[nodiscard]] std::vector<StaffRow> list_staff(store::Transaction& tx, const GroupReach& reach, const StaffFilter& filter, base::WallTime now);

// Who may be chosen to lead a group of this team: active, and a facilitator or lead of it or of the whole trust. In order of names.
struct ColleagueRow {
  StaffId id;
  std::string name;
  static constexpr auto fields() { return std::tuple{base::json::field("id", &ColleagueRow::id), base::json::field("name", &ColleagueRow::name)}; }
};
[[nodiscard]] std::vector<ColleagueRow> list_colleagues(store::Transaction& tx, const TeamId& team, const std::string& after_name,
                                                        const std::string& after_id, std::int64_t limit, base::WallTime now);

}  // namespace care
