// SPDX-License-Identifier: Apache-2.0
// The address to join by of a session that is held on other software. Whoever has it gets in there, so it is kept sealed, shown to
// whoever may write the group's plan, and to people of the group behind their own link; it stands in no message. Not here: sessions in
// the room. Pure; any thread.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"
#include "base/redacted.h"
#include "base/result.h"
#include "care/field_fault.h"

namespace care {

// PUT /api/sessions/{session}/joining. An empty address takes away what was there. `rest`: the later sessions of the series that are
// held on the same software, too.
struct WantedJoining {
  base::Redacted<std::string> address;
  std::optional<bool> rest;
  static constexpr auto fields() {
    return std::tuple{base::json::field("address", &WantedJoining::address), base::json::field("rest", &WantedJoining::rest)};
  }
};
// As it is kept: without space around it; an https address (RFC 9110 section 4.2.2) with a host and no user in it.
[[nodiscard]] base::Result<base::Redacted<std::string>, FieldFaults> decide_joining(const WantedJoining& wanted);

}  // namespace care
