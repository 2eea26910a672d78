// SPDX-License-Identifier: Apache-2.0
// What a person needs to take part, and how they would like to: accessible information and reasonable adjustments by the categories
// 001 to 011, each with an optional SNOMED CT code, and preferences, with no way preselected. Not here: what is agreed for one
// group (preparation), SQL (need_table.h). Pure; any thread.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "care/field_fault.h"
#include "care/person_contact.h"

namespace care {

enum class PreferredWay : std::uint8_t { in_person, video, phone };
constexpr auto json_names(PreferredWay) {
  using enum PreferredWay;
  return std::to_array<base::json::Names<PreferredWay>>({{in_person, "in_person"}, {video, "video"}, {phone, "phone"}});
}
enum class PreferredFormat : std::uint8_t { standard, large_print, easy_read, braille, audio };
constexpr auto json_names(PreferredFormat) {
  using enum PreferredFormat;
  return std::to_array<base::json::Names<PreferredFormat>>({{standard, "standard"}, {large_print, "large_print"}, {easy_read, "easy_read"},
                    {braille, "braille"}, {audio, "audio"}});
}

struct Preferences {
  base::json::Nullable<PreferredWay> way;  // null: not said
  Personal software;                       // empty: none said
  Personal language;                       // BCP 47; empty: not asked
  Personal interpreter;                    // the interpreter's language; empty: none
  base::json::Nullable<PreferredFormat> format;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("way", &Preferences::way), field("software", &Preferences::software), field("language", &Preferences::language),
                      field("interpreter", &Preferences::interpreter), field("format", &Preferences::format));
  }
};

struct Need {
  std::string category;  // "001" to "011"
  std::string code;      // SNOMED CT; may be empty
  Personal note;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("category", &Need::category), field("code", &Need::code), field("note", &Need::note));
  }
};

struct Needs {
  Preferences preferences;
  std::vector<Need> needs;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("preferences", &Needs::preferences), field("needs", &Needs::needs, {.least = 0, .most = 60}));
  }
};

// "001" is communication support; empty where there is no such category.
[[nodiscard]] std::string_view category_title(std::string_view category);
// A SNOMED CT identifier: 6 to 18 digits whose last is the Verhoeff check digit, of a concept (partition 00 or 10; SNOMED CT
// Release File Specifications, "SCTID").
[[nodiscard]] bool is_snomed_concept(std::string_view code);
// A well-formed language tag (RFC 5646 section 2.1, the langtag's shape; not whether it is registered).
[[nodiscard]] bool is_language(std::string_view tag);

[[nodiscard]] base::Result<Needs, FieldFaults> settle(Needs typed, std::string_view at);
// What a supporter of that kind ("interpreter", "carer", "advocate") must know to do their part, and nothing else.
[[nodiscard]] Needs for_supporter(std::string_view kind, const Needs& all);

}  // namespace care
