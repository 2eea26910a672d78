// SPDX-License-Identifier: Apache-2.0
// An alert about one person of one session: somebody may need help now. Raised again while it is open it is the same; one member of
// staff holds it at a time, and may hand it over; whoever holds it closes it with what came of it. Not here: SQL, HTTP, telling anybody
// (pages ask), incidents. Invariants: an alert that is closed stays closed; nobody holds it who may not see it. Pure; any thread.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "care/access.h"
#include "care/field_fault.h"

namespace safety {

using AlertId = base::RecordId<struct AlertTag>;

enum class AlertKind : std::uint8_t { drop_off, worried, help };
constexpr auto json_names(AlertKind) {
  using enum AlertKind;
  return std::array<base::json::Names<AlertKind>, 3>{{{drop_off, "drop_off"}, {worried, "worried"}, {help, "help"}}};
}
// Where it was raised: a facilitator in the room or at the register, the person themselves, or the service from what the call told.
enum class Origin : std::uint8_t { room, at_register, person, call };
constexpr auto json_names(Origin) {
  using enum Origin;
  return std::array<base::json::Names<Origin>, 4>{{{room, "room"}, {at_register, "register"}, {person, "person"}, {call, "call"}}};
}
enum class AlertOutcome : std::uint8_t { spoke, help_sent, passed_on, not_reached, by_mistake };
constexpr auto json_names(AlertOutcome) {
  using enum AlertOutcome;
  return std::array<base::json::Names<AlertOutcome>, 5>{
      {{spoke, "spoke"}, {help_sent, "help_sent"}, {passed_on, "passed_on"}, {not_reached, "not_reached"}, {by_mistake, "by_mistake"}}};
}
enum class AlertStep : std::uint8_t { raised, taken, handed_over, taken_over, let_go, closed };
constexpr auto json_names(AlertStep) {
  using enum AlertStep;
  return std::array<base::json::Names<AlertStep>, 6>{{{raised, "raised"}, {taken, "taken"}, {handed_over, "handed_over"},
                                                      {taken_over, "taken_over"}, {let_go, "let_go"}, {closed, "closed"}}};
}

struct AlertState {
  std::optional<care::StaffId> holder;
  bool closed = false;
};

// Seen, held and closed by that team's leads and the group's facilitators (docs/access.md), whatever other roles they have.
[[nodiscard]] bool may_see(const care::Actor& actor, const care::Where& where);
// The actor with those roles alone: for lists.
[[nodiscard]] care::Actor as_clinician(const care::Actor& actor);

// POST /api/alerts/{id}/holder: who is to hold it; null: nobody, the holder lets go.
struct WantedHolder {
  base::json::Nullable<care::StaffId> holder;
  static constexpr auto fields() { return std::tuple{base::json::field("holder", &WantedHolder::holder)}; }
};
enum class AlertRefusal : std::uint8_t { closed, held_by_another, not_held, nothing_new };
struct HolderChange {
  AlertStep step = AlertStep::taken;
  std::optional<care::StaffId> holder;
};
// One takes it for oneself, also from another, which stands on record; who holds it hands it to a colleague or lets go of it.
// `possible`: who may hold it.
[[nodiscard]] base::Result<HolderChange, AlertRefusal> decide_holder(const AlertState& alert, const care::StaffId& actor,
                                                                     const std::optional<care::StaffId>& wanted,
                                                                     std::span<const care::StaffId> possible);

// POST /api/alerts/{id}/close
struct WantedClose {
  AlertOutcome outcome = AlertOutcome::spoke;
  std::string note;
  static constexpr auto fields() {
    return std::tuple{base::json::field("outcome", &WantedClose::outcome), base::json::field("note", &WantedClose::note, {.least = 0, .most = 2'000})};
  }
};
// Whoever holds it closes it.
[[nodiscard]] std::optional<AlertRefusal> refuse_close(const AlertState& alert, const care::StaffId& actor);
// To whom it was passed on, or what was tried, is written down.
[[nodiscard]] care::FieldFaults faults_in(const WantedClose& wanted);

}  // namespace safety
