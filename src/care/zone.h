// SPDX-License-Identifier: Apache-2.0
// Dates and clock times of a place (an IANA time zone) and the moments that they are. A planned clock time is kept across a
// clock change. Where it does not exist that day it moves to the next minute that does, and says so; where it comes twice it
// is the first. Not here: any clock; which zone a group has. The rules of the zones are the system's (tzdata), read once and
// never changed; a zone that they do not know is nothing. Any thread.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace date {
class time_zone;
}

namespace care {

// A day of the Gregorian calendar that exists, from 1970 to 2199.
struct LocalDate {
  int days = 0;  // since 1970-01-01
  auto operator<=>(const LocalDate&) const = default;
};
[[nodiscard]] std::optional<LocalDate> parse_local_date(std::string_view text);  // "2026-11-23"
[[nodiscard]] std::string to_text(LocalDate);

struct ClockTime {
  int minutes = 0;  // since midnight, 0 to 1,439
  auto operator<=>(const ClockTime&) const = default;
};
[[nodiscard]] std::optional<ClockTime> parse_clock_time(std::string_view text);  // "14:00"
[[nodiscard]] std::string to_text(ClockTime);

// A place's clock: what it shows, and when that is.
struct Placed {
  LocalDate date;
  ClockTime time;
  base::WallTime at;
  bool moved = false;  // the time that was asked for does not exist that day
};

class Zone {
 public:
  [[nodiscard]] static std::optional<Zone> find(std::string_view name);
  [[nodiscard]] Placed place(LocalDate date, ClockTime time) const;
  [[nodiscard]] Placed shown_at(base::WallTime at) const;  // seconds are cut off

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // of the library's own list, which stays
};

// ISO 8601 in UTC: "2026-11-23T14:00:00Z".
[[nodiscard]] std::string iso_text(base::WallTime at);
[[nodiscard]] std::optional<base::WallTime> parse_iso(std::string_view text);

}  // namespace care
