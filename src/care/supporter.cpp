// SPDX-License-Identifier: Apache-2.0
// See supporter.h.
#include "care/supporter.h"

#include <algorithm>

#include "care/group.h"
#include "care/membership.h"

namespace care {
namespace {
constexpr std::size_t kName = 120;
}

base::Result<NewSupporter, FieldFaults> settle(NewSupporter s, const std::vector<Personal>& others) {
  FieldFaults faults;
  check_line(s.name.get(), "/name", 1, kName, faults);
  check_alias(s.alias.get(), 1, others, faults);
  if (!stripped(s.contacts.email.get()).empty()) {
    if (auto email = parse_email(s.contacts.email.get())) {
      s.contacts.email = std::move(*email);
    } else {
      faults.push_back({"/contacts/email", "email", "Enter a whole email address, or leave it empty"});
    }
  } else {
    s.contacts.email = {};
  }
  if (auto mobile = parse_telephone(s.contacts.mobile.get()); mobile && takes_texts(mobile->get())) {
    s.contacts.mobile = std::move(*mobile);
  } else {
    faults.push_back({"/contacts/mobile", "mobile", "Enter a mobile number: their link asks for its last four numbers"});
  }
  if (auto postcode = parse_postcode(s.contacts.postcode.get())) {
    s.contacts.postcode = std::move(*postcode);
  } else {
    faults.push_back({"/contacts/postcode", "postcode", "Enter a postcode: their link asks for it"});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return s;
}

}  // namespace care
