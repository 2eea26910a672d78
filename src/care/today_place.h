// SPDX-License-Identifier: Apache-2.0
// Where somebody is today, precise enough to send help: the confirmed address on record, an address, three words of what3words, or
// a hospital and its ward; or that they would rather not say. Not here: SQL, HTTP, who may open it. Invariant: what would not
// bring an ambulance to the door is asked for again, never kept as if it did. Pure; any thread.
#pragma once
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "care/field_fault.h"

namespace care {

enum class PlaceKind : std::uint8_t { home, address, what3words, hospital, declined };
constexpr auto json_names(PlaceKind) {
  using enum PlaceKind;
  return std::array<base::json::Names<PlaceKind>, 5>{
      {{home, "home"}, {address, "address"}, {what3words, "what3words"}, {hospital, "hospital"}, {declined, "declined"}}};
}
struct SaidPlace {
  PlaceKind kind = PlaceKind::declined;
  std::string text;  // address; three words; the hospital
  std::string ward;  // hospital
  bool operator==(const SaidPlace&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("kind", &SaidPlace::kind), field("text", &SaidPlace::text, {.least = 0, .most = 600}),
                      field("ward", &SaidPlace::ward, {.least = 0, .most = 200})};
  }
};
// Trimmed, with only what its kind needs. `address_confirmed`: there is an address on record that was confirmed.
[[nodiscard]] base::Result<SaidPlace, FieldFaults> decide_place(const SaidPlace& said, bool address_confirmed);

}  // namespace care
