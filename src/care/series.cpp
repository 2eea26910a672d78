// SPDX-License-Identifier: Apache-2.0
// See series.h.
#include "care/series.h"

#include <algorithm>

namespace care {
namespace {

constexpr int kYear = 366;

void check_numbers(const NewSeries& s, FieldFaults& faults) {
  if (s.minutes < kLeastMinutes || s.minutes > kMostMinutes)
    faults.push_back({"/minutes", "out-of-bounds", "A session lasts 10 minutes to 8 hours"});
  if (s.every_days < 1 || s.every_days > kYear) faults.push_back({"/everyDays", "out-of-bounds", "Sessions are 1 to 366 days apart"});
  if (s.count < 1 || s.count > kMostSessions) faults.push_back({"/count", "out-of-bounds", "A series has 1 to 104 sessions"});
  if (s.exceptions.size() > static_cast<std::size_t>(kMostSessions))
    faults.push_back({"/exceptions", "too-many", "No more than 104 dates can be left out"});
}

}  // namespace

bool near_enough(const Zone& zone, LocalDate date, base::WallTime now) {
  const int today = zone.shown_at(now).date.days;
  return date.days >= today - kYear && date.days <= today + 3 * kYear;
}

bool overlaps(const Span& a, const Span& b) { return a.starts < b.ends && b.starts < a.ends; }

PlannedSession planned(const Zone& zone, LocalDate date, ClockTime time, std::int64_t minutes) {
  const Placed at = zone.place(date, time);
  return {.date = at.date, .time = at.time, .starts = at.at, .ends = {at.at.us + minutes * 60'000'000}, .clock_change = at.moved};
}

base::Result<std::vector<PlannedSession>, FieldFaults> sessions_of(const NewSeries& series, const Zone& zone, base::WallTime now) {
  FieldFaults faults;
  check_numbers(series, faults);
  const auto first = parse_local_date(series.first_date);
  const auto time = parse_clock_time(series.start_time);
  if (!first) faults.push_back({"/firstDate", "date", "Enter a date that exists, such as 7 January 2027"});
  if (!time) faults.push_back({"/startTime", "time", "Enter a time from 00:00 to 23:59"});
  if (first && !near_enough(zone, *first, now))
    faults.push_back({"/firstDate", "far", "The first session is a year ago at most, and three years ahead at most"});
  if (!faults.empty()) return std::unexpected(std::move(faults));

  std::vector<LocalDate> dates;
  for (int i = 0; i < series.count; ++i) dates.push_back({first->days + i * static_cast<int>(series.every_days)});
  for (std::size_t i = 0; i < series.exceptions.size(); ++i) {
    const auto left_out = parse_local_date(series.exceptions[i]);
    // A date that the series does not have is more likely a slip than meant.
    if (!left_out || (std::erase(dates, *left_out) == 0))
      faults.push_back({"/exceptions/" + std::to_string(i), "not-in-series", "This is not a date of the series"});
  }
  if (faults.empty() && dates.empty()) faults.push_back({"/exceptions", "none-left", "Every date is left out: no session remains"});
  if (!dates.empty() && !near_enough(zone, dates.back(), now))
    faults.push_back({"/count", "far", "The last session is three years ahead at most"});
  if (!faults.empty()) return std::unexpected(std::move(faults));

  std::vector<PlannedSession> out;
  for (const LocalDate date : dates) out.push_back(planned(zone, date, *time, series.minutes));
  return out;
}

}  // namespace care
