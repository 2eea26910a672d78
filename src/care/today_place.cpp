// SPDX-License-Identifier: Apache-2.0
// See today_place.h.
#include "care/today_place.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

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

// One or two letters at the beginning of a word, one or two figures, and the inward half, "4AB", as a word of its own or at the end of
// that one ("SW1A4AB"). Not "the 36 bus", which has one in its middle.
bool has_postcode(std::string_view text) {
  std::string flat;
  std::vector<bool> begins;  // a word, at each of them; and one more at the end
  bool between = true;
  for (const char c : text) {
    if (letter(c) || digit(c)) {
      flat += c;
      begins.push_back(between);
    }
    between = !letter(c) && !digit(c);
  }
  begins.push_back(true);
  for (std::size_t i = 0; i + 5 <= flat.size(); ++i) {
    if (!letter(flat[i]) || !begins[i]) continue;
    std::size_t at = i;
    while (at < flat.size() && at < i + 2 && letter(flat[at])) ++at;
    for (std::size_t figures = 1; figures <= 2 && at + figures + 2 < flat.size() && digit(flat[at + figures - 1]); ++figures) {
      std::size_t in = at + figures;
      if (letter(flat[in]) && in + 3 < flat.size()) ++in;  // "SW1A"
      if (in + 2 < flat.size() && digit(flat[in]) && letter(flat[in + 1]) && letter(flat[in + 2]) && begins[in + 3]) return true;
    }
  }
  return false;
}

// Where in a building or on the way somebody is: what brings nobody to its door.
bool within(std::string_view word) {
  constexpr std::array<std::string_view, 18> kWithin{"floor", "storey", "level", "upstairs", "downstairs", "basement", "table", "platform", "bus",
                                                     "coach", "train", "carriage", "llawr", "lawr", "bwrdd", "platfform", "bws", "cerbyd"};
  return std::ranges::find(kWithin, word) != kWithin.end();
}
// What may stand beside it: "on the 2nd floor", "ground floor", "yr ail lawr".
bool beside(std::string_view word) {
  constexpr std::array<std::string_view, 20> kBeside{"the", "on", "in", "at", "a", "ground", "first", "second", "third", "top",
                                                     "upper", "lower", "number", "ar", "y", "yr", "ail", "cyntaf", "trydydd", "gwaelod"};
  return std::ranges::find(kBeside, word) != kBeside.end();
}

std::vector<std::string> words_of(std::string_view part) {
  std::vector<std::string> out(1);
  for (const char c : part) {
    if (letter(c) || digit(c) || static_cast<unsigned char>(c) >= 0x80) {
      out.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

// What an address says of a door: its parts between commas and line ends, and whether a number of a house may be among them. A floor,
// a table or a platform is neither ("Costa, 2nd floor").
struct Door {
  std::size_t parts = 0;
  bool number = false;
};
Door door_of(std::string_view text) {
  Door door;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",\n"), text.size());
    const std::string part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto words = words_of(part);
    const auto inside = [&](const std::string& word) { return within(word) || beside(word) || digit(word.front()); };
    if (part.size() < 2 || (std::ranges::any_of(words, within) && std::ranges::all_of(words, inside))) continue;
    ++door.parts;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool of_within = (i > 0 && within(words[i - 1])) || (i + 1 < words.size() && within(words[i + 1]));
      door.number = door.number || (std::ranges::any_of(words[i], digit) && !of_within);
    }
  }
  return door;
}

// A postcode finds the street, and so does a street with its town; a number with one of them the door.
bool finds_a_door(std::string_view address) {
  const Door door = door_of(address);
  return (has_postcode(address) && address.size() >= 8) || door.parts >= 3 || (door.number && door.parts >= 2);
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
