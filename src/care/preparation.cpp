// SPDX-License-Identifier: Apache-2.0
// See preparation.h.
#include "care/preparation.h"

#include <algorithm>
#include <set>

namespace care {
namespace {

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Each session to come has its own way, unless it is written that they decide each time. A part that was done before stays so when
// sessions are planned later: what is not said for them is counted with the session (wayNotSaid).
void check_ways(const WantedPreparation& w, const std::vector<SessionId>& coming, bool done_before, FieldFaults& faults) {
  if (!blank(w.record.way_note)) return;
  constexpr const char* kWords = "Choose a way for each session, or write that they decide each time";
  const auto said = [&](const SessionId& id) {
    const auto at = std::ranges::find(w.sessions, id, &PlannedWay::session);
    return at != w.sessions.end() && at->way.value.has_value();
  };
  if (coming.empty() || (done_before && std::ranges::any_of(coming, said))) {
    if (coming.empty() && !w.record.way.value) faults.push_back({"/record/way", "missing", "Choose a way, or write that they decide each time"});
    return;
  }
  if (done_before && w.record.way.value) return;
  for (std::size_t i = 0; i < w.sessions.size(); ++i)
    if (!w.sessions[i].way.value && std::ranges::find(coming, w.sessions[i].session) != coming.end())
      faults.push_back({"/sessions/" + std::to_string(i) + "/way", "missing", kWords});
  if (std::ranges::any_of(coming, [&](const SessionId& id) { return std::ranges::find(w.sessions, id, &PlannedWay::session) == w.sessions.end(); }))
    faults.push_back({"/sessions", "missing", kWords});
}

// What a part that is done must hold: pointer and words, or nothing.
void check_done(const WantedPreparation& w, Part part, FieldFaults& faults) {
  const auto need = [&](bool there, std::string pointer, std::string words) {
    if (!there) faults.push_back({std::move(pointer), "missing", std::move(words)});
  };
  const PreparationRecord& r = w.record;
  switch (part) {
    case Part::group:
    case Part::confidentiality: break;  // a talk; nothing is written down
    case Part::overheard: need(!blank(r.overheard), "/record/overheard", "Write who might overhear, or that nobody can"); break;
    case Part::questions:
      for (std::size_t i = 0; i < r.questions.size(); ++i) {
        const std::string at = "/record/questions/" + std::to_string(i);
        need(!blank(r.questions[i].question), at + "/question", "Write the question, or remove it");
        need(!blank(r.questions[i].answer), at + "/answer", "Write the answer that was given");
      }
      break;
    case Part::place:
      need(!blank(r.place), "/record/place", "Write where they plan to be");
      need(r.headphones.value.has_value(), "/record/headphones", "Choose whether they have headphones");
      break;
    case Part::technology: need(r.technology.value.has_value(), "/record/technology", "Choose how the check went"); break;
    case Part::alias: need(!blank(w.alias), "/alias", "Write the name that others will see"); break;
    case Part::disguise: break;  // "none" is an answer
    case Part::conflict:
      need(w.conflict.knows.value.has_value(), "/conflict/knows", "Choose whether they know another member");
      need(w.conflict.knows.value != Knows::somebody || !blank(w.conflict.note), "/conflict/note", "Write what you will do about it");
      break;
    case Part::ways: break;  // check_ways
    case Part::communication: need(!blank(r.communication), "/record/communication", "Write their needs, or that they have none"); break;
    case Part::safety: need(!blank(r.safety.helps), "/record/safety/helps", "Write what helps"); break;
    case Part::emergency:
      need(!blank(r.emergency.name), "/record/emergency/name", "Write the name of the person to ring");
      need(!blank(r.emergency.telephone), "/record/emergency/telephone", "Write their telephone number");
      break;
  }
}

void check_parts(const WantedPreparation& w, FieldFaults& faults) {
  std::set<Part> seen;
  for (std::size_t i = 0; i < w.record.parts.size(); ++i) {
    const PartAnswer& p = w.record.parts[i];
    const std::string at = "/record/parts/" + std::to_string(i);
    if (!seen.insert(p.part).second) faults.push_back({at + "/part", "twice", "Each part is named once"});
    if (p.state == PartState::done) check_done(w, p.part, faults);
    if (p.state != PartState::declined) continue;
    if (!may_be_declined(p.part))
      faults.push_back({at + "/state", "not-to-be-declined", "This part cannot be left out"});
    else if (blank(p.reason))
      faults.push_back({at + "/reason", "missing", "Write why they would rather not"});
  }
}

}  // namespace

bool may_be_declined(Part part) { return part != Part::group && part != Part::confidentiality && part != Part::conflict; }

PartState state_of(const PreparationRecord& record, Part part) {
  const auto at = std::ranges::find(record.parts, part, &PartAnswer::part);
  return at == record.parts.end() ? PartState::open : at->state;
}

FieldFaults faults_in(const WantedPreparation& wanted, const std::vector<base::Redacted<std::string>>& others,
                      const std::vector<SessionId>& sessions, const PreparationRecord& before) {
  FieldFaults faults;
  check_parts(wanted, faults);
  if (state_of(wanted.record, Part::ways) == PartState::done)
    check_ways(wanted, sessions, state_of(before, Part::ways) == PartState::done, faults);
  std::string alias = wanted.alias;
  check_alias(alias, 0, others, faults);
  for (std::size_t i = 0; i < wanted.sessions.size(); ++i)
    if (std::ranges::find(sessions, wanted.sessions[i].session) == sessions.end())
      faults.push_back({"/sessions/" + std::to_string(i) + "/session", "not-known", "This session is not to come any more"});
  return faults;
}

std::vector<Part> missing_before_first(const PreparationRecord& record) {
  std::vector<Part> out;
  for (const auto& [part, name] : json_names(Part{}))
    if (state_of(record, part) == PartState::open) out.push_back(part);
  return out;
}

base::Result<std::optional<MembershipState>, FieldFaults> finish(const PreparationRecord& record, MembershipState state) {
  FieldFaults faults;
  for (const Part part : missing_before_first(record))
    faults.push_back({"/" + std::string(base::json::name_of(part)), "still-open", "This part is still open"});
  if (has_ended(state)) faults.push_back({"", "ended", "This person is not in the group any more"});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  if (has_place(state)) return std::nullopt;
  return MembershipState::prepared;
}

}  // namespace care
