// SPDX-License-Identifier: Apache-2.0
// The groups that an actor reaches, as a condition in SQL, so that a list never holds a row that they may not see. One record
// is asked about with Call::open; this is for lists. Not here: which role reaches how far (access.h). Values only.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "care/access.h"
#include "store/transaction.h"

namespace care {

inline constexpr std::size_t kReachTeams = 16;  // who has roles in more teams sees these; a role in the whole trust sees all

struct GroupReach {
  bool all = false;
  bool dates_only = false;  // nothing of the group but when it meets (IT support, where no other role opens more)
  std::string facilitator;  // the groups that this member of staff facilitates; empty: none
  std::array<std::string, kReachTeams> teams;
  [[nodiscard]] bool nothing() const { return !all && facilitator.empty() && teams[0].empty(); }
};

// Of every role that may read (or write) such data, the widest; limits only where nothing unlimited reaches as far.
[[nodiscard]] inline GroupReach group_reach(const Actor& actor, Data data, Access access) {
  GroupReach out;
  bool limited_all = false;
  std::size_t teams = 0;
  for (const Standing& s : actor.standings) {
    const Cell& c = cell(data, s.role);
    if (c.reason) continue;  // a list opens nothing for which a reason is asked
    switch (access == Access::read ? c.read : c.write) {
      case Reach::trust: (c.limit.empty() ? out.all : limited_all) = true; break;
      case Reach::team:
        if (s.team.empty()) {
          out.all = true;
        } else if (teams < kReachTeams) {
          out.teams[teams++] = s.team.text;
        }
        break;
      case Reach::group: out.facilitator = actor.staff.text; break;
      case Reach::none:
      case Reach::own:
      case Reach::aggregate: break;
    }
  }
  if (limited_all && !out.all) out.all = out.dates_only = true;
  return out;
}

// Whether this row of a list is shown with its dates alone.
[[nodiscard]] inline bool dates_only(const Actor& actor, const Where& where) {
  return may(actor, Data::group_plan, Access::read, where).limit == "dates only";
}

namespace reach_sql {
// `condition` says, of the parameters that hold the reach's facilitator and its teams, what {reach} is.
template <class Condition, class... Values>
[[nodiscard]] store::Rows query(store::Transaction& tx, std::string sql, const GroupReach& reach, Condition condition, const Values&... values) {
  const std::size_t at = sql.find("{reach}");
  if (reach.all) {
    if (at != std::string::npos) sql.replace(at, 7, "1 = 1");
    return tx.query(sql, values...);
  }
  std::size_t number = sizeof...(Values);
  const std::string facilitator = "$" + std::to_string(++number);
  std::string teams = "(";
  for (std::size_t i = 0; i < kReachTeams; ++i) teams += (i == 0 ? "$" : ", $") + std::to_string(++number);
  sql.replace(at, 7, condition(facilitator, teams + ")"));
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return tx.query(sql, values..., reach.facilitator, reach.teams[I]...);
  }(std::make_index_sequence<kReachTeams>{});
}
}  // namespace reach_sql

// Runs `sql`, in which {reach} stands for the condition on a column that names a group (such as "g.id"). The values come first as
// $1, $2, …; the reach's own come after them.
template <class... Values>
[[nodiscard]] store::Rows query_in_reach(store::Transaction& tx, std::string sql, std::string_view column, const GroupReach& reach,
                                         const Values&... values) {
  const auto condition = [&](const std::string& facilitator, const std::string& teams) {
    return std::string(column) + " IN (SELECT group_id FROM group_facilitator WHERE staff = " + facilitator +
           " UNION SELECT id FROM therapy_group WHERE team IN " + teams + ")";
  };
  return reach_sql::query(tx, std::move(sql), reach, condition, values...);
}
// The same for a column that names a team.
template <class... Values>
[[nodiscard]] store::Rows query_in_teams(store::Transaction& tx, std::string sql, std::string_view column, const GroupReach& reach,
                                         const Values&... values) {
  const auto condition = [&](const std::string& facilitator, const std::string& teams) {
    return "(" + std::string(column) + " IN " + teams + " OR " + std::string(column) +
           " IN (SELECT f.team FROM group_facilitator o JOIN therapy_group f ON f.id = o.group_id WHERE o.staff = " + facilitator + "))";
  };
  return reach_sql::query(tx, std::move(sql), reach, condition, values...);
}

}  // namespace care
