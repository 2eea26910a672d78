// SPDX-License-Identifier: Apache-2.0
// Small reading of text lines: split, trim, whole-number parse, alphabets. For the SDP files only; nothing here
// allocates except words(). Not a general string library.
#pragma once
#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <string_view>
#include <vector>

namespace wire::sdp {

[[nodiscard]] constexpr std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// Takes what stands before `separator` off the front of `rest`, and the separator; all of it where there is none.
[[nodiscard]] constexpr std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view head = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return head;
}

// Next word of a line whose words are parted by one or more spaces; empty at the end.
[[nodiscard]] constexpr std::string_view take_word(std::string_view& rest) {
  rest = trim(rest);
  return take_until(rest, ' ');
}

[[nodiscard]] inline std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) out.push_back(word);
  return out;
}

// Digits only, and within T.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> number(std::string_view s) {
  T value{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (s.empty() || error != std::errc{} || end != s.data() + s.size()) return {};
  return value;
}

[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Alphanumeric or one of `others`, and between the lengths.
[[nodiscard]] constexpr bool made_of(std::string_view s, std::string_view others, std::size_t min, std::size_t max) {
  return s.size() >= min && s.size() <= max &&
         std::ranges::all_of(s, [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

[[nodiscard]] constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// std::ranges::contains, which this standard library does not have yet.
template <class Range, class T, class Projection = std::identity>
[[nodiscard]] constexpr bool contains(const Range& range, const T& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace wire::sdp
