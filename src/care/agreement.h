// SPDX-License-Identifier: Apache-2.0
// The agreement that a group makes with itself: a text in plain language and in Easy Read, version by version, accepted by each
// person. Not here: SQL, HTTP, showing it. Invariants: a version never changes; who accepted an earlier one has not accepted a
// later one; from the second version on it says what has changed. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"

namespace care {

using AgreementId = base::RecordId<struct AgreementTag>;

// The picture beside an Easy Read sentence.
enum class Symbol : std::uint8_t { talk, listen, quiet, lock, person, people, camera, phone, clock, heart, door, help };
constexpr auto json_names(Symbol) {
  using enum Symbol;
  return std::array<base::json::Names<Symbol>, 12>{{{talk, "talk"}, {listen, "listen"}, {quiet, "quiet"}, {lock, "lock"},
                                                    {person, "person"}, {people, "people"}, {camera, "camera"}, {phone, "phone"},
                                                    {clock, "clock"}, {heart, "heart"}, {door, "door"}, {help, "help"}}};
}
struct EasyPoint {
  Symbol symbol = Symbol::talk;
  std::string words;
  bool operator==(const EasyPoint&) const = default;
  static constexpr auto fields() {
    return std::tuple{base::json::field("symbol", &EasyPoint::symbol), base::json::field("words", &EasyPoint::words, {.least = 0, .most = 240})};
  }
};
// The bounds keep the whole small enough to be shown in a room by one message.
struct AgreementText {
  std::string title;
  std::vector<std::string> points;
  std::vector<EasyPoint> easy;
  std::string changed;  // what is new since the version before
  bool operator==(const AgreementText&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    using T = AgreementText;
    return std::tuple{field("title", &T::title, {.least = 0, .most = 200}), field("points", &T::points, {.least = 0, .most = 14}),
                      field("easy", &T::easy, {.least = 0, .most = 14}), field("changed", &T::changed, {.least = 0, .most = 600})};
  }
};
struct Agreement {
  AgreementId id;
  std::int64_t number = 0;
  AgreementText text;
  base::WallTime made;
  StaffId staff;
};

enum class HowAccepted : std::uint8_t { self, aloud, on_paper };
constexpr auto json_names(HowAccepted) {
  using enum HowAccepted;
  return std::array<base::json::Names<HowAccepted>, 3>{{{self, "self"}, {aloud, "aloud"}, {on_paper, "on_paper"}}};
}

// The next version, trimmed.
[[nodiscard]] base::Result<AgreementText, FieldFaults> decide_agreement(AgreementText wanted, const std::optional<Agreement>& before);
// The trust's template, which a group's first version begins with: as a first version, trimmed.
[[nodiscard]] base::Result<AgreementText, FieldFaults> decide_agreement_template(AgreementText wanted);
// Whether a person is to be asked: there is an agreement, and they have not accepted this version.
[[nodiscard]] bool is_to_be_asked(const std::optional<Agreement>& current, std::optional<std::int64_t> accepted);

}  // namespace care
