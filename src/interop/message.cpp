// SPDX-License-Identifier: Apache-2.0
// See message.h.
#include "interop/message.h"

#include <fmt/format.h>

#include <algorithm>

namespace interop {
namespace {

constexpr int kDaysAhead = 8;

// ASCII letters small; every other byte as it is, so that names in any script are compared byte by byte.
std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}
bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool holds_word(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !in_word(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !in_word(text[at + word.size()]);
    if (begins && ends) return true;
  }
  return false;
}

// Names in braces that stand in a text.
std::vector<std::string> used_in(std::string_view words) {
  std::vector<std::string> out;
  for (std::size_t at = words.find('{'); at != std::string_view::npos; at = words.find('{', at + 1)) {
    const std::size_t end = words.find('}', at);
    out.emplace_back(end == std::string_view::npos ? words.substr(at) : words.substr(at + 1, end - at - 1));
  }
  return out;
}

}  // namespace

const std::vector<std::string_view>& placeholders() {
  static const std::vector<std::string_view> all{"name", "day", "time", "minutes", "old_day", "old_time", "how", "link", "phone", "code"};
  return all;
}

std::string filled(std::string_view words, const Values& values) {
  std::string out;
  while (!words.empty()) {
    const std::size_t at = std::min(words.find('{'), words.size());
    out += words.substr(0, at);
    words.remove_prefix(at);
    if (words.empty()) break;
    const std::size_t end = words.find('}');
    const auto value = end == std::string_view::npos ? values.end() : values.find(words.substr(1, end - 1));
    if (value == values.end()) {
      out += words.front();
      words.remove_prefix(1);
    } else {
      out += value->second;
      words.remove_prefix(end + 1);
    }
  }
  return out;
}

bool names_somebody(std::string_view text, const std::vector<std::string>& names) {
  const std::string in = folded(text);
  return std::ranges::any_of(names, [&](const std::string& name) { return !name.empty() && holds_word(in, folded(name)); });
}

care::FieldFaults check_words(Kind kind, const Words& words, const std::vector<std::string>& names) {
  care::FieldFaults faults;
  const std::array<std::pair<const char*, const std::string*>, 3> parts{
      {{"/subject", &words.subject}, {"/body", &words.body}, {"/sms", &words.sms}}};
  for (const auto& [pointer, text] : parts) {
    for (const auto& used : used_in(*text))
      if (std::ranges::find(placeholders(), used) == placeholders().end())
        faults.push_back({pointer, "unknown-placeholder", "Only the words in braces that are listed can be filled in"});
    if (names_somebody(*text, names))
      faults.push_back({pointer, "names-group", "A message must not name a group, a service or another person"});
    if (kind == Kind::invitation && text != &words.subject && text->find("{link}") == std::string::npos)
      faults.push_back({pointer, "link-missing", "Say where the link goes: {link}"});
    if (kind == Kind::contact_check && text != &words.subject && text->find("{code}") == std::string::npos)
      faults.push_back({pointer, "code-missing", "Say where the code goes: {code}"});
  }
  if (words.subject.find_first_of("\r\n") != std::string::npos) faults.push_back({"/subject", "one-line", "The subject is one line"});
  if (words.subject.find("{code}") != std::string::npos) faults.push_back({"/subject", "no-code", "The code does not belong into the subject"});
  if (words.subject.find("{link}") != std::string::npos) faults.push_back({"/subject", "no-link", "The link does not belong into the subject"});
  return faults;
}

std::optional<base::WallTime> next_safe(const std::vector<Hours>& hours, const care::Zone& zone, base::WallTime now) {
  if (hours.empty()) return now;
  const auto today = zone.shown_at(now).date;
  std::optional<base::WallTime> best;
  for (int ahead = 0; ahead < kDaysAhead; ++ahead) {
    const care::LocalDate day{today.days + ahead};
    const int weekday = (day.days + 3) % 7 + 1;  // 1970-01-01 was a Thursday
    for (const Hours& h : hours) {
      const bool whole = h.to == "24:00";  // ends with the day (ISO 8601-1 section 5.3.1.2)
      const auto from = care::parse_clock_time(h.from), to = care::parse_clock_time(whole ? "00:00" : h.to);
      if (!from || !to || (!h.days.empty() && std::ranges::find(h.days, weekday) == h.days.end())) continue;
      const base::WallTime opens = zone.place(day, *from).at, shuts = zone.place({day.days + (whole ? 1 : 0)}, *to).at;
      if (shuts <= opens || shuts <= now) continue;
      const base::WallTime then = std::max(opens, now);
      if (!best || then < *best) best = then;
    }
  }
  return best;
}

base::Duration pause_after(std::int64_t tries) {
  const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, 6);
  return std::min(base::Duration::seconds(60) * (std::int64_t{1} << doublings), base::Duration::seconds(3'600));
}

std::string day_words(care::LocalDate date, std::string_view language) {
  static constexpr std::array<const char*, 7> kDays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  static constexpr std::array<const char*, 7> kDyddiau{"Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn", "Dydd Sul"};
  static constexpr std::array<const char*, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
  static constexpr std::array<const char*, 12> kMisoedd{"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"};
  const bool welsh = words_language(language) == "cy";
  const std::string iso = care::to_text(date);
  const auto weekday = static_cast<std::size_t>((date.days + 3) % 7);
  const auto month = static_cast<std::size_t>(std::stoi(iso.substr(5, 2)) - 1);
  return fmt::format("{} {} {} {}", welsh ? kDyddiau[weekday] : kDays[weekday], std::stoi(iso.substr(8, 2)), welsh ? kMisoedd[month] : kMonths[month], iso.substr(0, 4));
}

// As the NHS content style writes times: "2pm", "10:30am", "midday".
std::string time_words(care::ClockTime time, std::string_view language) {
  const bool welsh = words_language(language) == "cy";
  const int hour = time.minutes / 60, minute = time.minutes % 60;
  if (time.minutes == 12 * 60) return welsh ? "hanner dydd" : "midday";
  if (time.minutes == 0) return welsh ? "hanner nos" : "midnight";
  const int shown = hour % 12 == 0 ? 12 : hour % 12;
  const char* half = welsh ? (hour < 12 ? "yb" : "yp") : (hour < 12 ? "am" : "pm");
  return minute == 0 ? fmt::format("{}{}", shown, half) : fmt::format("{}:{:02}{}", shown, minute, half);
}

// A sentence ends with . ! or ? before a space; what stands on a line of its own (a link, a code) stays.
std::string one_sentence_a_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    const bool ends = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (!ends || i + 2 >= text.size() || text[i + 1] != ' ') continue;
    const char next = text[i + 2];
    if (next >= 'a' && next <= 'z') continue;  // "Dr. b", "3 p.m. on"
    out += "\n\n";
    ++i;
  }
  return out;
}

std::string_view words_language(std::string_view language) { return language == "cy" || language.starts_with("cy-") ? "cy" : "en"; }

}  // namespace interop
