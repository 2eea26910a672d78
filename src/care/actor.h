// SPDX-License-Identifier: Apache-2.0
// Who asks: a member of staff who signed in, or a person or supporter behind a personal link that they confirmed. Ids of the
// records that care speaks of. Not here: how somebody proves who they are (identity/), what they may (access.h). Values only.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/record_id.h"

namespace care {

using TrustId = base::RecordId<struct TrustTag>;
using ServiceId = base::RecordId<struct ServiceTag>;
using TeamId = base::RecordId<struct TeamTag>;
using StaffId = base::RecordId<struct StaffTag>;
using PersonId = base::RecordId<struct PersonTag>;
using GroupId = base::RecordId<struct GroupTag>;
using SeriesId = base::RecordId<struct SeriesTag>;
using SessionId = base::RecordId<struct SessionTag>;
using MembershipId = base::RecordId<struct MembershipTag>;
using SupporterId = base::RecordId<struct SupporterTag>;
using AttendanceId = base::RecordId<struct AttendanceTag>;

// The columns of ACCESS.md. A co-facilitator is a facilitator here.
enum class Role : std::uint8_t {
  member, supporter, facilitator, team_lead, it_support, trainer, safety_officer, evaluator, administrator
};
inline constexpr std::size_t kRoles = 9;
[[nodiscard]] std::string_view to_text(Role);  // as the column staff_role.role says it
[[nodiscard]] std::optional<Role> parse_role(std::string_view);

// A role and where it holds: empty team, the whole trust.
struct Standing {
  Role role = Role::facilitator;
  TeamId team;
};

struct Actor {
  enum class Kind : std::uint8_t { staff, member, supporter, system };
  Kind kind = Kind::system;
  StaffId staff;                    // staff
  std::vector<Standing> standings;  // staff: those that hold now
  std::vector<GroupId> facilitates; // staff
  std::vector<PersonId> opened;     // staff: break-glass that holds now
  std::string sign_in;              // staff: the record of the one that they act with
  PersonId person;                  // member: themselves; supporter: the one they support
  MembershipId membership;          // member and supporter: the link's
  SupporterId supporter;            // supporter
  [[nodiscard]] bool has(Role role) const;
  [[nodiscard]] std::string_view kind_text() const;  // as in the audit trail
  [[nodiscard]] const std::string& id() const;       // of the record that stands for them
};

}  // namespace care
