// SPDX-License-Identifier: Apache-2.0
// See contact_change.h.
#include "interop/contact_change.h"

#include <fmt/format.h>

#include <algorithm>

namespace interop {
namespace {

constexpr std::size_t kAddressLine = 100, kMostLines = 6;  // as the record has them
using Personal = care::Personal;

void settle_letter(WantedContact& w, care::FieldFaults& faults) {
  std::vector<Personal> lines;
  for (auto& line : w.address) {
    care::settle_text(line.get(), kAddressLine, false, "/address", faults);
    if (!line.get().empty()) lines.push_back(std::move(line));
  }
  w.address = std::move(lines);
  if (w.address.empty()) faults.push_back({"/address", "missing", "Type your address, a line for each part"});
  if (w.address.size() > kMostLines) faults.push_back({"/address", "too-long", "Use 6 lines or fewer"});
  const auto postcode = care::parse_postcode(w.postcode.get());
  if (!postcode) {
    faults.push_back({"/postcode", "postcode", "Type your whole postcode, for example SW1A 2AA"});
  } else {
    w.postcode = *postcode;
  }
  w.to = {};
}

std::optional<Personal> settled_to(Channel method, const WantedContact& w, care::FieldFaults& faults) {
  switch (method) {
    case Channel::email:
      if (auto email = care::parse_email(w.to.get())) return email;
      faults.push_back({"/to", "email", "Type your whole email address, for example name@example.org"});
      return std::nullopt;
    case Channel::sms:
      if (auto number = care::parse_telephone(w.to.get()); number && care::takes_texts(number->get())) return number;
      faults.push_back({"/to", "mobile", "Type a mobile number that can get text messages, for example 07700 900123"});
      return std::nullopt;
    case Channel::telephone:
      if (auto number = care::parse_telephone(w.to.get())) return number;
      faults.push_back({"/to", "telephone", "Type the whole number, for example 01632 960 001"});
      return std::nullopt;
    case Channel::letter: break;
  }
  return std::nullopt;
}

care::SafeMethod method_of(Channel c) {
  switch (c) {
    case Channel::email: return care::SafeMethod::email;
    case Channel::sms: return care::SafeMethod::sms;
    case Channel::letter: return care::SafeMethod::letter;
    case Channel::telephone: return care::SafeMethod::telephone;
  }
  return care::SafeMethod::none;
}

bool same_lines(const std::vector<Personal>& a, const std::vector<Personal>& b) {
  return std::ranges::equal(a, b, [](const Personal& x, const Personal& y) { return x.get() == y.get(); });
}

}  // namespace

base::Result<WantedContact, care::FieldFaults> settle(WantedContact w) {
  care::FieldFaults faults;
  const auto method = w.method.value;
  if (!method && !w.hours) faults.push_back({"/method", "missing", "Choose how we should reach you"});
  if (method == Channel::letter) {
    settle_letter(w, faults);
  } else {
    if (!method) {
      w.to = {};
    } else if (auto to = settled_to(*method, w, faults)) {
      w.to = std::move(*to);
    }
    w.address = {};
    w.postcode = {};
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return w;
}

care::Identity applied(care::Identity i, const WantedContact& w, care::Date today) {
  if (w.hours) i.safe_contact.hours = *w.hours;
  if (!w.method.value) return i;
  i.safe_contact.method.value = method_of(*w.method.value);
  switch (*w.method.value) {
    case Channel::email: i.contacts.email = w.to; break;
    case Channel::sms: i.contacts.mobile = w.to; break;
    case Channel::telephone: i.contacts.telephone = w.to; break;
    case Channel::letter:
      i.contacts.address = w.address;
      i.contacts.postcode = w.postcode;
      i.contacts.address_confirmed.value = Personal(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(today.year()), static_cast<unsigned>(today.month()),
                                                                static_cast<unsigned>(today.day())));
      break;
  }
  return i;
}

care::FieldFaults faults_of_hours(const care::FieldFaults& of_record) {
  constexpr std::string_view kHours = "/safeContact/hours";
  care::FieldFaults out;
  for (const auto& f : of_record)
    if (f.pointer.starts_with(kHours)) out.push_back({"/hours" + f.pointer.substr(kHours.size()), f.code, f.detail});
  return out;
}

bool says_already(const care::Identity& r, const WantedContact& w) {
  if (w.hours && *w.hours != r.safe_contact.hours) return false;
  if (!w.method.value) return true;
  if (r.safe_contact.method.value != method_of(*w.method.value)) return false;
  switch (*w.method.value) {
    case Channel::email: return r.contacts.email.get() == w.to.get();
    case Channel::sms: return r.contacts.mobile.get() == w.to.get();
    case Channel::telephone: return r.contacts.telephone.get() == w.to.get();
    case Channel::letter: return same_lines(r.contacts.address, w.address) && r.contacts.postcode.get() == w.postcode.get();
  }
  return false;
}

std::string code_from(std::uint64_t random) { return fmt::format("{:06}", random % 1'000'000); }

std::string code_key(std::string_view typed) {
  std::string out;
  for (const char c : typed)
    if (c != ' ' && c != '-') out += c;
  return out;
}

}  // namespace interop
