// SPDX-License-Identifier: Apache-2.0
// See account.h.
#include "identity/account.h"

#include <algorithm>
#include <array>

namespace identity {
namespace {

constexpr std::size_t kLeastPassword = 12, kMostPassword = 200, kMostName = 200, kMostEmail = 254;

std::string trimmed(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Enough of RFC 5321 section 4.1.2 to catch slips of the finger.
bool good_email(std::string_view e) {
  const std::size_t at = e.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || e.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view domain = e.substr(at + 1);
  if (domain.size() < 3 || domain.find('.') == std::string_view::npos || domain.front() == '.' || domain.back() == '.') return false;
  return e.find("..") == std::string_view::npos && std::ranges::all_of(e, [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  });
}

// Facilitators and team leads are those of a team; the others reach over the trust (docs/access.md).
bool of_a_team(care::Role role) { return role == care::Role::facilitator || role == care::Role::team_lead; }

// From the lists of passwords that are tried first, those that are long enough to pass otherwise.
constexpr std::array<std::string_view, 24> kCommon{
    "password1234",   "passwordpassword", "password12345",  "123456789012",  "1234567890123", "12345678901234", "qwertyuiop123", "qwertyuiopas",
    "qwerty123456",   "administrator",    "letmeinletmein", "iloveyou1234",  "welcome12345",  "welcome123456",  "changeme1234",  "liverpool123",
    "manchester12",   "chelsea12345",     "arsenal12345",   "abcdefghijkl",  "abcdefghijklm", "sunshine1234",   "princess1234",  "football1234"};

bool holds_administrator(const AccountForm& f) {
  return f.active && std::ranges::any_of(f.standings, [](const RoleAt& r) { return r.role == care::to_text(care::Role::administrator); });
}

}  // namespace

std::string normalised_email(std::string_view text) { return lower(trimmed(text)); }

base::Result<AccountForm, Faults> checked(const AccountForm& form) {
  Faults faults;
  AccountForm out = form;
  out.name = trimmed(form.name);
  out.email = normalised_email(form.email);
  if (out.name.empty()) faults.push_back({"/name", "missing", "Enter the person’s name"});
  if (out.name.size() > kMostName) faults.push_back({"/name", "too-long", "A name can have up to 200 letters"});
  if (has_control(out.name)) faults.push_back({"/name", "letters", "A name cannot hold line breaks or control signs"});
  if (out.email.empty()) {
    faults.push_back({"/email", "missing", "Enter a work e-mail address"});
  } else if (out.email.size() > kMostEmail || !good_email(out.email)) {
    faults.push_back({"/email", "email", "Enter an e-mail address like name@example.nhs.uk"});
  }
  for (std::size_t i = 0; i < out.standings.size(); ++i) {
    const RoleAt& r = out.standings[i];
    const std::string at = "/standings/" + std::to_string(i);
    const auto role = care::parse_role(r.role);
    if (!role || *role == care::Role::member || *role == care::Role::supporter) {
      faults.push_back({at + "/role", "unknown-value", "Choose one of the roles"});
    } else if (of_a_team(*role) && !r.team.value) {
      faults.push_back({at + "/team", "missing", "Choose the team that this role is for"});
    } else if (!of_a_team(*role) && r.team.value) {
      faults.push_back({at + "/team", "not-asked", "This role is for the whole trust: leave the team out"});
    }
    if (std::ranges::count(out.standings, r) > 1) faults.push_back({at, "twice", "This role is there twice"});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return out;
}

base::Result<AccountChanges, Faults> decide(const AccountState& state, const AccountForm& wanted) {
  auto form = checked(wanted);
  if (!form) return std::unexpected(form.error());
  AccountChanges out{.next = std::move(*form), .given = {}, .taken = {}, .ends_sign_ins = false};
  for (const auto& r : out.next.standings)
    if (std::ranges::find(state.now.standings, r) == state.now.standings.end()) out.given.push_back(r);
  for (const auto& r : state.now.standings)
    if (std::ranges::find(out.next.standings, r) == out.next.standings.end()) out.taken.push_back(r);
  out.ends_sign_ins = state.now.active && !out.next.active;
  const bool loses = holds_administrator(state.now) && !holds_administrator(out.next);
  if (state.own && loses)
    return std::unexpected(Faults{{out.next.active ? "/standings" : "/active", "own", "Another administrator has to do this to your account"}});
  // An administrator sees no patient: what would let them is another's to give.
  if (state.own && !out.given.empty()) return std::unexpected(Faults{{"/standings", "own", "Another administrator has to do this to your account"}});
  if (state.last_administrator && loses)
    return std::unexpected(Faults{{out.next.active ? "/standings" : "/active", "last", "The trust needs one administrator at least"}});
  return out;
}

Faults password_faults(const base::Redacted<std::string>& password, std::string_view name, std::string_view email, std::string_view pointer) {
  const auto fault = [&](const char* code, const char* words) { return Faults{{std::string(pointer), code, words}}; };
  const std::string& p = password.get();
  const auto letters = std::ranges::count_if(p, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  if (p.empty()) return fault("missing", "Enter a password");
  if (std::cmp_less(letters, kLeastPassword)) return fault("too-short", "Use at least 12 characters. Three words in a row are easy to remember");
  if (p.size() > kMostPassword) return fault("too-long", "Use fewer than 200 characters");
  const std::string low = lower(p);
  const std::string_view local = email.substr(0, email.find('@'));
  const bool own = (local.size() >= 4 && low.find(local) != std::string::npos) || low == lower(name) || low.find("quietroom") != std::string::npos;
  if (own) return fault("own-name", "Do not use your name, your e-mail address or the name of this service");
  const bool same = std::ranges::all_of(p, [&](char c) { return c == p.front(); });
  if (same || std::ranges::find(kCommon, low) != kCommon.end()) return fault("common", "Many people use this password. Choose another");
  return {};
}

}  // namespace identity
