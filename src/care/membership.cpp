// SPDX-License-Identifier: Apache-2.0
// See membership.h.
#include "care/membership.h"

#include <algorithm>

#include "care/group.h"

namespace care {
namespace {

using enum MembershipState;
// Everything else is refused.
constexpr std::array kSteps{
    AllowedStep{referred, waiting, false},  AllowedStep{referred, prepared, false}, AllowedStep{referred, stopped, true},
    AllowedStep{referred, moved, true},     AllowedStep{waiting, prepared, false},  AllowedStep{waiting, stopped, true},
    AllowedStep{waiting, moved, true},      AllowedStep{prepared, waiting, true},   AllowedStep{prepared, joined, false},
    AllowedStep{prepared, stopped, true},   AllowedStep{prepared, moved, true},     AllowedStep{joined, completed, false},
    AllowedStep{joined, stopped, true},     AllowedStep{joined, moved, true},
};
constexpr std::size_t kMostNote = 2'000, kMostAlias = 40;

void check_target(const WantedStep& wanted, const AroundStep& around, FieldFaults& faults) {
  if (wanted.state != moved) {
    if (wanted.moved_to) faults.push_back({"/movedTo", "not-asked", "A group to move to is for a move only"});
  } else if (!wanted.moved_to) {
    faults.push_back({"/movedTo", "missing", "Choose the group that the person moves to"});
  } else if (*wanted.moved_to == around.group) {
    faults.push_back({"/movedTo", "same-group", "The person is in this group already"});
  } else if (!around.target_open) {
    faults.push_back({"/movedTo", "not-known", "Choose one of your open groups"});
  } else if (around.member_there) {
    faults.push_back({"/movedTo", "member-there", "The person is in that group already"});
  }
}

}  // namespace

MembershipState parse_membership_state(std::string_view text) {
  for (const auto& [state, name] : json_names(MembershipState{}))
    if (name == text) return state;
  return referred;
}
std::span<const AllowedStep> allowed_steps() { return kSteps; }

bool good_reason_code(std::string_view code) {
  return !code.empty() && code.size() <= 64 &&
         std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

base::Result<Step, FieldFaults> decide_step(const WantedStep& wanted, const AroundStep& around) {
  const auto step = std::ranges::find_if(kSteps, [&](const AllowedStep& s) { return s.from == around.state && s.to == wanted.state; });
  if (step == kSteps.end())
    return std::unexpected(FieldFaults{{"/state", "not-next", "This does not follow from where the person is now"}});
  FieldFaults faults;
  if (wanted.reason.empty() ? step->reason : !good_reason_code(wanted.reason))
    faults.push_back({"/reason", "missing", "Choose a reason"});
  std::string note = wanted.note;
  check_note(note, "/note", kMostNote, faults);
  if (!has_place(around.state) && has_place(wanted.state) && around.places_taken >= around.capacity)
    faults.push_back({"/state", "full", "Every place in this group is taken"});
  check_target(wanted, around, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  const bool before = has_place(around.state), after = has_place(wanted.state);
  return Step{.state = wanted.state,
              .reason = wanted.reason,
              .note = std::move(note),
              .expected = before == after ? Expected::as_before : after ? Expected::from_now_on : Expected::no_more,
              .moved_to = wanted.moved_to};
}

void check_alias(std::string& alias, std::size_t least, const std::vector<base::Redacted<std::string>>& others, FieldFaults& faults) {
  const std::size_t before = faults.size();
  check_line(alias, "/alias", least, kMostAlias, faults);
  const std::string key = alias_key(alias);
  if (faults.size() == before && !key.empty() && std::ranges::any_of(others, [&](const auto& other) { return alias_key(other.get()) == key; }))
    faults.push_back({"/alias", "taken", "Somebody else in this group has this name. Choose another"});
}

base::Result<Card, FieldFaults> decide_card(Card wanted, const std::vector<base::Redacted<std::string>>& others) {
  FieldFaults faults;
  check_alias(wanted.alias.get(), 1, others, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return wanted;
}

}  // namespace care
