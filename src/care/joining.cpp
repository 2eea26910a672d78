// SPDX-License-Identifier: Apache-2.0
// See joining.h.
#include "care/joining.h"

#include <algorithm>

#include "care/person_contact.h"

namespace care {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kLongest = 2'000;

// The characters of RFC 3986 section 2, and no user in the authority (section 3.2.1): what stands there is read as the host by nobody
// who looks, and taken for a name by the browser.
bool is_https(std::string_view text) {
  if (!text.starts_with(kScheme)) return false;
  constexpr std::string_view kMarks = "-._~:/?#[]@!$&'()*+,;=%";
  if (!std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.contains(c);
      }))
    return false;
  const std::string_view rest = text.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  return !authority.empty() && authority.front() != ':' && !authority.contains('@');
}

}  // namespace

base::Result<base::Redacted<std::string>, FieldFaults> decide_joining(const WantedJoining& wanted) {
  std::string text(stripped(wanted.address.get()));
  if (text.size() > kLongest) return std::unexpected(FieldFaults{{"/address", "too-long", "Give an address of up to 2,000 characters"}});
  if (!text.empty() && !is_https(text))
    return std::unexpected(FieldFaults{{"/address", "address", "Give the whole address, beginning with https://"}});
  return base::Redacted<std::string>(std::move(text));
}

}  // namespace care
