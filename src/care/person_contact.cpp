// SPDX-License-Identifier: Apache-2.0
// See person_contact.h.
#include "care/person_contact.h"

#include <algorithm>

namespace care {
namespace {

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool small(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr char to_small(char c) { return capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_capital(char c) { return small(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// A9, A99, AA9, AA99, A9A, AA9A.
bool good_outward(std::string_view s) {
  std::string shape;
  for (const char c : s) shape += digit(c) ? '9' : capital(c) ? 'A' : '?';
  constexpr std::string_view kShapes[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};
  return std::ranges::find(kShapes, shape) != std::end(kShapes) || s == "GIR";
}
// 9AA, without the letters that are taken for figures.
bool good_inward(std::string_view s) {
  const auto letter = [](char c) { return capital(c) && std::string_view("CIKMOV").find(c) == std::string_view::npos; };
  return s.size() == 3 && digit(s[0]) && letter(s[1]) && letter(s[2]);
}

// RFC 5321 section 4.1.2 "Atom", and what is beyond ASCII (RFC 6531).
bool atom_char(char c) {
  return digit(c) || small(to_small(c)) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool label_char(char c) { return digit(c) || small(to_small(c)) || c == '-' || static_cast<unsigned char>(c) >= 0x80; }

// Parts between dots: none empty, each of good characters.
template <class Good>
bool dotted(std::string_view s, std::size_t most, Good good) {
  while (true) {
    const std::size_t dot = std::min(s.find('.'), s.size());
    const std::string_view part = s.substr(0, dot);
    if (part.empty() || part.size() > most || !std::ranges::all_of(part, good)) return false;
    if (dot == s.size()) return true;
    s.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n\v\f";
  const std::size_t from = text.find_first_not_of(kWhite);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(kWhite) - from + 1);
}

std::optional<Personal> parse_telephone(std::string_view typed) {
  typed = stripped(typed);
  if (typed.size() > 40) return std::nullopt;
  std::string text(typed);
  const bool abroad = text.starts_with('+') || text.starts_with("00");
  if (const std::size_t trunk = text.find("(0)"); abroad && trunk != std::string::npos) text.erase(trunk, 3);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (digit(c)) {
      digits += c;
    } else if (std::string_view(" -.()/").find(c) == std::string_view::npos && !(c == '+' && i == 0)) {
      return std::nullopt;
    }
  }
  if (text.starts_with("00")) digits.erase(0, 2);
  if (!abroad) {
    if (!digits.starts_with('0')) return std::nullopt;
    digits.replace(0, 1, "44");
  }
  // "+44 020 …" is often written, and can only mean one number.
  if (digits.starts_with("440")) digits.erase(2, 1);
  if (digits.empty() || digits[0] == '0') return std::nullopt;
  if (digits.starts_with("44")) {
    const std::size_t national = digits.size() - 2;
    if (national < 9 || national > 10 || std::string_view("123578").find(digits[2]) == std::string_view::npos) return std::nullopt;
  }
  if (digits.size() < 8 || digits.size() > 15) return std::nullopt;
  return Personal("+" + digits);
}

bool takes_texts(std::string_view number) {
  if (!number.starts_with("+44")) return number.starts_with('+');
  return number.size() == 13 && number[3] == '7' && number[4] != '0' && number[4] != '6';
}

std::optional<Personal> parse_postcode(std::string_view typed) {
  std::string s;
  for (const char c : stripped(typed))
    if (c != ' ') s += to_capital(c);
  if (s.size() < 5 || s.size() > 7) return std::nullopt;
  const std::string outward = s.substr(0, s.size() - 3), inward = s.substr(s.size() - 3);
  if (!good_outward(outward) || !good_inward(inward)) return std::nullopt;
  return Personal(outward + " " + inward);
}

std::optional<Personal> parse_email(std::string_view typed) {
  typed = stripped(typed);
  const std::size_t at = typed.find('@');
  if (typed.size() > 254 || at == std::string_view::npos || at > 64) return std::nullopt;
  const std::string_view local = typed.substr(0, at), domain = typed.substr(at + 1);
  if (!dotted(local, 64, atom_char) || !dotted(domain, 63, label_char) || domain.find('.') == std::string_view::npos)
    return std::nullopt;
  std::string out(local);
  out += '@';
  for (const char c : domain) out += to_small(c);
  return Personal(std::move(out));
}

}  // namespace care
