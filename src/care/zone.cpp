// SPDX-License-Identifier: Apache-2.0
// See zone.h.
#include "care/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace care {
namespace {

using namespace std::chrono;
constexpr int kMinutesOfDay = 24 * 60;

// Exactly `size` figures from `at` on.
std::optional<int> figures(std::string_view text, std::size_t at, std::size_t size) {
  int out = 0;
  for (const char c : text.substr(at, size)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

date::year_month_day calendar(LocalDate d) { return date::year_month_day(date::local_days(date::days(d.days))); }

Placed placed(date::local_time<microseconds> local, base::WallTime at, bool moved) {
  const auto day = date::floor<date::days>(local);
  const auto minute = duration_cast<minutes>(local - day).count();
  return {.date = {static_cast<int>(day.time_since_epoch().count())}, .time = {static_cast<int>(minute)}, .at = at, .moved = moved};
}

}  // namespace

std::optional<LocalDate> parse_local_date(std::string_view t) {
  if (t.size() != 10 || t[4] != '-' || t[7] != '-') return std::nullopt;
  const auto y = figures(t, 0, 4), m = figures(t, 5, 2), d = figures(t, 8, 2);
  if (!y || !m || !d || *y < 1970 || *y > 2199) return std::nullopt;
  const auto date = date::year(*y) / date::month(static_cast<unsigned>(*m)) / date::day(static_cast<unsigned>(*d));
  if (!date.ok()) return std::nullopt;
  return LocalDate{static_cast<int>(date::local_days(date).time_since_epoch().count())};
}
std::string to_text(LocalDate d) {
  const auto c = calendar(d);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(c.year()), static_cast<unsigned>(c.month()), static_cast<unsigned>(c.day()));
}

std::optional<ClockTime> parse_clock_time(std::string_view t) {
  if (t.size() != 5 || t[2] != ':') return std::nullopt;
  const auto h = figures(t, 0, 2), m = figures(t, 3, 2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  return ClockTime{*h * 60 + *m};
}
std::string to_text(ClockTime t) { return fmt::format("{:02}:{:02}", t.minutes / 60, t.minutes % 60); }

// The library throws for a zone that it does not know, and opens files by name: so the name is looked at first.
std::optional<Zone> Zone::find(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 64 && name.front() != '/' && name.find("..") == std::string_view::npos &&
                     std::ranges::all_of(name, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
                     });
  if (!plain) return std::nullopt;
  try {
    return Zone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

Placed Zone::place(LocalDate date, ClockTime time) const {
  const date::local_time<microseconds> wanted = date::local_days(date::days(date.days)) + minutes(std::clamp(time.minutes, 0, kMinutesOfDay - 1));
  const auto info = zone_->get_info(wanted);
  if (info.result == date::local_info::nonexistent) {
    // The clock goes from first.end straight to second.begin, which are the same moment.
    const date::sys_time<microseconds> change = info.second.begin;
    const date::local_time<microseconds> shown((change + info.second.offset).time_since_epoch());
    return placed(shown, {change.time_since_epoch().count()}, true);
  }
  return placed(wanted, {(wanted.time_since_epoch() - info.first.offset).count()}, false);
}

Placed Zone::shown_at(base::WallTime at) const {
  const date::sys_time<microseconds> moment{microseconds(at.us)};
  const auto info = zone_->get_info(moment);
  return placed(date::local_time<microseconds>((moment + info.offset).time_since_epoch()), at, false);
}

std::string iso_text(base::WallTime at) {
  const date::sys_seconds moment{date::floor<seconds>(microseconds(at.us))};
  const auto day = date::floor<date::days>(moment);
  const auto of_day = (moment - day).count();
  return to_text(LocalDate{static_cast<int>(day.time_since_epoch().count())}) +
         fmt::format("T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60);
}

std::optional<base::WallTime> parse_iso(std::string_view t) {
  if (t.size() != 20 || t[10] != 'T' || t[16] != ':' || t[19] != 'Z') return std::nullopt;
  const auto day = parse_local_date(t.substr(0, 10));
  const auto clock = parse_clock_time(t.substr(11, 5));
  const auto second = figures(t, 17, 2);
  if (!day || !clock || !second || *second > 59) return std::nullopt;
  return base::WallTime{((std::int64_t{day->days} * kMinutesOfDay + clock->minutes) * 60 + *second) * 1'000'000};
}

}  // namespace care
