// SPDX-License-Identifier: Apache-2.0
// See person.h.
#include "care/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "care/nhs_number.h"

namespace care {
namespace {

constexpr std::size_t kLongestName = 200, kLongestLine = 100, kLongestNote = 500, kMostLines = 6, kMostHours = 14;

std::optional<int> figures(std::string_view s) {
  int n = 0;
  if (s.empty() || !std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  if (std::from_chars(s.data(), s.data() + s.size(), n).ec != std::errc{}) return std::nullopt;
  return n;
}

// "24:00" ends a day (ISO 8601-1 section 5.3.1.2).
std::optional<int> minutes_of(std::string_view clock) {
  if (clock.size() != 5 || clock[2] != ':') return std::nullopt;
  const auto h = figures(clock.substr(0, 2)), m = figures(clock.substr(3));
  if (!h || !m || *m > 59 || *h * 60 + *m > 24 * 60) return std::nullopt;
  return *h * 60 + *m;
}

// Collects what is wrong below one pointer.
class Check {
 public:
  Check(std::string_view at, Date today) : at_(at), today_(today) {}
  FieldFaults faults;

  void say(std::string_view pointer, std::string_view code, std::string_view words) {
    faults.push_back({at_ + std::string(pointer), std::string(code), std::string(words)});
  }
  void text(Personal& field, std::size_t most, std::string_view pointer, bool lines = false) {
    settle_text(field.get(), most, lines, at_ + std::string(pointer), faults);
  }
  void telephone(Personal& field, std::string_view pointer) {
    if (stripped(field.get()).empty()) return field.get().clear();
    if (auto number = parse_telephone(field.get())) {
      field = std::move(*number);
    } else {
      say(pointer, "telephone", "Enter a telephone number, like 01632 960 001, 07700 900 982 or +353 1 234 5678");
    }
  }
  void past_date(base::json::Nullable<Personal>& field, std::string_view pointer, std::string_view late) {
    if (!field.value) return;
    const auto date = parse_date(field.value->get());
    if (!date) return say(pointer, "date", "Enter a real date, like 1984-03-27");
    if (*date > today_) return say(pointer, "date-late", late);
    if (date->year() < std::chrono::year{1890}) say(pointer, "date-early", "This date is too long ago");
  }

 private:
  std::string at_;
  Date today_;
};

void settle_names(Identity& it, Check& check) {
  check.text(it.legal_name, kLongestName, "/legalName");
  check.text(it.preferred_name, kLongestName, "/preferredName");
  if (it.legal_name.get().empty()) check.say("/legalName", "missing", "Enter the person’s full name");
  if (stripped(it.nhs_number.get()).empty()) {
    it.nhs_number.get().clear();
  } else if (auto number = parse_nhs_number(it.nhs_number.get())) {
    it.nhs_number = std::move(*number);
  } else if (number.error() == NhsNumberFault::wrong_check) {
    check.say("/nhsNumber", "nhs-number-check", "This NHS number has a mistake in it. Check each digit");
  } else {
    check.say("/nhsNumber", "nhs-number", "An NHS number has 10 digits, like 999 000 0018");
  }
  check.past_date(it.birth_date, "/birthDate", "The date of birth must be in the past");
}

void settle_contacts(Contacts& it, Check& check) {
  if (stripped(it.email.get()).empty()) {
    it.email.get().clear();
  } else if (auto email = parse_email(it.email.get())) {
    it.email = std::move(*email);
  } else {
    check.say("/contacts/email", "email", "Enter an e-mail address, like name@example.org");
  }
  check.telephone(it.mobile, "/contacts/mobile");
  check.telephone(it.telephone, "/contacts/telephone");
  if (!it.mobile.get().empty() && it.mobile.get().starts_with("+44") && !takes_texts(it.mobile.get()))
    check.say("/contacts/mobile", "mobile", "This is not a mobile number. Enter it as the other telephone number");
  for (std::size_t i = 0; i < it.address.size(); ++i)
    check.text(it.address[i], kLongestLine, "/contacts/address/" + std::to_string(i));
  while (!it.address.empty() && it.address.back().get().empty()) it.address.pop_back();
  if (it.address.size() > kMostLines) check.say("/contacts/address", "address-lines", "An address has at most 6 lines");
  if (stripped(it.postcode.get()).empty()) {
    it.postcode.get().clear();
  } else if (auto postcode = parse_postcode(it.postcode.get())) {
    it.postcode = std::move(*postcode);
  } else {
    check.say("/contacts/postcode", "postcode", "Enter a UK postcode, like LS1 4AP. Write one from abroad as a line of the address");
  }
  check.past_date(it.address_confirmed, "/contacts/addressConfirmed", "The day on which the address was confirmed must be in the past");
}

void settle_hours(SafeContact& it, Check& check) {
  if (it.hours.size() > kMostHours) check.say("/safeContact/hours", "hours", "Give at most 14 stretches of time");
  for (std::size_t i = 0; i < it.hours.size(); ++i) {
    const std::string at = "/safeContact/hours/" + std::to_string(i);
    SafeHours& h = it.hours[i];
    std::ranges::sort(h.days);
    h.days.erase(std::ranges::unique(h.days).begin(), h.days.end());
    if (h.days.empty() || h.days.front() < 1 || h.days.back() > 7)
      check.say(at + "/days", "days", "Choose at least one day of the week");
    const auto from = minutes_of(h.from), to = minutes_of(h.to);
    if (!from) check.say(at + "/from", "time", "Enter a time, like 09:30");
    if (!to) check.say(at + "/to", "time", "Enter a time, like 17:00");
    if (from && to && *from >= *to) check.say(at + "/to", "time-order", "The end must be later than the start");
  }
}

// A method that cannot reach them is no safe method.
void settle_safe_contact(Identity& it, Check& check) {
  check.text(it.safe_contact.note, kLongestNote, "/safeContact/note", true);
  settle_hours(it.safe_contact, check);
  if (!it.safe_contact.method.value) return;
  const Contacts& c = it.contacts;
  const auto lacking = [&](std::string_view words) { check.say("/safeContact/method", "method-lacks-contact", words); };
  switch (*it.safe_contact.method.value) {
    case SafeMethod::email:
      if (c.email.get().empty()) lacking("Enter an e-mail address first, or choose another safe way");
      break;
    case SafeMethod::sms:
      if (c.mobile.get().empty()) lacking("Enter a mobile number first, or choose another safe way");
      break;
    case SafeMethod::telephone:
      if (c.mobile.get().empty() && c.telephone.get().empty()) lacking("Enter a telephone number first, or choose another safe way");
      break;
    case SafeMethod::letter:
      if (c.address.empty()) lacking("Enter an address first, or choose another safe way");
      break;
    case SafeMethod::none: break;
  }
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = figures(text.substr(0, 4)), m = figures(text.substr(5, 2)), d = figures(text.substr(8));
  if (!y || !m || !d) return std::nullopt;
  const Date date{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*m)}, std::chrono::day{static_cast<unsigned>(*d)}};
  return date.ok() ? std::optional(date) : std::nullopt;
}

Date date_of(base::WallTime at) {
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{at.us}});
}


