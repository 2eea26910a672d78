// SPDX-License-Identifier: Apache-2.0
// The effects of rules carried out on media and connections, and what media reports carried back to the rules. See
// plane_state.h. Invariant: nobody but a present person is told what their slots carry.
#include <algorithm>

#include "call/offer_lines.h"
#include "call/plane_state.h"
#include "call/presence.h"
#include "call/relay.h"

namespace call {
namespace {

constexpr auto kIceTakes = base::Duration::seconds(4);

// One number a place, as media tells them apart; 0: with everyone.
std::uint64_t media_place(const GroupName& in) {
  return (static_cast<std::uint64_t>(in.kind) << 32) | in.number;
}

Layers layers_message(const media::Event::Layers& of) {
  return {.source = media::Source::camera, .count = of.count, .bits_per_second = of.bps > 0 ? std::optional<std::int64_t>(of.bps) : std::nullopt, .packet_ms = {}};
}
Layers sound_message(const media::Event::Sound& of) {
  return {.source = media::Source::microphone, .count = 1, .bits_per_second = of.bps, .packet_ms = of.packet_ms};
}

}  // namespace

void Plane::State::apply(base::Now now, RoomEntry& entry, Effects effects, base::DatagramSink& out) {
  entry.room = std::move(effects.next);
  const base::RoomId room = entry.room.id;
  touch(room);
  for (const Effect& effect : effects.list) {
    if (const auto* e = std::get_if<Tell>(&effect)) tell(entry, *e);
    if (const auto* e = std::get_if<LetGo>(&effect)) let_go(now, entry, *e, out);
    if (const auto* e = std::get_if<SetPresent>(&effect)) {
      const Arrival* a = find(entry.room, e->arrival);
      media->set_backstage({room, e->arrival}, a != nullptr && is_facilitator(*a), now);
      media->set_present({room, e->arrival}, e->present, now);
    }
    if (const auto* e = std::get_if<SetPlace>(&effect)) media->set_place({room, e->arrival}, media_place(e->in), now);
    if (const auto* e = std::get_if<OpenLine>(&effect)) media->open_line({room, e->arrival}, e->source);
    if (const auto* e = std::get_if<SetSilenced>(&effect))
      media->set_silenced({room, e->arrival}, e->source, e->silenced, now);
    if (const auto* e = std::get_if<SetPaused>(&effect)) media->set_paused(room, e->paused, now);
    if (const auto* e = std::get_if<SetView>(&effect)) show(now, entry, *e);
    if (const auto* e = std::get_if<ReportCame>(&effect)) came(entry, e->seat);
    if (const auto* e = std::get_if<ReportWent>(&effect)) output.emplace_back(Went{room, e->seat, e->how});
    if (std::holds_alternative<ReportEnded>(effect)) has_ended(now, room);
  }
}

void Plane::State::came(const RoomEntry& entry, base::SeatId seat) {
  const Arrival* who = sitting(entry.room, seat);
  if (who != nullptr && is_facilitator(*who)) ended.erase(entry.room.id);
  output.emplace_back(Came{entry.room.id, seat});
}

void Plane::State::has_ended(base::Now now, base::RoomId room) {
  std::erase_if(ended, [&](const auto& each) { return each.second + kOnTheWay <= now.instant; });
  ended.insert_or_assign(room, now.instant);
  output.emplace_back(RoomEnded{room});
}

void Plane::State::tell(RoomEntry& entry, const Tell& tell) {
  const base::Redacted text(write_message(tell.message));
  const bool roster = std::holds_alternative<Roster>(tell.message);
  for (const base::ArrivalId id : tell.to) {
    const auto at = entry.attachments.find(id);
    if (at == entry.attachments.end()) continue;
    if (at->second.connection) output.emplace_back(ServerText{*at->second.connection, text});
    if (roster && !at->second.carries.empty()) at->second.slots_due = true;
    if (roster && at->second.layers) at->second.layers_due = true;
    if (roster && at->second.sound) at->second.sound_due = true;
  }
}

void Plane::State::let_go(base::Now now, RoomEntry& entry, const LetGo& gone, base::DatagramSink& out) {
  const auto at = entry.attachments.find(gone.arrival);
  if (at == entry.attachments.end()) return;
  if (at->second.connection) close(*at->second.connection, gone.code);
  output.emplace_back(VisitEnded{entry.room.id, at->second.visit.ended(now.instant)});
  entry.attachments.erase(at);
  media->remove({entry.room.id, gone.arrival}, now, out);
}

void Plane::State::show(base::Now now, RoomEntry& entry, const SetView& shown) {
  media::View view{.tiles = {}, .sound_only = shown.sound_only, .saver = shown.saver};
  for (const TileShown& tile : shown.tiles) {
    const Arrival* of = sitting(entry.room, tile.seat);
    if (of == nullptr) continue;  // left while the message was on its way
    view.tiles.push_back(
        {.of = of->id, .source = tile.source, .width = tile.width, .height = tile.height, .pinned = tile.pinned});
  }
  media->set_view({entry.room.id, shown.arrival}, std::move(view), now);
}

void Plane::State::take_events(base::Now now, base::DatagramSink& out, std::optional<media::ParticipantKey> except) {
  // Handling an event may cause more; a few rounds settle it, the bound keeps a fault from holding the thread.
  for (int round = 0; round < 16; ++round) {
    std::vector<media::Event> taken = std::exchange(events, {});
    taken.clear();
    media->take_events(taken);
    const bool none = taken.empty();
    for (const media::Event& event : taken)
      if (event.key != except || std::holds_alternative<media::Event::Speaker>(event.what)) on_event(now, event, out);
    events = std::move(taken);
    if (none) return;
  }
}

void Plane::State::on_event(base::Now now, const media::Event& event, base::DatagramSink& out) {
  const auto room = rooms.find(event.key.room);
  if (room == rooms.end()) return;
  RoomEntry& entry = room->second;
  if (const auto* speaking = std::get_if<media::Event::Speaker>(&event.what)) {
    entry.speaker_wanted = speaking->who;
    return speaker(now, entry, out);
  }
  const auto at = entry.attachments.find(event.key.arrival);
  if (at == entry.attachments.end()) return;
  if (const auto* slots = std::get_if<media::Event::Slots>(&event.what)) {
    at->second.carries = slots->carries;
    at->second.extras = slots->extras;
    at->second.slots_due = true;
    return touch(event.key.room);
  }
  if (const auto* layers = std::get_if<media::Event::Layers>(&event.what)) {
    at->second.layers = *layers;
    at->second.layers_due = true;
    touch(event.key.room);
    if (Decision decision = camera_held(entry.room, event.key.arrival, layers->count == 0)) apply(now, entry, std::move(*decision), out);
    return;
  }
  if (const auto* sound = std::get_if<media::Event::Sound>(&event.what)) {
    at->second.sound = *sound;
    at->second.sound_due = true;
    return touch(event.key.room);
  }
  if (std::holds_alternative<media::Event::OfferNeeded>(event.what)) {
    at->second.offer_due = true;
    return touch(event.key.room);
  }
  if (std::holds_alternative<media::Event::Unheard>(event.what)) {
    // Their own side may have noticed before us, and what it asked for has begun.
    if (now.instant - at->second.ice_at >= kIceTakes) begin_ice_again(now, event.key, at->second);
    return;
  }
  const Arrival* who = find(entry.room, event.key.arrival);
  const bool present = who != nullptr && who->stage == Stage::present;
  VisitWatch& visit = at->second.visit;
  if (const auto* gap = std::get_if<media::Event::Gap>(&event.what)) {
    visit.heard(false, present, gap->since);
    return visit.heard(true, present, now.instant);
  }
  const bool heard = std::holds_alternative<media::Event::Connected>(event.what) ||
                     std::holds_alternative<media::Event::Back>(event.what);
  const auto* silent = std::get_if<media::Event::Silent>(&event.what);
  visit.heard(heard, present, silent ? silent->since : now.instant);
  if (Decision decision = media_changed(entry.room, event.key.arrival, heard ? MediaState::heard : MediaState::silent,
                                        now.instant))
    apply(now, entry, std::move(*decision), out);
}

void Plane::State::speaker(base::Now now, RoomEntry& entry, base::DatagramSink& out) {
  if (!entry.speaker_wanted) return;
  touch(entry.room.id);
  if (now.instant < entry.speaker_next) return;
  Decision decision = speaker_changed(entry.room, *std::exchange(entry.speaker_wanted, std::nullopt));
  if (!decision) return;
  if (decision->next.speaker != entry.room.speaker) entry.speaker_next = now.instant + kSpeakerEvery;
  apply(now, entry, std::move(*decision), out);
}

void Plane::State::read_lines(base::Now now, RoomEntry& entry, base::DatagramSink& out) {
  if (now.instant < entry.lines_at) return;
  entry.lines_at = entry.attachments.empty() ? base::Instant::never() : now.instant + kLineEvery;
  for (auto& [arrival, attachment] : entry.attachments) {
    const Arrival* a = find(entry.room, arrival);
    if (a == nullptr || a->media == MediaState::none) continue;
    const auto figures = media->line({entry.room.id, arrival});
    if (figures) attachment.visit.read(*figures, a->stage == Stage::present, kLineEvery);
    const auto line = attachment.line.read(figures, a->media == MediaState::heard);
    if (!line) continue;
    if (Decision decision = line_changed(entry.room, arrival, *line)) apply(now, entry, std::move(*decision), out);
  }
}

// Looks at no room but those in which something is due: of a thousand that rest the others' packets shall know nothing.
void Plane::State::pass_time(base::Now now, base::DatagramSink& out) {
  for (auto next = agenda.begin(); next != agenda.end() && next->first <= now.instant; ++next) {
    RoomEntry& entry = rooms.at(next->second);
    touch(entry.room.id);  // settle() arms it again
    if (call::next_timeout(entry.room) <= now.instant)
      if (Decision decision = call::pass_time(entry.room, now.instant)) apply(now, entry, std::move(*decision), out);
    if (entry.forget_at <= now.instant) entry.room.removed.clear();
    speaker(now, entry, out);
    read_lines(now, entry, out);
  }
}

void Plane::State::arm(RoomEntry& entry) {
  auto due = std::min({call::next_timeout(entry.room), entry.forget_at, entry.lines_at});
  if (entry.speaker_wanted) due = std::min(due, entry.speaker_next);
  if (due == entry.due) return;
  if (!entry.due.is_never()) agenda.erase({entry.due, entry.room.id});
  entry.due = due;
  if (!due.is_never()) agenda.insert({due, entry.room.id});
}

void Plane::State::send_due(base::Now now, RoomEntry& entry) {
  for (auto& [id, attachment] : entry.attachments) {
    if (!attachment.connection) continue;
    if (attachment.offer_due && !attachment.awaiting_answer) {
      media::Offer offer = media->make_offer({entry.room.id, id}, now);
      attachment.offer_due = false;
      attachment.awaiting_answer = true;
      attachment.offered = offer.id;
      OfferMade message = offer_message(std::move(offer));
      // Only then may a browser ask the relay; in between, new credentials would be for nothing.
      attachment.ice_began = std::exchange(attachment.ice_begins, false);
      if (attachment.ice_began) attachment.ice_at = now.instant;
      if (attachment.ice_began && !relay.uri.empty()) message.relay = open_relay(relay, now.wall, entropy);
      output.emplace_back(ServerText{*attachment.connection, base::Redacted(write_message(ServerMessage(std::move(message))))});
    }
    if (std::exchange(attachment.layers_due, false))
      output.emplace_back(ServerText{*attachment.connection, base::Redacted(write_message(ServerMessage(layers_message(*attachment.layers))))});
    if (std::exchange(attachment.sound_due, false))
      output.emplace_back(ServerText{*attachment.connection, base::Redacted(write_message(ServerMessage(sound_message(*attachment.sound))))});
    const Arrival* a = find(entry.room, id);
    if (!attachment.slots_due || a == nullptr || a->stage != Stage::present) continue;
    attachment.slots_due = false;
    Slots slots;
    for (const auto& carried : attachment.carries) {
      const Arrival* of = carried ? find(entry.room, *carried) : nullptr;
      const bool shown = of != nullptr && of->stage == Stage::present;
      slots.carries.push_back({shown ? std::optional(of->seat) : std::nullopt});
    }
    for (const auto& extra : attachment.extras) {
      const Arrival* of = find(entry.room, extra.of);
      if (of == nullptr || of->stage != Stage::present) continue;
      if (!slots.extras) slots.extras.emplace();
      slots.extras->push_back({extra.slot, of->seat, extra.source});
    }
    output.emplace_back(
        ServerText{*attachment.connection, base::Redacted(write_message(ServerMessage(std::move(slots))))});
  }
}

void Plane::State::touch(base::RoomId room) {
  if (touched.empty() || touched.back() != room) touched.push_back(room);
}

void Plane::State::settle(base::Now now, base::DatagramSink& out) {
  take_events(now, out);
  for (std::size_t i = 0; i < touched.size(); ++i) {
    const auto at = rooms.find(touched[i]);
    if (at == rooms.end()) continue;
    RoomEntry& entry = at->second;
    if (!entry.room.arrivals.empty()) {
      send_due(now, entry);
    } else if (entry.room.ended || entry.room.removed.empty()) {
      media->close_room(touched[i], now, out);
      if (!entry.due.is_never()) agenda.erase({entry.due, entry.room.id});
      rooms.erase(at);
      continue;
    } else if (entry.forget_at.is_never()) {
      entry.forget_at = now.instant + kRememberRemoved;
    }
    arm(entry);
  }
  touched.clear();
}

}  // namespace call
