// SPDX-License-Identifier: Apache-2.0
// Who comes along to support one member of a group: an interpreter, a carer, an advocate. What must be known of them: how they are
// reached, and the two things that their own link asks. Not here: what they may see (access.h), SQL (supporter_table.h). Pure.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/redacted.h"
#include "care/field_fault.h"
#include "care/person_contact.h"

namespace care {

enum class SupporterKind : std::uint8_t { interpreter, carer, advocate };
constexpr auto json_names(SupporterKind) {
  using enum SupporterKind;
  return std::array<base::json::Names<SupporterKind>, 3>{{{interpreter, "interpreter"}, {carer, "carer"}, {advocate, "advocate"}}};
}

struct SupporterContacts {
  Personal email, mobile, postcode;  // email may be empty: then they get texts
  static constexpr auto fields() {
    using base::json::field;
    using C = SupporterContacts;
    return std::tuple{field("email", &C::email), field("mobile", &C::mobile), field("postcode", &C::postcode)};
  }
};
struct NewSupporter {
  SupporterKind kind = SupporterKind::carer;
  Personal name, alias;
  SupporterContacts contacts;
  static constexpr auto fields() {
    using base::json::field;
    using N = NewSupporter;
    return std::tuple{field("kind", &N::kind), field("name", &N::name), field("alias", &N::alias), field("contacts", &N::contacts)};
  }
};
// In the form in which it is kept. `others`: the aliases of everybody who is or was in the group.
[[nodiscard]] base::Result<NewSupporter, FieldFaults> settle(NewSupporter typed, const std::vector<Personal>& others);

// Seats of supporters follow those of members, far enough away never to meet them.
inline constexpr int kFirstSupporterSeat = 1'000;

}  // namespace care
