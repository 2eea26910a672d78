// SPDX-License-Identifier: Apache-2.0
// Who a person is and how they are safely reached: names, NHS number, date of birth, contacts, safe contact, emergency contact.
// The rules that what staff type must meet, and the form in which it is kept. Not here: needs and preferences (need.h), protected
// characteristics (characteristics.h), finding people (person_search.h), SQL (person_table.h). Invariant: every Identity that is
// saved went through settle(). Pure; any thread.
#pragma once
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "care/field_fault.h"
#include "care/person_contact.h"

namespace care {

using Date = std::chrono::year_month_day;
// "2026-11-23"; nothing where there is no such day.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] Date date_of(base::WallTime at);  // in UTC

struct Contacts {
  Personal email, mobile, telephone;
  std::vector<Personal> address;  // lines, without the postcode
  Personal postcode;
  base::json::Nullable<Personal> address_confirmed;  // date
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("email", &Contacts::email), field("mobile", &Contacts::mobile), field("telephone", &Contacts::telephone),
                      field("address", &Contacts::address, {.least = 0, .most = 20}), field("postcode", &Contacts::postcode),
                      field("addressConfirmed", &Contacts::address_confirmed));
  }
};

enum class SafeMethod : std::uint8_t { email, sms, letter, telephone, none };
constexpr auto json_names(SafeMethod) {
  using enum SafeMethod;
  return std::to_array<base::json::Names<SafeMethod>>({{email, "email"}, {sms, "sms"}, {letter, "letter"}, {telephone, "telephone"}, {none, "none"}});
}
struct SafeHours {
  std::vector<int> days;  // 1 (Monday) to 7
  std::string from, to;   // "09:00"
  bool operator==(const SafeHours&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("days", &SafeHours::days, {.least = 0, .most = 20}), field("from", &SafeHours::from), field("to", &SafeHours::to));
  }
};
struct SafeContact {
  base::json::Nullable<SafeMethod> method;  // null: not asked yet. No way is the default
  std::vector<SafeHours> hours;             // empty: any time
  Personal note;                            // "never leave a voicemail"
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("method", &SafeContact::method), field("hours", &SafeContact::hours, {.least = 0, .most = 40}),
                      field("note", &SafeContact::note));
  }
};

struct EmergencyContact {
  Personal name, relation, telephone;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("name", &EmergencyContact::name), field("relation", &EmergencyContact::relation),
                      field("telephone", &EmergencyContact::telephone));
  }
};

struct Identity {
  Personal legal_name, preferred_name, nhs_number;
  base::json::Nullable<Personal> birth_date;
  Contacts contacts;
  SafeContact safe_contact;
  EmergencyContact emergency_contact;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("legalName", &Identity::legal_name), field("preferredName", &Identity::preferred_name),
                      field("nhsNumber", &Identity::nhs_number), field("birthDate", &Identity::birth_date),
                      field("contacts", &Identity::contacts), field("safeContact", &Identity::safe_contact),
                      field("emergencyContact", &Identity::emergency_contact));
  }
};

// What was typed, in the form in which it is kept; or every fault, each with its pointer below `at` ("" or "/identity").
[[nodiscard]] base::Result<Identity, FieldFaults> settle(Identity typed, Date today, std::string_view at);
// The name to call them by.
[[nodiscard]] const Personal& called(const Personal& legal_name, const Personal& preferred_name);

// A text field settled: trimmed, no control characters (line ends where `lines`), at most `most` characters. Shared by the parts
// of a person's record.
void settle_text(std::string& text, std::size_t most, bool lines, const std::string& pointer, FieldFaults& faults);

}  // namespace care
