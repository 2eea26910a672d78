// SPDX-License-Identifier: Apache-2.0
// See attendance.h.
#include "care/attendance.h"

#include "care/membership.h"

namespace care {
namespace {

constexpr std::size_t kMostNote = 2'000;

bool changed_mode(const Mark& m) { return m.planned && m.mode && *m.planned != *m.mode; }

std::optional<Mark> if_changed(const Mark& before, const Mark& after) { return before == after ? std::nullopt : std::optional(after); }

// Nothing but the way that was planned would change.
bool same_mark(const Mark& before, const Correction& wanted) {
  return before.mode == wanted.mode.value && before.outcome == wanted.outcome && before.late == wanted.late && before.left_early == wanted.left_early;
}

base::WallTime earlier(base::WallTime t, base::Duration by) { return {t.us - by.us}; }
base::WallTime later(base::WallTime t, base::Duration by) { return {t.us + by.us}; }

}  // namespace

Outcome parse_outcome(std::string_view text) {
  for (const auto& [outcome, name] : json_names(Outcome{}))
    if (name == text) return outcome;
  return Outcome::expected;
}
MarkedBy parse_marked_by(std::string_view text) {
  for (const auto& [source, name] : json_names(MarkedBy{}))
    if (name == text) return source;
  return MarkedBy::plan;
}

bool marked_away(const Mark& m) {
  return m.source == MarkedBy::staff && (m.outcome == Outcome::did_not_attend || m.outcome == Outcome::cancelled_by_person);
}

std::optional<Mark> came(const Mark& before, const Span& session, Way way, base::WallTime at) {
  if (before.source == MarkedBy::staff && !marked_away(before)) return std::nullopt;
  Mark after = before;
  after.source = MarkedBy::call;
  after.outcome = Outcome::attended;
  if (!after.came) {  // who comes back came when they first did
    after.came = at;
    after.mode = way;
    after.late = at > later(session.starts, kLateAfter);
  }
  after.left = std::nullopt;
  after.left_early = false;
  after.changed_mode = changed_mode(after);
  return if_changed(before, after);
}

std::optional<Mark> left(const Mark& before, const Span& session, base::WallTime at) {
  if (before.source != MarkedBy::call || before.outcome != Outcome::attended || !before.came) return std::nullopt;
  Mark after = before;
  after.left = at;
  after.left_early = at <= earlier(session.ends, kEarlyBefore);
  return if_changed(before, after);
}

std::optional<Mark> closed(const Mark& before, bool in_call, base::WallTime at) {
  Mark after = before;
  if (before.source == MarkedBy::call && before.outcome == Outcome::attended && !before.left) {
    after.left = at;  // stayed to the end, however early that was
  } else if (before.outcome == Outcome::expected && in_call && before.planned.value_or(Way::video) == Way::video) {
    // Who was to be in the room or on the phone is seen by the facilitators, not by the call: their row waits for them.
    after.outcome = Outcome::did_not_attend;
    after.source = MarkedBy::call;
  }
  return if_changed(before, after);
}

bool is_beside(const Mark& m) {
  return m.source == MarkedBy::staff && m.outcome == Outcome::attended && m.mode && *m.mode != Way::video && m.came && !m.left;
}

std::optional<Mark> seen_beside(const Mark& before, const std::optional<Mark>& kept, const Span& session, Seen seen, base::WallTime at) {
  Mark after = before;
  switch (seen) {
    case Seen::in_person:
    case Seen::phone:
      after.source = MarkedBy::staff;
      after.outcome = Outcome::attended;
      after.mode = seen == Seen::in_person ? Way::in_person : Way::phone;
      if (!after.came) {
        after.came = at;
        after.late = at > later(session.starts, kLateAfter);
      }
      after.left = std::nullopt;
      after.left_early = false;
      break;
    case Seen::left:
      if (!is_beside(before)) return std::nullopt;
      after.left = at;
      after.left_early = at <= earlier(session.ends, kEarlyBefore);
      break;
    case Seen::mistake:
      if (before.source != MarkedBy::staff) return std::nullopt;
      after = kept && kept->source == MarkedBy::call ? *kept : Mark{};  // else nobody's mark: the call may fill it
      after.planned = before.planned;
      break;
  }
  after.changed_mode = changed_mode(after);
  return if_changed(before, after);
}

std::string_view why_kept(const Mark& before, Seen seen) {
  if (before.source == MarkedBy::plan || seen == Seen::left) return {};
  if (seen == Seen::mistake) return "marked-by-mistake";
  if (before.outcome != Outcome::attended) return "came-after-all";
  const Way way = seen == Seen::in_person ? Way::in_person : Way::phone;
  return before.mode == way ? std::string_view{} : "changed-way";
}

bool is_ahead(const Span& session, base::WallTime at) { return at < earlier(session.starts, kMarkedFrom); }

bool seen_in_time(const Span& session, base::WallTime at) {
  constexpr auto kAfter = base::Duration::seconds(2 * 3600);
  return !is_ahead(session, at) && at < later(session.ends, kAfter);
}

bool is_correction(const Mark& before, const Correction& wanted) { return before.source != MarkedBy::plan && !same_mark(before, wanted); }

base::Result<Mark, FieldFaults> decide_mark(const Mark& before, Correction& wanted, const Span& session, base::WallTime now) {
  FieldFaults faults;
  const bool attended = wanted.outcome == Outcome::attended;
  if (attended && !wanted.mode.value) faults.push_back({"/mode", "missing", "Choose how the person took part"});
  if (!attended && wanted.mode.value) faults.push_back({"/mode", "not-asked", "Only somebody who came took part in a way"});
  if (!attended && wanted.late) faults.push_back({"/late", "not-asked", "Only somebody who came can be late"});
  if (!attended && wanted.left_early) faults.push_back({"/leftEarly", "not-asked", "Only somebody who came can leave early"});
  const bool ahead = is_ahead(session, now);
  const bool same = same_mark(before, wanted);
  if (ahead && !same && (attended || wanted.outcome == Outcome::did_not_attend))
    faults.push_back({"/outcome", "too-early", "The session has not begun"});
  if (wanted.reason.empty() ? is_correction(before, wanted) : !good_reason_code(wanted.reason))
    faults.push_back({"/reason", "missing", "Choose why the register changes"});
  check_note(wanted.note, "/note", kMostNote, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));

  Mark after = before;
  if (wanted.planned) after.planned = wanted.planned->value;
  after.mode = wanted.mode.value;
  after.outcome = wanted.outcome;
  after.late = wanted.late;
  after.left_early = wanted.left_early;
  after.changed_mode = changed_mode(after);
  if (!attended) after.came = after.left = std::nullopt;
  // Expected again is nobody's mark: the call may fill it.
  if (!same) after.source = wanted.outcome == Outcome::expected ? MarkedBy::plan : MarkedBy::staff;
  return after;
}

}  // namespace care
