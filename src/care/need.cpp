// SPDX-License-Identifier: Apache-2.0
// See need.h.
#include "care/need.h"

#include <algorithm>

#include "care/person.h"

namespace care {
namespace {

constexpr std::size_t kMostNeeds = 30, kLongestNote = 500, kLongestSoftware = 100;
constexpr std::array<std::string_view, 11> kCategories{
    "communication support", "communication professional", "contact method",  "information format", "additional communication",
    "community language",    "additional support",         "individual care", "environment",        "additional needs",
    "bespoke"};

// Verhoeff 1969: the dihedral group of ten elements, and a permutation by place.
constexpr int product(int a, int b) {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
  return b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
}
constexpr std::array<int, 10> kPermutation{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
bool verhoeff(std::string_view digits) {
  int check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    for (std::size_t times = 0; times < i % 8; ++times) d = kPermutation[static_cast<std::size_t>(d)];
    check = product(check, d);
  }
  return check == 0;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

void settle_language(Personal& field, const std::string& pointer, FieldFaults& faults) {
  field.get() = std::string(stripped(field.get()));
  if (!field.get().empty() && !is_language(field.get())) faults.push_back({pointer, "language", "Choose a language from the list"});
}

void settle_need(Need& need, const std::string& at, FieldFaults& faults) {
  if (category_title(need.category).empty()) faults.push_back({at + "/category", "category", "Choose what kind of need this is"});
  need.code = std::string(stripped(need.code));
  if (!need.code.empty() && !is_snomed_concept(need.code))
    faults.push_back({at + "/code", "snomed", "This SNOMED code has a mistake in it. Check each digit, or leave it out"});
  settle_text(need.note.get(), kLongestNote, true, at + "/note", faults);
  if (need.code.empty() && need.note.get().empty())
    faults.push_back({at + "/note", "missing", "Say in a few words what is needed"});
}

}  // namespace

std::string_view category_title(std::string_view c) {
  if (c.size() != 3 || !std::ranges::all_of(c, digit)) return {};
  const int number = (c[0] - '0') * 100 + (c[1] - '0') * 10 + (c[2] - '0');
  return number >= 1 && number <= 11 ? kCategories[static_cast<std::size_t>(number - 1)] : std::string_view{};
}

bool is_snomed_concept(std::string_view code) {
  if (code.size() < 6 || code.size() > 18 || !std::ranges::all_of(code, digit) || code[0] == '0') return false;
  const std::string_view partition = code.substr(code.size() - 3, 2);
  return (partition == "00" || partition == "10") && verhoeff(code);
}

bool is_language(std::string_view tag) {
  if (tag.size() > 35) return false;
  for (std::size_t part = 0;; ++part) {
    const std::size_t end = std::min(tag.find('-'), tag.size());
    const std::string_view s = tag.substr(0, end);
    const bool good = part == 0 ? s.size() >= 2 && s.size() <= 3 && std::ranges::all_of(s, letter)
                                : !s.empty() && s.size() <= 8 && std::ranges::all_of(s, [](char c) { return letter(c) || digit(c); });
    if (!good) return false;
    if (end == tag.size()) return true;
    tag.remove_prefix(end + 1);
  }
}

base::Result<Needs, FieldFaults> settle(Needs typed, std::string_view at) {
  FieldFaults faults;
  const std::string root(at);
  settle_text(typed.preferences.software.get(), kLongestSoftware, false, root + "/preferences/software", faults);
  settle_language(typed.preferences.language, root + "/preferences/language", faults);
  settle_language(typed.preferences.interpreter, root + "/preferences/interpreter", faults);
  if (typed.needs.size() > kMostNeeds) faults.push_back({root + "/needs", "too-many", "Give at most 30 needs"});
  for (std::size_t i = 0; i < typed.needs.size(); ++i) settle_need(typed.needs[i], root + "/needs/" + std::to_string(i), faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return typed;
}

Needs for_supporter(std::string_view kind, const Needs& all) {
  const bool interpreter = kind == "interpreter";
  Needs out;
  if (interpreter) {
    out.preferences.language = all.preferences.language;
    out.preferences.interpreter = all.preferences.interpreter;
  }
  // An interpreter: communication support, a professional, community language. A carer or advocate: the support they give.
  constexpr std::array<std::string_view, 3> kInterpreter{"001", "002", "006"}, kOther{"001", "007", "008"};
  for (const Need& need : all.needs)
    if (std::ranges::find(interpreter ? kInterpreter : kOther, need.category) != (interpreter ? kInterpreter : kOther).end())
      out.needs.push_back(need);
  return out;
}

}  // namespace care
