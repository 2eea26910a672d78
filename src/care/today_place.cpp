// SPDX-License-Identifier: Apache-2.0
// See today_place.h.
#include "care/today_place.h"

#include <algorithm>
#include <string_view>

namespace care {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(kSpace) - from + 1));
}

// The inward half of a postcode, "4AB", as a word of its own or at the end of one ("SW1A4AB"), after one or two letters and one
// or two figures.
bool has_postcode(std::string_view text) {
  std::string flat;
  for (const char c : text)
    if (letter(c) || digit(c)) flat += c;
  for (std::size_t i = 0; i + 5 <= flat.size(); ++i) {
    if (!letter(flat[i])) continue;
    std::size_t at = i;
    while (at < flat.size() && at < i + 2 && letter(flat[at])) ++at;
    for (std::size_t figures = 1; figures <= 2 && at + figures + 2 < flat.size() && digit(flat[at + figures - 1]); ++figures) {
      std::size_t in = at + figures;
      if (letter(flat[in]) && in + 3 < flat.size()) ++in;  // "SW1A"
      if (in + 2 < flat.size() && digit(flat[in]) && letter(flat[in + 1]) && letter(flat[in + 2])) return true;
    }
  }
  return false;
}

// Parts between commas and line ends that say something.
std::size_t parts_of(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",\n"), text.size());
    if (trimmed(text.substr(0, end)).size() >= 2) ++count;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return count;
}

bool finds_a_door(std::string_view address) {
  const bool number = std::ranges::any_of(address, digit);
  return (number && has_postcode(address) && address.size() >= 8) || parts_of(address) >= 3 || (number && parts_of(address) >= 2);
}

// "///filled.count.soap"; letters of any language.
bool three_words(std::string_view text) {
  std::size_t dots = 0, word = 0;
  for (const char c : text) {
    if (c == '.') {
      if (word < 2) return false;
      ++dots;
      word = 0;
    } else if (letter(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80) {
      ++word;
    } else {
      return false;
    }
  }
  return dots == 2 && word >= 2;
}

std::unexpected<FieldFaults> wrong(std::string pointer, std::string code, std::string words) {
  return std::unexpected(FieldFaults{{std::move(pointer), std::move(code), std::move(words)}});
}

}  // namespace

base::Result<SaidPlace, FieldFaults> decide_place(const SaidPlace& said, bool address_confirmed) {
  SaidPlace out{.kind = said.kind, .text = trimmed(said.text), .ward = trimmed(said.ward)};
  switch (out.kind) {
    case PlaceKind::declined: return SaidPlace{};
    case PlaceKind::home:
      if (!address_confirmed) return wrong("/place/kind", "no-address", "We have no confirmed address for you. Please write where you are");
      return SaidPlace{.kind = PlaceKind::home, .text = {}, .ward = {}};
    case PlaceKind::what3words:
      out.text.erase(0, std::min(out.text.find_first_not_of('/'), out.text.size()));
      out.ward.clear();
      if (!three_words(out.text)) return wrong("/place/text", "three-words", "Write three words with a dot between them, like filled.count.soap");
      return out;
    case PlaceKind::address:
      out.ward.clear();
      if (!finds_a_door(out.text))
        return wrong("/place/text", "not-precise", "Write number or name, street and town or postcode, so that help finds you");
      return out;
    case PlaceKind::hospital:
      if (out.text.empty()) return wrong("/place/text", "missing", "Write the name of the hospital or building");
      if (out.ward.empty()) return wrong("/place/ward", "missing", "Write the ward or room");
      return out;
  }
  return SaidPlace{};
}

}  // namespace care
