// SPDX-License-Identifier: Apache-2.0
// The conversation before the first session as a record in thirteen parts, each done, declined with its reason, or still open; and
// what is missing before the first session. Not here: SQL, HTTP, what a person is called in the room (membership.h), the way of
// each session (the register). Invariants: nothing is chosen beforehand; a part is done only with what it asks for in it; the
// conflict check is no part of the record that anything shown or given to the person is made from. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/field_fault.h"
#include "care/group.h"
#include "care/membership.h"

namespace care {

// In the order in which they are talked about.
enum class Part : std::uint8_t {
  group, confidentiality, overheard, questions, place, technology, alias, disguise, conflict, ways, communication, safety, emergency
};
constexpr auto json_names(Part) {
  using enum Part;
  return std::array<base::json::Names<Part>, 13>{{{group, "group"}, {confidentiality, "confidentiality"}, {overheard, "overheard"},
                                                  {questions, "questions"}, {place, "place"}, {technology, "technology"}, {alias, "alias"},
                                                  {disguise, "disguise"}, {conflict, "conflict"}, {ways, "ways"},
                                                  {communication, "communication"}, {safety, "safety"}, {emergency, "emergency"}}};
}
inline constexpr std::size_t kParts = json_names(Part{}).size();
// Whether a person may decline it. The talk about the group and its limits, and the check on conflicts, are the service's own duty.
[[nodiscard]] bool may_be_declined(Part part);

enum class PartState : std::uint8_t { open, done, declined };
constexpr auto json_names(PartState) {
  using enum PartState;
  return std::array<base::json::Names<PartState>, 3>{{{open, "open"}, {done, "done"}, {declined, "declined"}}};
}
enum class Headphones : std::uint8_t { own, lent, none };
constexpr auto json_names(Headphones) {
  using enum Headphones;
  return std::array<base::json::Names<Headphones>, 3>{{{own, "own"}, {lent, "lent"}, {none, "none"}}};
}
enum class Tried : std::uint8_t { works, needs_help, not_needed };
constexpr auto json_names(Tried) {
  using enum Tried;
  return std::array<base::json::Names<Tried>, 3>{{{works, "works"}, {needs_help, "needs_help"}, {not_needed, "not_needed"}}};
}
enum class Knows : std::uint8_t { nobody, somebody };
constexpr auto json_names(Knows) {
  using enum Knows;
  return std::array<base::json::Names<Knows>, 2>{{{nobody, "nobody"}, {somebody, "somebody"}}};
}

inline constexpr std::int64_t kMostWords = 4'000;  // bytes of a free text

struct PartAnswer {
  Part part = Part::group;
  PartState state = PartState::open;
  std::string reason;  // why it was declined
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("part", &PartAnswer::part), field("state", &PartAnswer::state),
                      field("reason", &PartAnswer::reason, {.least = 0, .most = kMostWords})};
  }
};
struct AskedQuestion {
  std::string question, answer;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("question", &AskedQuestion::question, {.least = 0, .most = kMostWords}),
                      field("answer", &AskedQuestion::answer, {.least = 0, .most = kMostWords})};
  }
};
struct Emergency {
  std::string name, relation, telephone;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("name", &Emergency::name, {.least = 0, .most = 200}),
                      field("relation", &Emergency::relation, {.least = 0, .most = 200}),
                      field("telephone", &Emergency::telephone, {.least = 0, .most = 64})};
  }
};
struct SafetyPlan {
  std::string signs, helps, people, if_line_drops;
  static constexpr auto fields() {
    using base::json::field;
    constexpr base::json::Bounds kText{.least = 0, .most = kMostWords};
    return std::tuple{field("signs", &SafetyPlan::signs, kText), field("helps", &SafetyPlan::helps, kText),
                      field("people", &SafetyPlan::people, kText), field("ifLineDrops", &SafetyPlan::if_line_drops, kText)};
  }
};
// What is sealed as one value. Alias and disguise stand with the membership, the way of each session in the register.
struct PreparationRecord {
  std::vector<PartAnswer> parts;  // those not named are open
  std::string overheard;          // who might overhear, and what is done about it
  std::vector<AskedQuestion> questions;
  std::string place;
  base::json::Nullable<Headphones> headphones;
  base::json::Nullable<Tried> technology;
  std::string technology_note, communication;
  base::json::Nullable<Way> way;  // preferred in general; null: none, or each time anew
  std::string way_note;
  SafetyPlan safety;
  Emergency emergency;
  static constexpr auto fields() {
    using base::json::field;
    using R = PreparationRecord;
    constexpr base::json::Bounds kText{.least = 0, .most = kMostWords};
    return std::tuple{field("parts", &R::parts, {.least = 0, .most = kParts}), field("overheard", &R::overheard, kText),
                      field("questions", &R::questions, {.least = 0, .most = 40}), field("place", &R::place, kText),
                      field("headphones", &R::headphones), field("technology", &R::technology),
                      field("technologyNote", &R::technology_note, kText), field("communication", &R::communication, kText),
                      field("way", &R::way), field("wayNote", &R::way_note, kText), field("safety", &R::safety),
                      field("emergency", &R::emergency)};
  }
};
// Facilitators alone: does this person know another member?
struct ConflictCheck {
  base::json::Nullable<Knows> knows;
  std::string note;  // and what follows from it
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("knows", &ConflictCheck::knows),
                      field("note", &ConflictCheck::note, {.least = 0, .most = kMostWords})};
  }
};
struct PlannedWay {
  SessionId session;
  base::json::Nullable<Way> way;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("session", &PlannedWay::session), field("way", &PlannedWay::way)};
  }
};
// PUT /api/memberships/{id}/preparation: the whole record, as it stands on the page.
struct WantedPreparation {
  PreparationRecord record;
  ConflictCheck conflict;
  std::string alias;
  Disguise disguise;
  std::vector<PlannedWay> sessions;
  static constexpr auto fields() {
    using base::json::field;
    using W = WantedPreparation;
    return std::tuple{field("record", &W::record), field("conflict", &W::conflict), field("alias", &W::alias, {.least = 0, .most = 200}),
                      field("disguise", &W::disguise), field("sessions", &W::sessions, {.least = 0, .most = 200})};
  }
};

[[nodiscard]] PartState state_of(const PreparationRecord& record, Part part);
// What stands against it: a part said to be done without what it asks for, declined without a reason, named twice.
// `others`: the aliases of everybody else in the group; `sessions`: those that are still to come; `before`: as it was saved last.
[[nodiscard]] FieldFaults faults_in(const WantedPreparation& wanted, const std::vector<base::Redacted<std::string>>& others,
                                    const std::vector<SessionId>& sessions, const PreparationRecord& before);
// What is still open before the first session, in the order of the conversation.
[[nodiscard]] std::vector<Part> missing_before_first(const PreparationRecord& record);
// Where finishing leads: prepared, where they were referred or waiting; nothing where they are further on.
[[nodiscard]] base::Result<std::optional<MembershipState>, FieldFaults> finish(const PreparationRecord& record, MembershipState state);

}  // namespace care
