// SPDX-License-Identifier: Apache-2.0
// See entrance.h and docs/protocol.md "States of an arrival".
#include "call/entrance.h"

#include "call/step.h"

namespace call {
namespace {

// Another browser holds this seat: it sits there or asked first.
bool taken(const Room& room, const Arrival& by) {
  return std::ranges::any_of(room.arrivals, [&](const Arrival& a) {
    return a.id != by.id && a.seat == by.seat && (a.stage == Stage::present || a.stage == Stage::waiting);
  });
}

Welcome welcome(const Room& room, const Arrival& a, bool resumed, bool kept, base::Instant now) {
  return {.version = 1,
          .arrival = a.id,
          .seat = a.seat,
          .role = a.role,
          .permissions = {.admit = a.may.admit, .moderate = a.may.moderate, .publish_screen = a.may.publish_screen},
          .state = a.stage,
          .resume = text_of(a.token),
          .now = millis_of(now),
          .resumed = resumed,
          .kept = kept,
          .encryption = room.encrypted ? Encryption::required : Encryption::none};
}

// Where a facilitator is there, their device lets everyone in, a second facilitator too: only so do the keys come from
// somebody who is in the group (docs/decisions/0009). A lock is theirs as well; where nobody is there to unlock it, it holds
// no facilitator out.
bool may_walk_in(const Room& room, const Arrival& a) {
  return a.may.enter && !a.removed && !a.second && !has_facilitator(room);
}

// Of a link's arrivals the one longest gone that never said it was ready: it gives way to a new one. Somebody whose browser
// fails again and again must not be kept out by what it left behind.
const Arrival* left_behind(const Room& room, base::SeatId seat) {
  const Arrival* found = nullptr;
  for (const Arrival& a : room.arrivals)
    if (a.seat == seat && a.stage == Stage::arriving && !a.signalling &&
        (found == nullptr || a.signalling_lost < found->signalling_lost))
      found = &a;
  return found;
}

}  // namespace

Decision come(const Room& room, const Coming& coming, base::Instant now) {
  if (room.ended) return refuse(Reason::not_now);
  const auto of_seat = std::ranges::count(room.arrivals, coming.admission.seat, &Arrival::seat);
  const bool too_many = std::cmp_greater_equal(of_seat, room.limits.max_per_seat);
  const Arrival* gives_way = too_many ? left_behind(room, coming.admission.seat) : nullptr;
  if (too_many && gives_way == nullptr) return refuse(Reason::full);
  const std::size_t outside = room.arrivals.size() - count(room, Stage::present) - (gives_way != nullptr ? 1 : 0);
  if (!coming.admission.permissions.admit && outside >= room.limits.max_waiting) return refuse(Reason::full);
  Step step(room);
  if (gives_way != nullptr) step.go(gives_way->id, GoneWhy::dropped, {});
  step.room().arrivals.push_back({.id = coming.id,
                                  .seat = coming.admission.seat,
                                  .role = coming.admission.role,
                                  .may = coming.admission.permissions,
                                  .stage = Stage::arriving,
                                  .token = coming.token,
                                  .since = now});
  step.tell(coming.id, welcome(room, step.at(coming.id), false, false, now));
  return step.finish();
}

const Arrival* resumable(const Room& room, base::SeatId seat, const ResumeToken& token) {
  const Arrival* found = nullptr;
  for (const Arrival& a : room.arrivals)
    if (a.seat == seat && a.token == token) found = &a;
  return found;
}

Decision resume(const Room& room, base::ArrivalId id, bool kept, base::Instant now) {
  if (find(room, id) == nullptr) return refuse(Reason::unknown_arrival);
  Step step(room);
  Arrival& a = step.at(id);
  a.signalling = true;
  if (!kept) {
    // A new page: its media connection is still to be made, and its switches are off until it says otherwise.
    a.media = MediaState::none;
    a.microphone = a.camera = a.clear_view = a.backstage = a.camera_held = false;
    if (a.sharing) a.sharing = a.share_allowed = false;
    a.off_since_muted = true;
  }
  a.away = kept && a.media == MediaState::silent;
  step.tell(id, welcome(room, a, true, kept, now));
  step.switches_changed(id);
  if (a.stage == Stage::present && !kept) {  // its new media connection does not know yet
    if (a.in != GroupName{}) step.add(SetPlace{id, a.in});
    step.add(SetPresent{id, true});
  }
  step.show_room(id);
  return step.finish();
}

Decision ready(const Room& room, const Actor& actor, base::Instant now) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr || a->stage != Stage::arriving) return refuse(Reason::not_now);
  Step step(room);
  Arrival& me = step.at(a->id);
  me.removed = std::ranges::find(room.removed, a->seat) != room.removed.end();
  me.second = taken(room, *a);
  me.since = now;
  if (may_walk_in(room, me)) {
    if (count(room, Stage::present) >= room.limits.max_people) return refuse(Reason::full);
    step.enter(me.id, {});
  } else {
    me.stage = Stage::waiting;
    step.tell(me.id, StateNow{.state = Stage::waiting, .why = {}, .by = {}});
  }
  return step.finish();
}

Decision leave(const Room& room, const Actor& actor) {
  if (find(room, actor.arrival) == nullptr) return refuse(Reason::not_now);
  Step step(room);
  step.go(actor.arrival, GoneWhy::left, {});
  return step.finish();
}

Decision publish(const Room& room, const Publish& message, const Actor& actor) {
  if (find(room, actor.arrival) == nullptr) return refuse(Reason::not_now);
  Step step(room);
  Arrival& a = step.at(actor.arrival);
  a.camera = message.camera;
  // After a mute the switch must have been off here once: a message that was on its way must not undo the mute.
  if (a.muted && !message.microphone) a.off_since_muted = true;
  if (a.muted && message.microphone && a.off_since_muted) a.muted = false;
  a.microphone = message.microphone && !a.muted;
  step.switches_changed(a.id);
  return step.finish();
}

Decision view(const Room& room, const View& message, const Actor& actor) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr || a->stage != Stage::present) return refuse(Reason::not_now);
  Step step(room);
  // A clear view is for facilitators' eyes; its keys are too (docs/decisions/0009).
  std::vector<TileShown> tiles = message.tiles;
  if (!is_facilitator(*a)) std::erase_if(tiles, [](const TileShown& tile) { return tile.source == media::Source::clear_view; });
  step.add(SetView{a->id, std::move(tiles), message.sound_only, message.saver.value_or(false)});
  return step.finish();
}

}  // namespace call
