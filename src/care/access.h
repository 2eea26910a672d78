// SPDX-License-Identifier: Apache-2.0
// Who sees what: the table of docs/access.md as code, and the one rule that reads it. Default is no. Not here: finding out where
// a record belongs (the tables load a Where), signing in, auditing. Pure; any thread.
#pragma once
#include <array>
#include <span>
#include <string_view>

#include "care/actor.h"

namespace care {

// The rows of docs/access.md.
enum class Data : std::uint8_t {
  identity,         // legal name, contacts, NHS number
  booking_card,     // alias, booking card
  protected_characteristics,
  needs,            // needs, adjustments, preferences
  preparation,      // preparation record, safety plan
  membership,       // that a person is in a group
  group_plan,       // group, series, plan
  attendance,       // register, attendance
  place,            // place today, contact (sealed)
  measures,
  feedback,
  incidents,
  hazard_log,
  training,
  guidance,
  call_quality,
  dashboards,
  settings,
  accounts,         // staff accounts, roles
  audit,
};
inline constexpr std::size_t kData = 20;

// How far a role reaches. aggregate: only figures that passed disclosure control, never a row.
enum class Reach : std::uint8_t { none, own, group, team, trust, aggregate };
enum class Access : std::uint8_t { read, write };

struct Cell {
  Reach read = Reach::none, write = Reach::none;
  bool reason = false;         // only with a reason on record
  bool alert = false;          // only while the actor holds an open alert about it
  std::string_view limit{};    // what the reach leaves out, in the words of docs/access.md
};
[[nodiscard]] const Cell& cell(Data, Role);
[[nodiscard]] std::string_view to_text(Data);
[[nodiscard]] std::string_view title_of(Data);  // the row's words in docs/access.md
[[nodiscard]] std::string cell_text(const Cell&);

// Where a record belongs: filled by whoever loaded it.
struct Where {
  std::vector<TeamId> teams;
  std::vector<GroupId> groups;
  PersonId person;
  StaffId staff;  // a member of staff's own thing
  bool alert_held = false;  // the actor holds an open alert about that person of that session
};

struct Verdict {
  bool allowed = false;
  bool needs_reason = false;  // allowed only together with one
  bool broke_glass = false;   // by break-glass alone
  Role as = Role::member;
  std::string_view limit{};
};
// The least restricted way in that any of the actor's roles opens.
[[nodiscard]] Verdict may(const Actor&, Data, Access, const Where&);
// Whether some record could be open to them: what a route asks before it loads anything. Aggregates are not records.
[[nodiscard]] bool might(const Actor&, Data, Access);

}  // namespace care
