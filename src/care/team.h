// SPDX-License-Identifier: Apache-2.0
// The trust, its services and its teams as somebody wants them: names that can be told apart, telephone numbers that can be rung, a
// team moved to another service, a team closed. Not here: SQL, HTTP, who works in a team (identity/), its groups (group.h).
// Invariants: a team is closed only where no group of it is open; its records stay where they are. Pure; any thread.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"

namespace care {

struct TrustForm {
  std::string name, zone, duty_number;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("name", &TrustForm::name), field("zone", &TrustForm::zone), field("dutyNumber", &TrustForm::duty_number)};
  }
};
struct ServiceForm {
  std::string name;
  static constexpr auto fields() { return std::tuple{base::json::field("name", &ServiceForm::name)}; }
};
struct TeamForm {
  std::string name;
  ServiceId service;
  std::string duty_number;  // empty: the trust's
  bool closed = false;
  bool operator==(const TeamForm&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("name", &TeamForm::name), field("service", &TeamForm::service), field("dutyNumber", &TeamForm::duty_number),
                      field("closed", &TeamForm::closed)};
  }
};

// Each as it is to be saved: trimmed, and checked.
[[nodiscard]] base::Result<TrustForm, FieldFaults> decide_trust(TrustForm wanted);
[[nodiscard]] base::Result<ServiceForm, FieldFaults> decide_service(ServiceForm wanted, bool name_taken);

struct AroundTeam {
  std::optional<TeamForm> before;  // nothing: the team is new
  bool administrator = false;      // else a lead of it, who changes the duty number alone
  bool service_known = false, name_taken = false;
  std::int64_t open_groups = 0;
};
[[nodiscard]] base::Result<TeamForm, FieldFaults> decide_team(TeamForm wanted, const AroundTeam& around);

}  // namespace care
