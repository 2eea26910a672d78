// SPDX-License-Identifier: Apache-2.0
// See link.h.
#include "care/link.h"

#include <algorithm>

namespace care {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// "29/2/1980", "29 02 1980", "1980-02-29" to "19800229"; empty where it is none.
std::string date_key(std::string_view typed) {
  std::vector<std::string> parts;
  bool inside = false;
  for (const char c : typed) {
    if (digit(c)) {
      if (!inside) parts.emplace_back();
      parts.back() += c;
    }
    inside = digit(c);
  }
  if (parts.size() == 1 && parts[0].size() == 8) {  // 29021980
    const std::string all = parts[0];
    parts = {all.substr(0, 2), all.substr(2, 2), all.substr(4)};
  }
  if (parts.size() != 3) return {};
  if (parts[0].size() == 4) std::swap(parts[0], parts[2]);
  if (parts[2].size() != 4 || parts[0].size() > 2 || parts[1].size() > 2) return {};
  const auto two = [](const std::string& s) { return s.size() == 1 ? "0" + s : s; };
  return parts[2] + two(parts[1]) + two(parts[0]);
}

std::string last_four(std::string_view typed) {
  std::string digits;
  for (const char c : typed)
    if (digit(c)) digits += c;
  return digits.size() < 4 ? std::string{} : digits.substr(digits.size() - 4);
}

const std::string& on_record(const KnownThings& known, Asked asked) {
  switch (asked) {
    case Asked::birth_date: return known.birth_date.get();
    case Asked::postcode: return known.postcode.get();
    case Asked::mobile_end: return known.mobile.get();
    case Asked::nhs_end: return known.nhs_number.get();
  }
  return known.birth_date.get();
}

}  // namespace

std::string answer_key(Asked asked, std::string_view typed) {
  if (asked == Asked::birth_date) return date_key(typed);
  if (asked == Asked::mobile_end || asked == Asked::nhs_end) return last_four(typed);
  std::string out;
  for (const char c : typed) {
    if (digit(c) || (c >= 'A' && c <= 'Z')) out += c;
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::vector<Asked> asked_of(const KnownThings& known) {
  std::vector<Asked> out;
  for (const auto& [asked, name] : json_names(Asked{}))
    if (out.size() < kAskedThings && !answer_key(asked, on_record(known, asked)).empty()) out.push_back(asked);
  return out;
}

bool all_right(const KnownThings& known, const std::vector<GivenAnswer>& given) {
  const auto asked = asked_of(known);
  if (asked.size() != kAskedThings || given.size() != kAskedThings) return false;
  return std::ranges::all_of(asked, [&](Asked a) {
    return std::ranges::count_if(given, [&](const GivenAnswer& g) {
             return g.asked == a && answer_key(a, g.text.get()) == answer_key(a, on_record(known, a));
           }) == 1;
  });
}

base::Duration shut_for(std::int64_t wrong_answers) {
  if (wrong_answers < kFreeTries) return {};
  const auto doublings = std::min<std::int64_t>(wrong_answers - kFreeTries, 7);
  return std::min(base::Duration::seconds(std::int64_t{15} * 60) * (std::int64_t{1} << doublings), base::Duration::seconds(24 * 3'600));
}

}  // namespace care
