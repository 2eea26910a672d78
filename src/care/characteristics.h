// SPDX-License-Identifier: Apache-2.0
// The protected characteristics as a person says them themselves (Equality Act 2010 section 4): each may be not asked (null),
// "prefer-not-to-say", a code or words of their own. Ethnicity is kept by the mandatory 2001 categories and by those of the census
// of 2021, with the mapping between. Not here: figures about many people (evaluation/), SQL. Invariant: nobody but the person
// reads or writes these (docs/access.md). Pure; any thread.
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "care/field_fault.h"
#include "care/person_contact.h"

namespace care {

inline constexpr std::string_view kPreferNotToSay = "prefer-not-to-say";

struct Characteristics {
  using Said = base::json::Nullable<Personal>;
  Said age, disability, gender_reassignment, marriage, pregnancy, ethnicity_2001, ethnicity_2021, religion, sex, sexual_orientation;
  static constexpr auto fields() {
    using base::json::field;
    using C = Characteristics;
    return std::tuple(field("age", &C::age), field("disability", &C::disability), field("genderReassignment", &C::gender_reassignment),
                      field("marriage", &C::marriage), field("pregnancy", &C::pregnancy), field("ethnicity2001", &C::ethnicity_2001),
                      field("ethnicity2021", &C::ethnicity_2021), field("religion", &C::religion), field("sex", &C::sex),
                      field("sexualOrientation", &C::sexual_orientation));
  }
};

// The categories of the census of England and Wales of 2021, each with its category of 2001 (NHS Data Dictionary, "ETHNIC
// CATEGORY": A to H, J to N, P, R, S; Z not stated, 99 not known).
struct EthnicCategory {
  std::string_view code, of_2001;
};
[[nodiscard]] std::span<const EthnicCategory> ethnic_categories_2021();
[[nodiscard]] bool is_ethnic_code_2001(std::string_view code);
// "Z" for prefer-not-to-say; nothing for words of the person's own, which are not ours to sort.
[[nodiscard]] std::optional<std::string_view> ethnic_code_2001(std::string_view of_2021);

// Empty answers become null; where only the category of 2021 was said, that of 2001 follows from it.
[[nodiscard]] base::Result<Characteristics, FieldFaults> settle(Characteristics typed);

}  // namespace care
