// SPDX-License-Identifier: Apache-2.0
// See presence.h and docs/protocol.md "Coming back".
#include "call/presence.h"

#include "call/breakouts.h"
#include "call/private_room.h"
#include "call/step.h"

namespace call {
namespace {

// Whoever has just come back is not away again at once: a way that breaks and stands, again and again, would be told to everybody each time.
constexpr base::Duration kStays = base::Duration::seconds(2);

// When this arrival becomes away, if nothing happens.
base::Instant away_at(const Arrival& a, const RoomLimits& limits) {
  if (a.away) return base::Instant::never();
  if (a.media == MediaState::silent) return a.away_since == base::Instant{} ? a.away_since : a.away_since + kStays;  // the first time at once
  if (a.signalling) return base::Instant::never();
  return a.media == MediaState::heard ? a.signalling_lost + limits.signalling_grace : a.signalling_lost;
}

base::Instant dropped_at(const Arrival& a, const RoomLimits& limits) {
  if (!a.away || a.signalling) return base::Instant::never();
  return std::max(a.away_since, a.signalling_lost) + limits.resume_for;
}

// A tab that was left open at "I'm ready": it goes, so that it holds no place of those who may come.
base::Instant left_open_at(const Arrival& a, const RoomLimits& limits) {
  return a.stage == Stage::arriving ? a.since + limits.arriving_for : base::Instant::never();
}

// Whoever led has been away for a while, and a facilitator waits who could. A reload takes less and costs nobody the lead.
base::Instant relieved_at(const Room& room) {
  const bool full = count(room, Stage::present) >= room.limits.max_people;
  if (room.ended || full || next_to_lead(room) == nullptr) return base::Instant::never();
  base::Instant last{};
  for (const Arrival& a : room.arrivals) {
    if (a.stage != Stage::present || !a.may.admit) continue;
    if (!a.away) return base::Instant::never();
    last = std::max(last, a.away_since);
  }
  return last + room.limits.relieved_after;
}

void set_away(Step& step, base::ArrivalId id, bool away, base::Instant now) {
  Arrival& a = step.at(id);
  if (a.away == away) return;
  a.away = away;
  a.away_since = now;
  step.switches_changed(id);
}

// Brings `away` into line with what is known now.
void settle(Step& step, base::ArrivalId id, base::Instant now) {
  const Arrival& a = step.at(id);
  if (a.away) {
    if (a.signalling && a.media != MediaState::silent) set_away(step, id, false, now);
  } else if (away_at(a, step.room().limits) <= now) {
    set_away(step, id, true, now);
  }
}

}  // namespace

Decision signalling_lost(const Room& room, base::ArrivalId id, base::Instant now) {
  if (find(room, id) == nullptr) return refuse(Reason::unknown_arrival);
  Step step(room);
  Arrival& a = step.at(id);
  a.signalling = false;
  a.signalling_lost = now;
  settle(step, id, now);
  return step.finish();
}

Decision media_changed(const Room& room, base::ArrivalId id, MediaState media, base::Instant now) {
  if (find(room, id) == nullptr) return refuse(Reason::unknown_arrival);
  Step step(room);
  step.at(id).media = media;
  settle(step, id, now);
  return step.finish();
}

Decision pass_time(const Room& room, base::Instant now) {
  Step step(room);
  for (const Arrival& a : room.arrivals) {
    if (dropped_at(a, room.limits) <= now || left_open_at(a, room.limits) <= now) {
      step.go(a.id, GoneWhy::dropped, {});
    } else if (away_at(a, room.limits) <= now) {
      set_away(step, a.id, true, now);
    }
  }
  if (relieved_at(step.room()) <= now) step.relieve();
  end_lonely_pairs(step, now);
  end_timed_breakouts(step, now);
  return step.finish();
}

base::Instant next_timeout(const Room& room) {
  base::Instant out = std::min({relieved_at(room), next_lonely_at(room), breakouts_end_at(room)});
  for (const Arrival& a : room.arrivals)
    out = std::min({out, away_at(a, room.limits), dropped_at(a, room.limits), left_open_at(a, room.limits)});
  return out;
}

Decision speaker_changed(const Room& room, std::optional<base::ArrivalId> who) {
  const Arrival* a = who ? find(room, *who) : nullptr;
  Step step(room);
  const bool audible = a != nullptr && is_with_everyone(*a) && !room.paused;
  step.room().speaker = audible ? std::optional(a->seat) : std::nullopt;
  return step.finish();
}

Decision camera_held(const Room& room, base::ArrivalId id, bool held) {
  if (find(room, id) == nullptr) return refuse(Reason::unknown_arrival);
  Step step(room);
  step.at(id).camera_held = held;
  step.switches_changed(id);
  return step.finish();
}

Decision line_changed(const Room& room, base::ArrivalId id, const LineReading& line) {
  const Arrival* a = find(room, id);
  if (a == nullptr) return refuse(Reason::unknown_arrival);
  Line said{.seat = a->seat, .word = line.word, .pictures = line.pictures, .thinned = {}};
  for (const base::ArrivalId other : line.thinned)
    if (const Arrival* thinned = find(room, other)) said.thinned.push_back(thinned->seat);
  Step step(room);
  step.at(id).line = said;
  std::vector<base::ArrivalId> to{id};
  if (a->stage == Stage::present)
    for (const Arrival& other : room.arrivals)
      if (other.id != id && other.stage == Stage::present && is_facilitator(other)) to.push_back(other.id);
  step.tell(std::move(to), std::move(said));
  return step.finish();
}

}  // namespace call
