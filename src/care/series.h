// SPDX-License-Identifier: Apache-2.0
// A series of sessions: "ten times, every week, 14:00 for 90 minutes from 7 January, not on 18 February", and the sessions
// that it makes. A session keeps its clock time across daylight saving (zone.h). Not here: saving them, who is expected.
// Invariant: a series that check() passes makes 1 to 104 sessions, none of which overlap. Pure; any thread.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "care/field_fault.h"
#include "care/zone.h"

namespace care {

inline constexpr int kMostSessions = 104, kLeastMinutes = 10, kMostMinutes = 480;

struct NewSeries {
  std::string first_date, start_time;
  std::int64_t minutes = 0, every_days = 0, count = 0;
  std::vector<std::string> exceptions;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("firstDate", &NewSeries::first_date), field("startTime", &NewSeries::start_time),
                      field("minutes", &NewSeries::minutes),     field("everyDays", &NewSeries::every_days),
                      field("count", &NewSeries::count),         field("exceptions", &NewSeries::exceptions)};
  }
};

struct PlannedSession {
  LocalDate date;
  ClockTime time;
  base::WallTime starts, ends;
  bool clock_change = false;  // moved, since the clocks go forward over its time that day
};

struct Span {  // from its beginning until before its end
  base::WallTime starts, ends;
  bool operator==(const Span&) const = default;
};

// An exception takes out its date: the series still has `count` dates, less those left out.
[[nodiscard]] base::Result<std::vector<PlannedSession>, FieldFaults> sessions_of(const NewSeries& series, const Zone& zone, base::WallTime now);
// One session at a date and a time, for moving one.
[[nodiscard]] PlannedSession planned(const Zone& zone, LocalDate date, ClockTime time, std::int64_t minutes);
[[nodiscard]] bool overlaps(const Span& a, const Span& b);
// Whether a date is near enough to be meant: from a year ago to three years ahead.
[[nodiscard]] bool near_enough(const Zone& zone, LocalDate date, base::WallTime now);

}  // namespace care
