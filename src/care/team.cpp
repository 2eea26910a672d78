// SPDX-License-Identifier: Apache-2.0
// See team.h.
#include "care/team.h"

#include <algorithm>

#include "care/group.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr std::size_t kName = 120, kNumber = 40, kLeastDigits = 3;

// As people write it: digits, spaces, "+", brackets and hyphens.
void check_number(std::string& number, std::size_t least, FieldFaults& faults) {
  const std::size_t before = faults.size();
  check_line(number, "/dutyNumber", least, kNumber, faults);
  if (faults.size() != before || number.empty()) return;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool known = std::ranges::all_of(number, [&](char c) { return digit(c) || std::string_view(" +()-").find(c) != std::string_view::npos; });
  if (!known || std::ranges::count_if(number, digit) < static_cast<std::ptrdiff_t>(kLeastDigits))
    faults.push_back({"/dutyNumber", "telephone", "Enter a phone number, like 01632 960 001"});
}

}  // namespace

base::Result<TrustForm, FieldFaults> decide_trust(TrustForm wanted) {
  FieldFaults faults;
  check_line(wanted.name, "/name", 1, kName, faults);
  if (!Zone::find(wanted.zone)) faults.push_back({"/zone", "zone", "Choose a time zone, like Europe/London"});
  check_number(wanted.duty_number, 1, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return wanted;
}

base::Result<ServiceForm, FieldFaults> decide_service(ServiceForm wanted, bool name_taken) {
  FieldFaults faults;
  check_line(wanted.name, "/name", 1, kName, faults);
  if (name_taken) faults.push_back({"/name", "taken", "Another service has this name"});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return wanted;
}

base::Result<TeamForm, FieldFaults> decide_team(TeamForm wanted, const AroundTeam& around) {
  FieldFaults faults;
  check_line(wanted.name, "/name", 1, kName, faults);
  check_number(wanted.duty_number, 0, faults);
  if (!around.service_known) faults.push_back({"/service", "unknown-value", "Choose one of the services"});
  if (around.name_taken) faults.push_back({"/name", "taken", "Another team of this service has this name"});
  const bool was_closed = around.before && around.before->closed;
  if (wanted.closed && !around.before) faults.push_back({"/closed", "new", "A new team is open"});
  if (wanted.closed && !was_closed && around.open_groups > 0)
    faults.push_back({"/closed", "open-groups",
                      around.open_groups == 1 ? std::string("One group of this team is still open. Close it first")
                                              : std::to_string(around.open_groups) + " groups of this team are still open. Close them first"});
  if (!around.administrator && around.before) {
    constexpr std::string_view kWords = "An administrator changes this";
    if (wanted.name != around.before->name) faults.push_back({"/name", "administrator", std::string(kWords)});
    if (wanted.service != around.before->service) faults.push_back({"/service", "administrator", std::string(kWords)});
    if (wanted.closed != around.before->closed) faults.push_back({"/closed", "administrator", std::string(kWords)});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return wanted;
}

}  // namespace care
