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
// As many teams as there are, or a few more that are empty. A condition that holds only what the actor has is planned for that: with
// branches that match nothing PostgreSQL takes a look at every group for the way to a few.
template <std::size_t Teams, class... Values>
[[nodiscard]] store::Rows run(store::Transaction& tx, const std::string& sql, const GroupReach& reach, const Values&... values) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    if (reach.facilitator.empty()) return tx.query(sql, values..., reach.teams[I]...);
    return tx.query(sql, values..., reach.facilitator, reach.teams[I]...);
  }(std::make_index_sequence<Teams>{});
}
[[nodiscard]] inline std::size_t teams_asked(const GroupReach& reach) {
  std::size_t there = 0;
  while (there < kReachTeams && !reach.teams[there].empty()) ++there;
  return there <= 1 ? there : there <= 4 ? 4 : kReachTeams;
}

// `condition` says, of the parameters that hold the reach's facilitator and its teams ("($3, $4)"; each empty where there is none),
// what {reach} is.
template <class Condition, class... Values>
[[nodiscard]] store::Rows query(store::Transaction& tx, std::string sql, const GroupReach& reach, Condition condition, const Values&... values) {
  const std::size_t at = sql.find("{reach}");
  if (reach.all || reach.nothing()) {
    if (at != std::string::npos) sql.replace(at, 7, reach.all ? "1 = 1" : "1 = 0");
    return tx.query(sql, values...);
  }
  std::size_t number = sizeof...(Values);
  const std::string facilitator = reach.facilitator.empty() ? "" : "$" + std::to_string(++number);
  std::string teams;
  const std::size_t asked = teams_asked(reach);
  for (std::size_t i = 0; i < asked; ++i) teams += (i == 0 ? "($" : ", $") + std::to_string(++number);
  if (asked > 0) teams += ")";
  sql.replace(at, 7, condition(facilitator, teams));
  switch (asked) {
    case 0: return run<0>(tx, sql, reach, values...);
    case 1: return run<1>(tx, sql, reach, values...);
    case 4: return run<4>(tx, sql, reach, values...);
    default: return run<kReachTeams>(tx, sql, reach, values...);
  }
}
// Both, or the one that there is.
[[nodiscard]] inline std::string either(const std::string& one, const std::string& other, std::string_view between) {
  return one.empty() ? other : other.empty() ? one : one + std::string(between) + other;
}
}  // namespace reach_sql

// Runs `sql`, in which {reach} stands for the condition on a column that names a group (such as "g.id"). The values come first as
// $1, $2, …; the reach's own come after them.
template <class... Values>
[[nodiscard]] store::Rows query_in_reach(store::Transaction& tx, std::string sql, std::string_view column, const GroupReach& reach,
                                         const Values&... values) {
  const auto condition = [&](const std::string& facilitator, const std::string& teams) {
    const std::string own = facilitator.empty() ? "" : "SELECT group_id FROM group_facilitator WHERE staff = " + facilitator;
    const std::string of_teams = teams.empty() ? "" : "SELECT id FROM therapy_group WHERE team IN " + teams;
    return std::string(column) + " IN (" + reach_sql::either(own, of_teams, " UNION ") + ")";
  };
  return reach_sql::query(tx, std::move(sql), reach, condition, values...);
}
// The same for a column that names a team.
template <class... Values>
[[nodiscard]] store::Rows query_in_teams(store::Transaction& tx, std::string sql, std::string_view column, const GroupReach& reach,
                                         const Values&... values) {
  const auto condition = [&](const std::string& facilitator, const std::string& teams) {
    const std::string of(column);
    const std::string own = facilitator.empty() ? "" : of + " IN (SELECT f.team FROM group_facilitator o JOIN therapy_group f ON f.id = o.group_id WHERE o.staff = " + facilitator + ")";
    return "(" + reach_sql::either(teams.empty() ? "" : of + " IN " + teams, own, " OR ") + ")";
  };
  return reach_sql::query(tx, std::move(sql), reach, condition, values...);
}

}  // namespace care
