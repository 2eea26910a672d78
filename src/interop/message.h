// SPDX-License-Identifier: Apache-2.0
// A message to a member or a supporter: what it may be about, how it goes out, filling in its words, the check that it names
// neither group, service nor another member, the safe hours, and when to try again. Not here: SQL (message_table), the bytes of
// an e-mail (mail.h), sending (app/). Invariant: nothing is sent that names_somebody() finds a name in. Pure; any thread.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/redacted.h"
#include "care/field_fault.h"
#include "care/group.h"
#include "care/need.h"
#include "care/zone.h"

namespace interop {

enum class Kind : std::uint8_t { invitation, reminder, moved, cancelled, contact_check };
constexpr auto json_names(Kind) {
  using enum Kind;
  return std::array<base::json::Names<Kind>, 5>{
      {{invitation, "invitation"}, {reminder, "reminder"}, {moved, "moved"}, {cancelled, "cancelled"}, {contact_check, "contact_check"}}};
}
// telephone: the team calls; nothing goes out by itself.
enum class Channel : std::uint8_t { email, sms, letter, telephone };
constexpr auto json_names(Channel) {
  using enum Channel;
  return std::array<base::json::Names<Channel>, 4>{{{email, "email"}, {sms, "sms"}, {letter, "letter"}, {telephone, "telephone"}}};
}
// How a person reads best, as their record says. Braille and audio are made by people: the message goes out as text, and staff are told.
using Format = care::PreferredFormat;
[[nodiscard]] constexpr bool made_by_people(Format f) { return f == Format::braille || f == Format::audio; }
// Words are written twice: as usual, and for Easy Read (one short sentence after the other).
enum class Form : std::uint8_t { standard, easy_read };
constexpr auto json_names(Form) {
  return std::array<base::json::Names<Form>, 2>{{{Form::standard, "standard"}, {Form::easy_read, "easy_read"}}};
}
template <class E>
[[nodiscard]] std::optional<E> parse_named(std::string_view text) {
  for (const auto& [value, name] : json_names(E{}))
    if (name == text) return value;
  return std::nullopt;
}

// The words of one kind in one language. {name} and the like stand for what is filled in.
struct Words {
  std::string subject, body, sms;  // the body's paragraphs are parted by empty lines
  bool operator==(const Words&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("subject", &Words::subject, {.least = 1, .most = 300}), field("body", &Words::body, {.least = 1, .most = 8'000}),
                      field("sms", &Words::sms, {.least = 1, .most = 1'000})};
  }
};
using Values = std::map<std::string, std::string, std::less<>>;
// What may be filled in: name, day, time, minutes, old_day, old_time, how, link, phone, code.
[[nodiscard]] const std::vector<std::string_view>& placeholders();
[[nodiscard]] std::string filled(std::string_view words, const Values& values);

// Where the text holds one of these names as whole words, whatever the case of its letters; the name that was found.
[[nodiscard]] bool names_somebody(std::string_view text, const std::vector<std::string>& names);
// How a person takes part in one session, as far as a message says it.
struct Taking {
  std::optional<care::Way> way;  // as they said; nothing: not yet
  std::vector<care::Way> ways;   // that the session offers
  std::string held_on;           // "quietroom", "in_person" or the name of other software
  std::string venue, directions;
  std::string by_phone;          // which number to ring to take part, and what then
  std::string phone;             // of the team
  bool supporter = false;
  bool join_address = false;     // of other software: their page shows it
  bool left_out = false;         // where they come to, or what they ring, would name the group, the service or somebody
};
// {how}: one or two sentences. Where they come to is said to those who come in person alone, and what to ring to those on the phone.
[[nodiscard]] std::string how_words(const Taking& taking, std::string_view language);

// A template as somebody wants it: known placeholders alone, the link in an invitation, the code in a check, no name in it.
[[nodiscard]] care::FieldFaults check_words(Kind kind, const Words& words, const std::vector<std::string>& names);

// When somebody may be reached: days 1 (Monday) to 7, from and to as "09:00"; none: any time.
struct Hours {
  std::vector<int> days;
  std::string from, to;
  bool operator==(const Hours&) const = default;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("days", &Hours::days), field("from", &Hours::from), field("to", &Hours::to)};
  }
};
// `now` where it is within them, else the next beginning. Hours that can never be are never: nothing is sent.
[[nodiscard]] std::optional<base::WallTime> next_safe(const std::vector<Hours>& hours, const care::Zone& zone, base::WallTime now);

// How sending went.
struct Sent {
  enum class How : std::uint8_t { sent, temporary, permanent, kept } how = How::temporary;
  std::string code;  // "smtp-550", "no-answer"
};
// After this many tries: 1, 2, 4 … minutes, an hour at most; after a day of trying it has failed.
[[nodiscard]] base::Duration pause_after(std::int64_t tries);
inline constexpr std::int64_t kMostTries = 30;
// Longer than any one try may take.
inline constexpr auto kLease = base::Duration::seconds(120);

// "Monday 23 November 2026" (or in Welsh), "2 pm", "2.30 pm".
[[nodiscard]] std::string day_words(care::LocalDate date, std::string_view language);
[[nodiscard]] std::string time_words(care::ClockTime time, std::string_view language);

// One sentence a line, for Easy Read.
[[nodiscard]] std::string one_sentence_a_line(std::string_view text);

// The program's own words. Welsh where `language` begins with "cy", else English. There is no Easy Read in Welsh of the program's own:
// then the words are those of the standard form.
[[nodiscard]] const Words& default_words(Kind kind, std::string_view language, Form form = Form::standard);
[[nodiscard]] std::string_view words_language(std::string_view language);  // "cy" or "en"

}  // namespace interop
