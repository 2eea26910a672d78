// SPDX-License-Identifier: Apache-2.0
// A person's way through a group, from referral to leaving: which step may follow which, which ask for a reason, what a step
// means for the sessions to come; and the name and disguise that they will have in the room. Not here: SQL, HTTP, preparation
// (what makes a person prepared). Invariant: what has ended stays ended; who returns is referred anew. Pure; any thread.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"

namespace care {

enum class MembershipState : std::uint8_t { referred, waiting, prepared, joined, completed, stopped, moved };
constexpr auto json_names(MembershipState) {
  using enum MembershipState;
  return std::array<base::json::Names<MembershipState>, 7>{{{referred, "referred"}, {waiting, "waiting"}, {prepared, "prepared"},
                                                            {joined, "joined"}, {completed, "completed"}, {stopped, "stopped"}, {moved, "moved"}}};
}
[[nodiscard]] MembershipState parse_membership_state(std::string_view text);  // what the table's CHECK allows; else referred
[[nodiscard]] constexpr bool has_ended(MembershipState s) { return s >= MembershipState::completed; }
// Has a place in the group, and is expected at its sessions.
[[nodiscard]] constexpr bool has_place(MembershipState s) { return s == MembershipState::prepared || s == MembershipState::joined; }

struct AllowedStep {
  MembershipState from, to;
  bool reason;  // is asked for
};
[[nodiscard]] std::span<const AllowedStep> allowed_steps();

// POST /api/memberships/{id}/state
struct WantedStep {
  MembershipState state = MembershipState::referred;
  std::string reason;
  std::optional<GroupId> moved_to;
  std::string note;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("state", &WantedStep::state), field("reason", &WantedStep::reason), field("movedTo", &WantedStep::moved_to),
                      field("note", &WantedStep::note)};
  }
};
struct AroundStep {
  MembershipState state = MembershipState::referred;
  GroupId group;
  std::int64_t capacity = 0, places_taken = 0;
  bool target_open = false;   // movedTo: the actor may change it, and it is not closed
  bool member_there = false;  // movedTo: the person is in it already
};
enum class Expected : std::uint8_t { as_before, from_now_on, no_more };
struct Step {
  MembershipState state;
  std::string reason, note;
  Expected expected;
  std::optional<GroupId> moved_to;
};
[[nodiscard]] base::Result<Step, FieldFaults> decide_step(const WantedStep& wanted, const AroundStep& around);

enum class PictureDisguise : std::uint8_t { none, blur, pixelate, block, avatar, off };
constexpr auto json_names(PictureDisguise) {
  using enum PictureDisguise;
  return std::array<base::json::Names<PictureDisguise>, 6>{
      {{none, "none"}, {blur, "blur"}, {pixelate, "pixelate"}, {block, "block"}, {avatar, "avatar"}, {off, "off"}}};
}
enum class VoiceDisguise : std::uint8_t { none, lower, higher };
constexpr auto json_names(VoiceDisguise) {
  using enum VoiceDisguise;
  return std::array<base::json::Names<VoiceDisguise>, 3>{{{none, "none"}, {lower, "lower"}, {higher, "higher"}}};
}
struct Disguise {
  PictureDisguise picture = PictureDisguise::none;
  VoiceDisguise voice = VoiceDisguise::none;
  bool operator==(const Disguise&) const = default;
  static constexpr auto fields() {
    return std::tuple{base::json::field("picture", &Disguise::picture), base::json::field("voice", &Disguise::voice)};
  }
};
// PUT /api/memberships/{id}/card
struct Card {
  base::Redacted<std::string> alias;
  Disguise disguise;
  static constexpr auto fields() {
    return std::tuple{base::json::field("alias", &Card::alias), base::json::field("disguise", &Card::disguise)};
  }
};
// The one rule for a name in the room, wherever it is written: trims it, holds it to its length, and says where it is, or looks like,
// one of `others`. `least` 0: it may be left open.
void check_alias(std::string& alias, std::size_t least, const std::vector<base::Redacted<std::string>>& others, FieldFaults& faults);
// Trims the alias. `others`: the aliases of everybody else who is or was in the group, facilitators and supporters included.
[[nodiscard]] base::Result<Card, FieldFaults> decide_card(Card wanted, const std::vector<base::Redacted<std::string>>& others);

// A reason's code: small letters, figures and hyphens, 1 to 64.
[[nodiscard]] bool good_reason_code(std::string_view code);

}  // namespace care
