// SPDX-License-Identifier: Apache-2.0
// A group's plan: what it is called, how people take part, where, on which software, who facilitates, what is agreed about
// confidentiality; and what is asked of it. One way only needs a reason and a named alternative. Not here: SQL, HTTP, who is
// a member (membership.h). Invariant: seats 1 to 9 are facilitators', and no two people of a group share an alias. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"

namespace care {

inline constexpr int kLastFacilitatorSeat = 9, kFirstMemberSeat = 10, kMostMembers = 48;
inline constexpr std::string_view kOwnSoftware = "quietroom", kInPersonOnly = "in_person";
// Of what a session is held on: neither here nor in person alone.
[[nodiscard]] constexpr bool on_other_software(std::string_view held_on) { return held_on != kOwnSoftware && held_on != kInPersonOnly; }

enum class Way : std::uint8_t { in_person, video, phone };
constexpr auto json_names(Way) {
  return std::array<base::json::Names<Way>, 3>{{{Way::in_person, "in_person"}, {Way::video, "video"}, {Way::phone, "phone"}}};
}
[[nodiscard]] std::optional<Way> parse_way(std::string_view text);
// Of a plan's ways, those that a session which is held there offers.
[[nodiscard]] std::vector<Way> offered_ways(bool in_person, bool video, bool phone, std::string_view held_on);
// The way as somebody said it; nothing where it is offered no more. The plan or the session may have changed since they chose: then they
// have not said, and are asked again.
[[nodiscard]] std::optional<Way> said_way(std::string_view planned, const std::vector<Way>& offered);

enum class FacilitatorRole : std::uint8_t { facilitator, co_facilitator };
constexpr auto json_names(FacilitatorRole) {
  return std::array<base::json::Names<FacilitatorRole>, 2>{
      {{FacilitatorRole::facilitator, "facilitator"}, {FacilitatorRole::co_facilitator, "co_facilitator"}}};
}

struct ConfidentialityPlan {
  bool end_to_end = true, phone_gateway = false, captioner = false, members_may_share = false, watermark = false;
  std::optional<bool> blank_on_blur{};  // missing: no
  std::string note;
  bool operator==(const ConfidentialityPlan&) const = default;
  static constexpr auto fields() {
    using P = ConfidentialityPlan;
    using base::json::field;
    return std::tuple{field("endToEnd", &P::end_to_end),   field("phoneGateway", &P::phone_gateway), field("captioner", &P::captioner),
                      field("membersMayShare", &P::members_may_share), field("watermark", &P::watermark),
                      field("blankOnBlur", &P::blank_on_blur), field("note", &P::note)};
  }
};

struct Facilitator {
  StaffId staff;
  std::optional<std::string> name;  // said, never taken
  FacilitatorRole role = FacilitatorRole::facilitator;
  std::string alias;
  int seat = 0;  // 0: not given yet
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("staff", &Facilitator::staff), field("name", &Facilitator::name), field("role", &Facilitator::role),
                      field("alias", &Facilitator::alias)};
  }
};

// As the API says it and takes it; `id` and `version` are said and not taken.
struct Group {
  std::optional<GroupId> id;
  std::optional<std::int64_t> version;
  TeamId team;
  std::string name, programme, zone;
  std::vector<Way> ways;
  std::string one_way_reason, one_way_alternative, software, venue;
  std::optional<std::string> directions;        // how to find the venue; not said: none
  std::optional<std::string> phone_directions;  // which number to ring to take part, and what then; not said: none
  std::int64_t capacity = 0;
  ConfidentialityPlan confidentiality_plan;
  std::vector<Facilitator> facilitators;
  std::optional<bool> closed;
  [[nodiscard]] bool has(Way way) const;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("id", &Group::id),
                      field("version", &Group::version),
                      field("team", &Group::team),
                      field("name", &Group::name),
                      field("programme", &Group::programme),
                      field("zone", &Group::zone),
                      field("ways", &Group::ways),
                      field("oneWayReason", &Group::one_way_reason),
                      field("oneWayAlternative", &Group::one_way_alternative),
                      field("software", &Group::software),
                      field("venue", &Group::venue),
                      field("directions", &Group::directions),
                      field("phoneDirections", &Group::phone_directions),
                      field("capacity", &Group::capacity),
                      field("confidentialityPlan", &Group::confidentiality_plan),
                      field("facilitators", &Group::facilitators),
                      field("closed", &Group::closed)};
  }
};

// What a plan is held against.
struct AroundGroup {
  std::optional<Group> before;           // as it stands; nothing where the group is new
  std::vector<StaffId> may_facilitate;   // of those named: active, and a facilitator of the group's team
  std::vector<std::string> member_aliases;
  std::int64_t places_taken = 0;         // prepared and joined members
  bool sessions_to_come = false;
};
// The plan as it is to be saved: trimmed, with seats. Facilitators who stay keep theirs.
[[nodiscard]] base::Result<Group, FieldFaults> decide_group(Group wanted, const AroundGroup& around);

// What a session of this group is held on where nobody says otherwise.
[[nodiscard]] std::string usual_place(const Group& group);

// Aliases that look the same are the same: case of ASCII letters and spaces around or doubled do not count.
[[nodiscard]] std::string alias_key(std::string_view alias);
[[nodiscard]] std::string trimmed(std::string_view text);
// A line of text of `least` to `most` characters (UTF-8 code points) without control characters; trims it.
void check_line(std::string& text, std::string_view pointer, std::size_t least, std::size_t most, FieldFaults& faults);
// The same with line breaks.
void check_note(std::string& text, std::string_view pointer, std::size_t most, FieldFaults& faults);

}  // namespace care
