// SPDX-License-Identifier: Apache-2.0
// One session of a group, and moving or cancelling it or it and the rest of its series. Not here: SQL, HTTP, the room, who came
// (attendance.h). Invariant: whatever a person's calendar shows changes together with `sequence` (RFC 5545 section 3.8.7.4); a
// session that was held or cancelled is never moved. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/actor.h"
#include "care/field_fault.h"
#include "care/series.h"

namespace care {

enum class SessionState : std::uint8_t { planned, held, cancelled };
constexpr auto json_names(SessionState) {
  using enum SessionState;
  return std::array<base::json::Names<SessionState>, 3>{{{planned, "planned"}, {held, "held"}, {cancelled, "cancelled"}}};
}
[[nodiscard]] SessionState parse_session_state(std::string_view text);

struct Session {
  SessionId id;
  std::int64_t version = 1;
  GroupId group;
  std::optional<SeriesId> series;
  std::int64_t number = 0;
  LocalDate date;
  ClockTime time;
  std::int64_t minutes = 0;
  Span span;
  std::string venue, held_on;
  SessionState state = SessionState::planned;
  std::string cancelled_reason;
  std::int64_t sequence = 0;
  bool operator==(const Session&) const = default;
};

// PUT /api/sessions/{id}. `rest`: the later sessions of its series, too, each by as many days; of time, length and place what they have
// in common with this one.
struct WantedMove {
  std::string date, time;
  std::int64_t minutes = 0;
  std::string venue, held_on;
  std::optional<bool> rest;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("date", &WantedMove::date),   field("time", &WantedMove::time),     field("minutes", &WantedMove::minutes),
                      field("venue", &WantedMove::venue), field("heldOn", &WantedMove::held_on), field("rest", &WantedMove::rest)};
  }
};
// POST /api/sessions/{id}/cancel. The reason is a code: it stands beside the session, unsealed.
struct WantedCancel {
  std::string reason;
  std::optional<bool> rest;
  static constexpr auto fields() {
    return std::tuple{base::json::field("reason", &WantedCancel::reason), base::json::field("rest", &WantedCancel::rest)};
  }
};

// `moving`: the session, then those that go with it. `others`: every other planned session of the group. Returns those that
// really change, with their next version and sequence.
[[nodiscard]] base::Result<std::vector<Session>, FieldFaults> decide_move(const WantedMove& wanted, const std::vector<Session>& moving,
                                                                          const std::vector<Span>& others, const Zone& zone, base::WallTime now);
// The plan's venue changed: those of `planned` that are where the plan said go along. One that was moved elsewhere by itself stays there,
// and what is in person alone is never left without a place.
[[nodiscard]] std::vector<Session> follow_venue(const std::vector<Session>& planned, const std::string& before, const std::string& after);
[[nodiscard]] base::Result<std::vector<Session>, FieldFaults> decide_cancel(const WantedCancel& wanted, const std::vector<Session>& cancelling);
// New sessions of a series, numbered on from `last_number`; refused where one overlaps another of the group.
[[nodiscard]] base::Result<std::vector<Session>, FieldFaults> decide_series(const std::vector<PlannedSession>& planned,
                                                                            const std::vector<Span>& others, std::int64_t last_number);

}  // namespace care