const Personal& called(const Personal& legal_name, const Personal& preferred_name) {
  return preferred_name.get().empty() ? legal_name : preferred_name;
}

void settle_text(std::string& text, std::size_t most, bool lines, const std::string& pointer, FieldFaults& faults) {
  text = std::string(stripped(text));
  std::erase(text, '\r');
  const bool control = std::ranges::any_of(text, [&](char c) {
    const auto b = static_cast<unsigned char>(c);
    return (b < 0x20 && !(lines && (c == '\n' || c == '\t'))) || b == 0x7f;
  });
  if (control) faults.push_back({pointer, "characters", "This holds a character that cannot be shown. Delete it, or type it again"});
  // Characters, not bytes: a name in Arabic letters may be as long as one in Latin letters.
  const auto length = std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
  if (std::cmp_greater(length, most))
    faults.push_back({pointer, "too-long", "Enter at most " + std::to_string(most) + " characters"});
}

base::Result<Identity, FieldFaults> settle(Identity typed, Date today, std::string_view at) {
  Check check(at, today);
  settle_names(typed, check);
  settle_contacts(typed.contacts, check);
  settle_safe_contact(typed, check);
  check.text(typed.emergency_contact.name, kLongestName, "/emergencyContact/name");
  check.text(typed.emergency_contact.relation, kLongestLine, "/emergencyContact/relation");
  check.telephone(typed.emergency_contact.telephone, "/emergencyContact/telephone");
  if (typed.emergency_contact.telephone.get().empty() && !typed.emergency_contact.name.get().empty())
    check.say("/emergencyContact/telephone", "missing", "Enter the telephone number of the emergency contact");
  if (!check.faults.empty()) return std::unexpected(std::move(check.faults));
  return typed;
}

}  // namespace care
