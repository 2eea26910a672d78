// SPDX-License-Identifier: Apache-2.0
// See step.h. Order matters to what people see: a person leaves before the pause that follows from it is told, and a
// newcomer's roster says the state that holds from then on.
#include "call/step.h"

#include "call/breakouts.h"
#include "call/mls_delivery.h"
#include "call/private_room.h"

namespace call {
namespace {

constexpr std::uint16_t kDone = 1000, kRoomEnded = 4404, kSuperseded = 4409;  // docs/protocol.md "Close codes"

std::uint16_t code_of(GoneWhy why) {
  if (why == GoneWhy::ended) return kRoomEnded;
  return why == GoneWhy::superseded ? kSuperseded : kDone;
}
LeftHow how_of(GoneWhy why) {
  switch (why) {
    case GoneWhy::removed: return LeftHow::removed;
    case GoneWhy::superseded: return LeftHow::superseded;
    case GoneWhy::dropped: return LeftHow::dropped;
    case GoneWhy::moved_back: return LeftHow::moved_back;
    case GoneWhy::left:
    case GoneWhy::declined:  // waiting only
    case GoneWhy::ended: break;
  }
  return LeftHow::left;
}
Going going_of(GoneWhy why) {
  switch (why) {
    case GoneWhy::removed: return Going::removed;
    case GoneWhy::superseded: return Going::superseded;
    case GoneWhy::dropped: return Going::dropped;
    case GoneWhy::moved_back: return Going::moved_back;
    case GoneWhy::ended: return Going::ended;
    case GoneWhy::left:
    case GoneWhy::declined: break;
  }
  return Going::left;
}

}  // namespace

void Step::tell(base::ArrivalId to, ServerMessage message) { tell(std::vector{to}, std::move(message)); }

void Step::tell(std::vector<base::ArrivalId> to, ServerMessage message) {
  if (!to.empty()) list_.emplace_back(Tell{std::move(to), std::move(message)});
}

void Step::tell_present(ServerMessage message, std::optional<base::ArrivalId> except) {
  auto to = present_ids(next_);
  if (except) std::erase(to, *except);
  tell(std::move(to), std::move(message));
}

void Step::enter(base::ArrivalId id, std::optional<base::SeatId> by, std::optional<std::uint32_t> place) {
  Arrival& a = at(id);
  a.stage = Stage::present;
  a.place = place ? *place : ++next_.admissions;
  a.second = a.removed = a.moved_back = false;
  std::erase(next_.removed, a.seat);
  settle_pause(id);
  add(ReportCame{a.seat});  // before they are told: what the service writes of a coming stands when they know that they are in
  tell(id, StateNow{.state = Stage::present, .why = {}, .by = by});
  show_room(id);
  tell_present(Joined{person_of(a)}, id);
  silence(a);
  add(SetPresent{id, true});
}

void Step::silence(const Arrival& a) {
  add(SetSilenced{a.id, media::Source::microphone, !a.microphone || a.muted || a.away || a.backstage});
  add(SetSilenced{a.id, media::Source::backstage, !a.backstage || a.away});
  add(SetSilenced{a.id, media::Source::camera, !a.camera || a.away});
  add(SetSilenced{a.id, media::Source::screen, !a.sharing || a.away});
  add(SetSilenced{a.id, media::Source::clear_view, !a.clear_view || a.away});
}

void Step::leave_group(base::ArrivalId id, LeftHow how, Going going) {
  const base::SeatId seat = at(id).seat;
  add(SetPresent{id, false});
  if (at(id).in != GroupName{}) add(SetPlace{id, at(id).in = {}});
  if (next_.speaker == seat) next_.speaker.reset();
  tell_present(Left{seat, how}, id);
  add(ReportWent{seat, going});
}

void Step::go(base::ArrivalId id, GoneWhy why, std::optional<base::SeatId> by) {
  tell(id, StateNow{.state = Stage::gone, .why = why, .by = by});
  if (at(id).stage == Stage::present) leave_group(id, how_of(why), going_of(why));
  add(LetGo{id, code_of(why)});
  std::erase_if(next_.arrivals, [&](const Arrival& a) { return a.id == id; });
}

void Step::move(base::ArrivalId id, const GroupName& to) {
  Arrival& a = at(id);
  if (a.stage != Stage::present || a.in == to) return;
  a.in = to;
  add(SetPlace{id, to});
  if (next_.speaker == a.seat) next_.speaker.reset();
  tell_present(Changed{person_of(a)});
}

void Step::switches_changed(base::ArrivalId id) {
  const Arrival& a = at(id);
  if (a.stage != Stage::present) return;
  silence(a);
  const Arrival* was = find(before_, id);
  if (was == nullptr || person_of(*was) != person_of(a)) tell_present(Changed{person_of(a)});
}

void Step::show_room(base::ArrivalId id) {
  const Arrival& a = at(id);
  if (a.stage != Stage::present) return;
  tell(id, roster_of(next_));
  if (next_.breakouts) tell(id, breakouts_of(next_));
  if (a.may.admit) tell(id, waiting_list_of(next_));
  if (a.may.admit && next_.encrypted) {
    tell(id, groups_of(next_));
    for (const Arrival& other : next_.arrivals)
      if (other.id != id && offered_key(&other) != nullptr) tell(id, key_offered_by(other));
    shown_.push_back(id);
  }
  if (ClearViews clear = clear_views_of(next_); is_facilitator(a) && !clear.seats.empty()) tell(id, std::move(clear));
  if (Backstage talk = backstage_of(next_); is_facilitator(a) && !talk.seats.empty()) tell(id, std::move(talk));
  for (const Arrival& other : next_.arrivals)
    if (other.stage == Stage::present && other.line && (other.id == id || is_facilitator(a)))
      tell(id, *other.line);
}

void Step::settle_pause(std::optional<base::ArrivalId> except) {
  std::optional<PausedWhy> now;
  if (next_.paused_by_hand) {
    now = PausedWhy::facilitator;
  } else if (count(next_, Stage::present) > 0 && !has_facilitator(next_)) {
    now = PausedWhy::no_facilitator;
  }
  if (now == next_.paused) return;
  const bool was = next_.paused.has_value();
  next_.paused = now;
  if (was != now.has_value()) add(SetPaused{now.has_value()});
  if (now) next_.speaker.reset();
  tell_present(Paused{.paused = now.has_value(), .why = now,
                      .by = now == PausedWhy::facilitator ? next_.paused_by : std::nullopt},
               except);
}

// Nobody is left who could hear it. What was meant for them must not reach the group instead, so the microphone is off.
void Step::settle_backstage(Arrival& a) {
  if (!a.backstage || facilitators_of(next_).size() > 1) return;
  a.backstage = a.microphone = false;
  switches_changed(a.id);
}

// Nothing goes on being shown by somebody who is not there or has gone aside, nor in a pause. Leave to share ends with the share.
void Step::settle_sharing() {
  for (Arrival& a : next_.arrivals) {
    const bool present = a.stage == Stage::present;
    if (!present) a.share_allowed = a.clear_view = a.backstage = false;
    settle_backstage(a);
    if (!a.sharing || (is_with_everyone(a) && !a.away && !next_.paused)) continue;
    a.sharing = a.share_allowed = false;
    switches_changed(a.id);
  }
}

// docs/protocol.md "States of an arrival": where no facilitator is left, one who waited need not wait for one.
void Step::let_next_lead() {
  if (next_.ended || !admitters(next_).empty()) return;
  relieve();
}

void Step::relieve() {
  const Arrival* first = next_to_lead(next_);
  if (first != nullptr && count(next_, Stage::present) < next_.limits.max_people) enter(first->id, {});
}

// What was said to facilitators while none could hear it, to those who can now.
void Step::tell_kept() {
  for (auto at = next_.kept.begin(); at != next_.kept.end();) {
    std::vector<base::ArrivalId> to;
    for (const Arrival& a : next_.arrivals)
      if (hears(a, at->waiting)) to.push_back(a.id);
    if (to.empty()) {
      ++at;
      continue;
    }
    tell(std::move(to), std::move(at->said));
    at = next_.kept.erase(at);
  }
}

// Those who let people in hear of each group that was opened or is gone, and of each key that is new to them.
void Step::tell_groups() {
  const auto stands = [](const Room& room) {
    std::vector<std::uint64_t> out;
    for (const MlsGroup& group : room.mls.groups) out.push_back(group.instance);
    return out;
  };
  if (stands(next_) != stands(before_)) tell(admitters(next_), groups_of(next_));
  for (const Arrival& a : next_.arrivals) {
    const Payload* key = offered_key(&a);
    if (key == nullptr || key == offered_key(find(before_, a.id))) continue;
    auto to = admitters(next_);
    std::erase_if(to, [&](base::ArrivalId id) { return id == a.id || std::ranges::find(shown_, id) != shown_.end(); });
    tell(std::move(to), key_offered_by(a));
  }
}

void Step::tell_welcomes() {
  std::erase_if(next_.mls.welcomes, [&](const KeptWelcome& kept) {
    if (!at(kept.to).signalling) return false;
    tell(kept.to, *kept.said);
    return true;
  });
  trim_welcomes(next_.mls);
}

Effects Step::finish() {
  let_next_lead();
  end_broken_pairs(*this);
  end_unled_breakouts(*this);
  settle_pause({});
  settle_sharing();
  forget_gone(next_);
  tell_groups();
  tell_welcomes();
  tell_kept();
  if (ClearViews clear = clear_views_of(next_); clear != clear_views_of(before_)) tell(facilitators_of(next_), std::move(clear));
  if (Backstage talk = backstage_of(next_); talk != backstage_of(before_)) tell(facilitators_of(next_), std::move(talk));
  if (next_.speaker != before_.speaker) tell_present(Speaker{{next_.speaker}});
  // Those who entered in this step have had the list with their roster.
  WaitingList list = waiting_list_of(next_);
  if (list != waiting_list_of(before_)) tell(admitters(next_), std::move(list));
  return {.next = std::move(next_), .list = std::move(list_)};
}

}  // namespace call
