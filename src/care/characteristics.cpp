// SPDX-License-Identifier: Apache-2.0
// See characteristics.h.
#include "care/characteristics.h"

#include <algorithm>

#include "care/person.h"

namespace care {
namespace {

constexpr std::size_t kLongestAnswer = 200;
constexpr std::array<EthnicCategory, 19> kOf2021{{
    {"white-british", "A"},
    {"white-irish", "B"},
    {"white-gypsy-or-irish-traveller", "C"},
    {"white-roma", "C"},
    {"white-other", "C"},
    {"mixed-white-and-black-caribbean", "D"},
    {"mixed-white-and-black-african", "E"},
    {"mixed-white-and-asian", "F"},
    {"mixed-other", "G"},
    {"asian-indian", "H"},
    {"asian-pakistani", "J"},
    {"asian-bangladeshi", "K"},
    {"asian-chinese", "R"},
    {"asian-other", "L"},
    {"black-caribbean", "M"},
    {"black-african", "N"},
    {"black-other", "P"},
    {"arab", "S"},
    {"other", "S"},
}};
constexpr std::array<std::string_view, 18> kOf2001{"A", "B", "C", "D", "E", "F", "G", "H", "J",
                                                   "K", "L", "M", "N", "P", "R", "S", "Z", "99"};

}  // namespace

std::span<const EthnicCategory> ethnic_categories_2021() { return kOf2021; }

bool is_ethnic_code_2001(std::string_view code) { return std::ranges::find(kOf2001, code) != kOf2001.end(); }

std::optional<std::string_view> ethnic_code_2001(std::string_view of_2021) {
  if (of_2021 == kPreferNotToSay) return "Z";
  const auto at = std::ranges::find(kOf2021, of_2021, &EthnicCategory::code);
  return at == kOf2021.end() ? std::nullopt : std::optional(at->of_2001);
}

base::Result<Characteristics, FieldFaults> settle(Characteristics typed) {
  FieldFaults faults;
  const auto settle_one = [&](const auto& f) {
    Characteristics::Said& said = typed.*f.member;
    if (!said.value) return;
    settle_text(said.value->get(), kLongestAnswer, false, "/" + std::string(f.name), faults);
    if (said.value->get().empty()) said.value.reset();
  };
  std::apply([&](const auto&... f) { (settle_one(f), ...); }, Characteristics::fields());
  auto& old = typed.ethnicity_2001.value;
  if (old && old->get() == kPreferNotToSay) old = Personal("Z");
  if (old && !is_ethnic_code_2001(old->get()))
    faults.push_back({"/ethnicity2001", "ethnicity", "Choose a group from the list, or ‘prefer not to say’"});
  if (!old && typed.ethnicity_2021.value)
    if (const auto code = ethnic_code_2001(typed.ethnicity_2021.value->get())) old = Personal(std::string(*code));
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return typed;
}

}  // namespace care
