// SPDX-License-Identifier: Apache-2.0
// See session.h.
#include "care/session.h"

#include <algorithm>

#include "care/group.h"
#include "care/membership.h"

namespace care {
namespace {

constexpr std::size_t kVenue = 200, kSoftware = 120;

bool meets_any(const Span& one, const std::vector<Span>& others) {
  return std::ranges::any_of(others, [&](const Span& other) { return overlaps(one, other); });
}

FieldFault not_planned() { return {"", "not-planned", "This session was held or cancelled"}; }

struct Checked {
  LocalDate date;
  ClockTime time;
};
base::Result<Checked, FieldFaults> check(WantedMove& w, const Zone& zone, base::WallTime now) {
  FieldFaults faults;
  const auto date = parse_local_date(w.date);
  const auto time = parse_clock_time(w.time);
  if (!date) {
    faults.push_back({"/date", "date", "Enter a date that exists, such as 7 January 2027"});
  } else if (!near_enough(zone, *date, now)) {
    faults.push_back({"/date", "far", "Choose a date from a year ago to three years ahead"});
  }
  if (!time) faults.push_back({"/time", "time", "Enter a time from 00:00 to 23:59"});
  if (w.minutes < kLeastMinutes || w.minutes > kMostMinutes)
    faults.push_back({"/minutes", "out-of-bounds", "A session lasts 10 minutes to 8 hours"});
  check_line(w.venue, "/venue", w.held_on == kInPersonOnly ? 1 : 0, kVenue, faults);
  check_line(w.held_on, "/heldOn", 1, kSoftware, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return Checked{*date, *time};
}

}  // namespace

SessionState parse_session_state(std::string_view text) {
  for (const auto& [state, name] : json_names(SessionState{}))
    if (name == text) return state;
  return SessionState::planned;
}

base::Result<std::vector<Session>, FieldFaults> decide_move(const WantedMove& wanted, const std::vector<Session>& moving,
                                                            const std::vector<Span>& others, const Zone& zone, base::WallTime now) {
  if (moving.front().state != SessionState::planned) return std::unexpected(FieldFaults{not_planned()});
  WantedMove w = wanted;
  const auto to = check(w, zone, now);
  if (!to) return std::unexpected(to.error());
  const int days = to->date.days - moving.front().date.days;
  std::vector<Session> out;
  std::vector<Span> taken = others;
  const Session& first = moving.front();
  for (const Session& before : moving) {
    // What is an exception of one of the rest (another time, length, place) stays one; what is usual in the series goes with the first, also
    // where that was an exception itself.
    const auto with_the_first = [&](auto Session::* part, const auto& next) {
      const auto as_many = [&](const Session& s) { return std::ranges::count(moving, s.*part, part); };
      const Session& usual = *std::ranges::max_element(moving, {}, as_many);
      return before.*part == first.*part || before.*part == usual.*part ? next : before.*part;
    };
    Session after = before;
    after.time = with_the_first(&Session::time, to->time);
    after.minutes = with_the_first(&Session::minutes, w.minutes);
    after.held_on = with_the_first(&Session::held_on, w.held_on);
    after.venue = with_the_first(&Session::venue, w.venue);
    if (after.venue.empty() && after.held_on == kInPersonOnly) after.venue = w.venue;
    const PlannedSession p = planned(zone, {before.date.days + days}, after.time, after.minutes);
    after.date = p.date;
    after.time = p.time;
    after.span = {p.starts, p.ends};
    // Most often a wrong year. A session that is over is closed for good, so it is not made so by a slip.
    if (after.span.ends <= now && before.span.ends > now)
      return std::unexpected(FieldFaults{{"/date", "past", "This date is over. Choose a date to come, or cancel the session"}});
    if (meets_any(after.span, taken))
      return std::unexpected(FieldFaults{{"/date", "overlaps", "This group has another session at that time"}});
    taken.push_back(after.span);
    if (after == before) continue;
    ++after.version;
    ++after.sequence;
    out.push_back(std::move(after));
  }
  return out;
}

std::vector<Session> follow_venue(const std::vector<Session>& planned, const std::string& before, const std::string& after) {
  std::vector<Session> out;
  if (before == after) return out;
  for (const Session& s : planned) {
    if (s.venue != before || (after.empty() && s.held_on == kInPersonOnly)) continue;
    out.push_back(s);
    out.back().venue = after;
    ++out.back().version;
    ++out.back().sequence;
  }
  return out;
}

base::Result<std::vector<Session>, FieldFaults> decide_cancel(const WantedCancel& wanted, const std::vector<Session>& cancelling) {
  if (cancelling.front().state != SessionState::planned) return std::unexpected(FieldFaults{not_planned()});
  if (!good_reason_code(wanted.reason)) return std::unexpected(FieldFaults{{"/reason", "missing", "Choose a reason"}});
  std::vector<Session> out = cancelling;
  for (Session& s : out) {
    s.state = SessionState::cancelled;
    s.cancelled_reason = wanted.reason;
    ++s.version;
    ++s.sequence;
  }
  return out;
}

base::Result<std::vector<Session>, FieldFaults> decide_series(const std::vector<PlannedSession>& planned, const std::vector<Span>& others,
                                                              std::int64_t last_number) {
  std::vector<Session> out;
  std::vector<Span> taken = others;
  for (const PlannedSession& p : planned) {
    Session s;
    s.number = ++last_number;
    s.date = p.date;
    s.time = p.time;
    s.span = {p.starts, p.ends};
    s.minutes = (p.ends.us - p.starts.us) / 60'000'000;
    if (meets_any(s.span, taken))
      return std::unexpected(FieldFaults{{"/firstDate", "overlaps", "This group has another session at one of these times (" + to_text(p.date) + ")"}});
    taken.push_back(s.span);
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace care
