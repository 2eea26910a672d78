// SPDX-License-Identifier: Apache-2.0
// One row of a register: who was expected, came, in which way, late, left early, did not attend, or was cancelled by whom; how
// the call fills it, and how staff mark and correct it. Not here: SQL, HTTP, rooms. Invariant: what staff marked, the call
// never changes, but for one thing: who was marked as away, and then comes, came. Pure; any thread.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "care/field_fault.h"
#include "care/group.h"
#include "care/series.h"

namespace care {

enum class Outcome : std::uint8_t { expected, attended, did_not_attend, cancelled_by_person, cancelled_by_service };
constexpr auto json_names(Outcome) {
  using enum Outcome;
  return std::array<base::json::Names<Outcome>, 5>{{{expected, "expected"}, {attended, "attended"}, {did_not_attend, "did_not_attend"},
                                                    {cancelled_by_person, "cancelled_by_person"}, {cancelled_by_service, "cancelled_by_service"}}};
}
[[nodiscard]] Outcome parse_outcome(std::string_view text);  // what the table's CHECK allows; else expected

enum class MarkedBy : std::uint8_t { plan, call, staff };
constexpr auto json_names(MarkedBy) {
  return std::array<base::json::Names<MarkedBy>, 3>{{{MarkedBy::plan, "plan"}, {MarkedBy::call, "call"}, {MarkedBy::staff, "staff"}}};
}
[[nodiscard]] MarkedBy parse_marked_by(std::string_view text);

struct Mark {
  std::optional<Way> planned, mode;
  Outcome outcome = Outcome::expected;
  bool late = false, left_early = false, changed_mode = false;
  std::optional<base::WallTime> came, left;
  MarkedBy source = MarkedBy::plan;
  bool operator==(const Mark&) const = default;
};

inline constexpr auto kLateAfter = base::Duration::seconds(10 * 60);        // later than this
inline constexpr auto kEarlyBefore = base::Duration::seconds(10 * 60);      // this much or more before the end
inline constexpr auto kMarkedFrom = base::Duration::seconds(30 * 60);       // before the beginning

// By staff, as somebody who does not come.
[[nodiscard]] bool marked_away(const Mark& mark);

// Each gives the row as it is then; nothing where it stays as it was.
[[nodiscard]] std::optional<Mark> came(const Mark& before, const Span& session, Way way, base::WallTime at);
[[nodiscard]] std::optional<Mark> left(const Mark& before, const Span& session, base::WallTime at);
// The session is over. `in_call`: held in Quietroom, so that the call knows who came by video.
[[nodiscard]] std::optional<Mark> closed(const Mark& before, bool in_call, base::WallTime at);

// What a facilitator sees beside the room while the session is on: somebody came into the building or is on the phone; has gone; or
// it was not so. What they see is staff's mark, live, in the same row that the call fills.
enum class Seen : std::uint8_t { in_person, phone, left, mistake };
constexpr auto json_names(Seen) {
  return std::array<base::json::Names<Seen>, 4>{{{Seen::in_person, "in_person"}, {Seen::phone, "phone"}, {Seen::left, "left"}, {Seen::mistake, "mistake"}}};
}
// The row as it is then; nothing where it stays as it was, or where what is said cannot be. `kept`: the row before staff changed it
// last, which a mistake gives back where it was the call's (they are in the room, after all).
[[nodiscard]] std::optional<Mark> seen_beside(const Mark& before, const std::optional<Mark>& kept, const Span& session, Seen seen, base::WallTime at);
// Whether somebody is beside the room now, as far as facilitators marked it.
[[nodiscard]] bool is_beside(const Mark& mark);
// Why the row before is kept, as a code; empty where it is not: nobody had marked it, or it only goes on.
[[nodiscard]] std::string_view why_kept(const Mark& before, Seen seen);
// More than half an hour before it begins: nobody has come yet.
[[nodiscard]] bool is_ahead(const Span& session, base::WallTime at);
// From half an hour before a session until two hours after its end (the time that its seats are open).
[[nodiscard]] bool seen_in_time(const Span& session, base::WallTime at);

// PUT /api/attendance/{id}
struct Correction {
  base::json::Nullable<Way> mode;
  Outcome outcome = Outcome::expected;
  bool late = false, left_early = false;
  std::string reason, note;
  std::optional<base::json::Nullable<Way>> planned;  // the way that the person said; missing: as it was
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("planned", &Correction::planned), field("mode", &Correction::mode), field("outcome", &Correction::outcome), field("late", &Correction::late),
                      field("leftEarly", &Correction::left_early), field("reason", &Correction::reason), field("note", &Correction::note)};
  }
};
// The first mark of a row that nobody has marked needs no reason, nor does the way that somebody said; a change of a mark does.
[[nodiscard]] bool is_correction(const Mark& before, const Correction& wanted);
[[nodiscard]] base::Result<Mark, FieldFaults> decide_mark(const Mark& before, Correction& wanted, const Span& session, base::WallTime now);

}  // namespace care
