// SPDX-License-Identifier: Apache-2.0
// See forwarder.h. Here: members, slots, the path of a packet. forwarder_timers.cpp: what happens by the clock;
// forwarder_rtcp.cpp: what members report and are told.
#include "media/forwarder.h"

#include <algorithm>

namespace media {
namespace {

// Of one person's media, bits a second: a camera in three layers and a window that is shown take half of it.
constexpr std::int64_t kMostPictures = 8'000'000;
// And of each of their voices, twice what browsers were seen to send at their best; packets a second, those of 20 ms twice.
constexpr std::int64_t kMostSound = 160'000, kMostSounds = 120;
constexpr base::Duration kWakesLater = base::Duration::millis(100);

}  // namespace

std::size_t Forwarder::add(base::ArrivalId arrival, Outgoing& outgoing, base::Ssrc self, std::uint32_t seed) {
  auto free = std::ranges::find_if(members_, [](const auto& m) { return m == nullptr; });
  if (free == members_.end()) free = members_.insert(free, nullptr);
  const auto index = static_cast<std::size_t>(free - members_.begin());
  auto member = std::make_unique<Member>(seed, first_estimate_bps_);
  member->arrival = arrival;
  member->outgoing = &outgoing;
  member->self = self;
  *free = std::move(member);
  ++count_;
  for (auto& m : members_)
    if (m) m->slot_of.resize(members_.size(), kNoSlot);
  present_.reserve(members_.size());
  return index;
}

void Forwarder::remove(std::size_t member, base::Now now) {
  set_present(member, false, now);
  members_[member].reset();
  --count_;
}

void Forwarder::configure(std::size_t member, const Answer& answer, const std::vector<SlotSsrcs>& slots,
                          base::Now now) {
  auto& m = *members_[member];
  m.in.configure(answer);
  m.out.configure(answer);
  for (auto k = m.out.slots().size(); k < std::min(answer.slots, slots.size()); ++k) m.out.add_slot(slots[k]);
  m.asked_for_slots = false;
  // The connection may be another, whose other end knows nothing of it.
  m.layers_told = {kLayers};
  m.sound_told = kUsualSound;
  tell_layers(m);
  tell_sound(m);
  if (m.present) {
    seat_all(member);
    seat_extras(m);
    restart(m, now.instant);
    tell_slots();
  }
}

std::size_t Forwarder::slots_wanted(std::size_t member, const Settings& settings) const {
  const auto& m = *members_[member];
  const auto extras = std::ranges::count_if(m.view.tiles, [](const Tile& tile) { return tile.source != Source::camera; });
  const auto heard = m.backstage ? std::ranges::count_if(present_, [&](std::size_t i) { return i != member && members_[i]->backstage; }) : 0;
  const auto wanted = present_.size() - (m.present ? 1 : 0) + static_cast<std::size_t>(extras + heard);
  std::size_t slots = settings.initial_slots;
  while (slots < wanted && settings.slot_batch > 0) slots += settings.slot_batch;
  return std::min<std::size_t>(slots, settings.max_slots);
}

void Forwarder::list_present() {
  present_.clear();
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i] && members_[i]->present) present_.push_back(i);
}

Slot* Forwarder::free_slot(Member& viewer) {
  auto& slots = viewer.out.slots();
  const auto free = std::ranges::find_if(slots, [](const Slot& s) { return !s.carries; });
  if (free != slots.end()) return &*free;
  // Every slot is taken: a bigger offer is needed. Before the first answer there is nothing to grow.
  if (!slots.empty() && !viewer.asked_for_slots) {
    viewer.asked_for_slots = true;
    events_.push_back({{room_, viewer.arrival}, Event::OfferNeeded{}});
  }
  return nullptr;
}

void Forwarder::seat(Member& viewer, std::size_t of) {
  if (viewer.slot_of[of] != kNoSlot || viewer.place != members_[of]->place) return;
  auto* slot = free_slot(viewer);
  if (slot == nullptr) return;
  slot->carries = of;
  slot->source = Source::camera;
  slot->goodbye = false;
  viewer.slot_of[of] = static_cast<std::int16_t>(slot - viewer.out.slots().data());
  slot->sound.start(0);
  slot->picture.stop();
  viewer.slots_changed = true;
}

void Forwarder::empty(Member& viewer, Slot& slot) {
  slot.carries.reset();
  slot.thinned = false;
  slot.goodbye = slot.sound.packets > 0 || slot.picture.packets > 0;
  goodbyes_ = goodbyes_ || slot.goodbye;
  slot.sound.stop();
  slot.picture.stop();
  viewer.slots_changed = true;
}

void Forwarder::unseat(Member& viewer, std::size_t of) {
  for (auto& slot : viewer.out.slots())
    if (slot.carries == of) empty(viewer, slot);
  viewer.slot_of[of] = kNoSlot;
}

// The tile in which this viewer shows a source beside somebody's camera; null where it does not, or nothing of it may be sent.
const Tile* Forwarder::extra_wanted(const Member& viewer, std::size_t of, Source source) const {
  const auto& from = *members_[of];
  if (!from.present || &from == &viewer || from.place != viewer.place || from.silenced[static_cast<std::size_t>(source)]) return nullptr;
  const auto tile = std::ranges::find_if(
      viewer.view.tiles, [&](const Tile& t) { return t.of == from.arrival && t.source == source && is_picture(source); });
  return tile == viewer.view.tiles.end() ? nullptr : &*tile;
}

bool Forwarder::wants(const Member& viewer, std::size_t of, Source extra) const {
  if (extra != Source::backstage) return extra_wanted(viewer, of, extra) != nullptr;
  const auto& from = *members_[of];
  return viewer.backstage && from.backstage && from.present && &from != &viewer && !from.silenced[static_cast<std::size_t>(extra)];
}

void Forwarder::seat_extras(Member& viewer) {
  for (auto& slot : viewer.out.slots())
    if (slot.carries && slot.source != Source::camera && !wants(viewer, *slot.carries, slot.source)) empty(viewer, slot);
  for (const auto of : present_)
    for (const auto source : {Source::screen, Source::clear_view, Source::backstage}) {
      if (!wants(viewer, of, source) || slot_for(viewer, of, source) != nullptr) continue;
      auto* slot = free_slot(viewer);
      if (slot == nullptr) return;
      slot->carries = of;
      slot->source = source;
      slot->goodbye = false;
      if (source == Source::backstage) slot->sound.start(0);
      viewer.slots_changed = true;
    }
}

void Forwarder::seat_extras() {
  for (const auto i : present_) seat_extras(*members_[i]);
}

Slot* Forwarder::slot_for(Member& viewer, std::size_t of, Source picture) {
  const auto at = std::ranges::find_if(viewer.out.slots(), [&](const Slot& s) { return s.carries == of && s.source == picture; });
  return at == viewer.out.slots().end() ? nullptr : &*at;
}

void Forwarder::seat_all(std::size_t viewer, std::size_t but) {
  for (const auto other : present_)
    if (other != viewer && other != but) seat(*members_[viewer], other);
}

void Forwarder::tell_slots() {
  for (const auto i : present_) {
    auto& m = *members_[i];
    if (!m.slots_changed) continue;
    m.slots_changed = false;
    Event::Slots slots;
    for (const auto& slot : m.out.slots()) {
      const auto of = slot.carries ? std::optional(members_[*slot.carries]->arrival) : std::nullopt;
      const bool extra = of && slot.source != Source::camera;
      if (extra) slots.extras.push_back({static_cast<std::uint32_t>(slots.carries.size()), *of, slot.source});
      slots.carries.push_back(extra ? std::nullopt : of);
    }
    events_.push_back({{room_, m.arrival}, std::move(slots)});
  }
}

// Whatever this viewer gets begins anew: sound with the next packet, pictures with a key frame.
void Forwarder::restart(Member& viewer, base::Instant now) {
  for (auto& slot : viewer.out.slots()) {
    if (slot.carries && (slot.source == Source::camera || slot.source == Source::backstage))
      slot.sound.start(0);
    else
      slot.sound.stop();
    slot.picture.stop();
  }
  allocate_at_ = now;
  schedule(now);
}

void Forwarder::set_connected(std::size_t member, bool connected, base::Now now) {
  auto& m = *members_[member];
  if (m.out.connected() == connected) return;
  m.out.set_connected(connected, now.instant);
  if (connected) restart(m, now.instant);
}

void Forwarder::way_changed(std::size_t member, base::Now now) {
  auto& m = *members_[member];
  if (!m.out.connected()) return;
  m.out.begin_anew(now.instant);
  m.up.begin_anew(now.instant);
  restart(m, now.instant);
}

void Forwarder::set_present(std::size_t member, bool present, base::Now now) {
  auto& m = *members_[member];
  if (m.present == present) return;
  m.present = present;
  list_present();
  if (present) {
    join(member, now.instant);
  } else {
    m.has_view = false;
    m.view = {};
    part(member, now.instant);
    m.slots_changed = false;
  }
  seat_extras();
  note_speaker(now.instant);
  tell_slots();
}

void Forwarder::set_place(std::size_t member, std::uint64_t place, base::Now now) {
  auto& m = *members_[member];
  if (m.place == place) return;
  if (m.present) part(member, now.instant);
  m.place = place;
  if (m.present) join(member, now.instant);
  seat_extras();
  note_speaker(now.instant);
  tell_slots();
}

// Into the slots of those at the same place, and they into this one's.
void Forwarder::join(std::size_t member, base::Instant now) {
  if (members_[member]->place == 0) speakers_.add(member);
  seat_all(member);
  for (const auto other : present_)
    if (other != member) seat(*members_[other], member);
  restart(*members_[member], now);
}

// Out of everybody's slots, both ways at once.
void Forwarder::part(std::size_t member, base::Instant now) {
  speakers_.remove(member);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i] || i == member) continue;
    unseat(*members_[member], i);
    unseat(*members_[i], member);
  }
  // A freed slot may be what somebody was waiting for.
  for (const auto other : present_)
    if (other != member) seat_all(other, member);
  allocate_at_ = now;
  schedule(now);
}

void Forwarder::set_silenced(std::size_t member, Source source, bool silenced, base::Now now) {
  auto& m = *members_[member];
  auto& state = m.silenced[static_cast<std::size_t>(source)];
  if (state == silenced) return;
  state = silenced;
  for (const auto i : present_) {
    auto& viewer = *members_[i];
    const auto k = viewer.slot_of[member];
    if (k == kNoSlot) continue;
    auto& slot = viewer.out.slots()[static_cast<std::size_t>(k)];
    if (source == Source::microphone) slot.sound.start(0);
    if (source == Source::camera) slot.picture.stop();
  }
  seat_extras();
  tell_slots();
  allocate_at_ = now.instant;
  schedule(now.instant);
}

void Forwarder::set_backstage(std::size_t member, bool backstage, base::Now now) {
  auto& m = *members_[member];
  if (m.backstage == backstage) return;
  m.backstage = backstage;
  seat_extras();
  tell_slots();
  schedule(now.instant);
}

void Forwarder::set_paused(bool paused, base::Now now) {
  if (paused_ == paused) return;
  paused_ = paused;
  for (const auto i : present_) restart(*members_[i], now.instant);
}

void Forwarder::set_view(std::size_t member, View view, base::Now now) {
  auto& m = *members_[member];
  m.view = std::move(view);
  m.has_view = true;
  if (!m.present) return;
  seat_extras(m);
  tell_slots();
  allocate_for(m, now.instant);  // what is hidden stops at once; key frames are asked for by the timer
  guide(now.instant);
}

bool Forwarder::may_send(const Member& from, Source source) const {
  // A pause is when those who lead have something to say to each other.
  return from.present && (!paused_ || source == Source::backstage) && !from.silenced[static_cast<std::size_t>(source)];
}

void Forwarder::on_rtp(std::size_t member, base::Bytes bytes, base::Now now, base::DatagramSink& out) {
  auto& m = *members_[member];
  ++m.packets_in;
  m.bytes_in += bytes.size();
  auto received = m.in.on_rtp(bytes, now, pool_);
  note_activity(now.instant);
  if (uplinks_at_.is_never()) {
    uplinks_at_ = on_grid(now.instant, UplinkGuide::kLookEvery);
    schedule(uplinks_at_);
  }
  if (feedback_at_.is_never() && m.in.transport_feedback_pending()) {
    feedback_at_ = on_grid(now.instant, base::Duration::millis(100));
    schedule(feedback_at_);
  }
  if (!received.packet) return;
  if (received.skipped > 0) schedule(m.in.next());
  if (received.newest && received.publication->source == Source::microphone)
    m.up.sound(received.packet->timestamp, received.skipped, m.in.way().late(now.instant), now.instant);
  if (!may_send(m, received.publication->source)) return;
  if (received.publication->source == Source::microphone) {
    forward_sound(member, received, now, out);
  } else if (received.publication->source == Source::backstage) {
    forward_backstage(member, received, now, out);
  } else if (received.publication->picture()) {
    // A layer that begins is chosen before its first packet, which begins a key frame, goes by; one that stops is left at once.
    if (received.woke || received.overtook) {
      if (m.wakes.take(now.instant))
        allocate(now.instant);
      else
        choose_layers_at(now.instant + kWakesLater);
    }
    forward_picture(member, received, now, out);
  }
}

void Forwarder::send(Member& to, DownStream& stream, const Member& from, Received& received, base::Now now,
                     base::DatagramSink& out) {
  if (!to.out.forward(stream, received.packet, received.newest, *received.publication, from.in.clock(), now,
                      *to.outgoing, out))
    return schedule(to.out.next());  // it may wait there
  ++forwarded_;
  ++to.packets_out;
  to.bytes_out += received.packet->payload_size;
  to.sent_at = now.instant;
}

// Sound is neither paced nor left out before pictures are, and who is loudest is heard last of all to be left out: so it is bounded itself.
bool Forwarder::within_bounds(Member& from, const Received& received, base::Instant now) const {
  if (!bounded_) return true;
  const std::int64_t bits = std::int64_t{received.packet->payload_size} * 8;
  if (received.packet->picture) return from.showing.take(base::Duration::micros(bits * 1'000'000 / kMostPictures), now);
  return from.sounding.take(base::Duration::micros(std::max(bits * 1'000'000 / kMostSound, std::int64_t{1'000'000} / kMostSounds)), now);
}

// Somebody's silence costs the others nothing, where they know of it (one word may have been lost) and something else tells them that their
// line still carries: browser clients doubt a line on which nothing comes for two thirds of a second (web/src/call/flow.ts), and silence
// is said every 420 ms.
bool Forwarder::spared(const Member& viewer, Slot& slot, const Member& from, Silence::Says says, base::Instant now) {
  constexpr auto kKnown = base::Duration::seconds(1), kCarries = base::Duration::millis(150);
  if (says == Silence::Says::silence)
    slot.spared = slot.sound.packets > 0 && from.silence.lasts(kKnown, now) && now - viewer.sent_at < kCarries;
  return says != Silence::Says::sound && slot.spared;
}

void Forwarder::forward_sound(std::size_t from, Received& received, base::Now now, base::DatagramSink& out) {
  auto& sender = *members_[from];
  const auto says = sender.silence.read(*received.packet, received.newest, now.instant);
  const bool within = within_bounds(sender, received, now.instant);
  if (within && received.newest && received.packet->level) {
    speakers_.level(from, *received.packet->level & 0x7f, now.instant);
    note_speaker(now.instant);
  }
  expect(from, *received.packet);
  for (const auto i : present_) {
    if (i == from) continue;
    auto& viewer = *members_[i];
    const auto k = viewer.slot_of[from];
    if (k == kNoSlot) continue;
    auto& slot = viewer.out.slots()[static_cast<std::size_t>(k)];
    // Whoever becomes one of the two loudest is heard with this very packet.
    if (!within || (slot.thinned && !speakers_.among_loudest(from, now.instant)) || spared(viewer, slot, sender, says, now.instant))
      slot.sound.pass_over(*received.packet);
    else
      send(viewer, slot.sound, sender, received, now, out);
  }
}

void Forwarder::forward_backstage(std::size_t from, Received& received, base::Now now, base::DatagramSink& out) {
  const bool within = within_bounds(*members_[from], received, now.instant);
  for (const auto i : present_) {
    auto& viewer = *members_[i];
    if (i == from || !viewer.backstage) continue;
    auto* slot = slot_for(viewer, from, Source::backstage);
    if (slot == nullptr) continue;
    if (!within)
      slot->sound.pass_over(*received.packet);
    else
      send(viewer, slot->sound, *members_[from], received, now, out);
  }
}

// What sending touches of a receiver is far apart, and in a server of many rooms in no cache: asked for at once, the waits overlap.
void Forwarder::expect(std::size_t from, const Packet& packet) const {
  for (const auto i : present_) {
    const auto& viewer = *members_[i];
    const auto k = viewer.slot_of[from];
    if (i == from || k == kNoSlot) continue;
    const auto& slot = viewer.out.slots()[static_cast<std::size_t>(k)];
    viewer.out.expect(packet.picture ? slot.picture : slot.sound, packet, *viewer.outgoing);
  }
}

void Forwarder::forward_picture(std::size_t from, Received& received, base::Now now, base::DatagramSink& out) {
  auto& sender = *members_[from];
  expect(from, *received.packet);
  const bool within = within_bounds(sender, received, now.instant);
  const auto layer = static_cast<std::int8_t>(received.packet->layer);
  bool watched = false;
  for (const auto i : present_) {
    if (i == from) continue;
    auto& viewer = *members_[i];
    auto* slot = slot_for(viewer, from, received.publication->source);
    if (slot == nullptr) continue;
    if (!within) {
      if (slot->picture.current() == layer) viewer.out.hold(slot->picture);  // until a key frame that is
      continue;
    }
    send(viewer, slot->picture, sender, received, now, out);
    watched = watched || slot->picture.current() == layer;
  }
  // Only what somebody is sent can be missed.
  if (watched) received.publication->layers[received.packet->layer].cache.put(std::move(received.packet), keep_);
}

// A repair is of use while the picture waits for it: two round trips to whoever is furthest, and the time to notice. On a line that is gone
// for a moment now and then what was lost first is asked for late: where that happens, all are kept as long as any may be.
void Forwarder::choose_keep(base::Instant now) {
  auto furthest = base::Duration{};
  bool late = false;
  for (const auto i : present_) {
    const auto& to = members_[i]->out;
    if (to.takes_pictures()) furthest = std::max(furthest, to.round_trip.value_or(kUnknownRoundTrip));
    late = late || now - to.asked_late < kAskedLate;
  }
  keep_ = late ? PacketCache::kMostKept : std::clamp(furthest * 2 + kNoticed, kLeastKept, PacketCache::kMostKept);
  for (const auto i : present_) members_[i]->out.keep = keep_;
}

std::int8_t Forwarder::layer_sent(std::size_t viewer, std::size_t of) const {
  auto& m = *members_[viewer];
  const auto k = m.slot_of[of];
  return k == kNoSlot ? kNoLayer : m.out.slots()[static_cast<std::size_t>(k)].picture.current();
}

const Layer* Forwarder::layer_of(std::size_t member, Source source, std::size_t layer) const {
  const auto* publication = members_[member]->in.publication(source);
  return publication == nullptr ? nullptr : &publication->layers[layer];
}

void Forwarder::take_events(std::vector<Event>& into) {
  for (auto& e : events_) into.push_back(std::move(e));
  events_.clear();
}

std::uint64_t Forwarder::malformed() const {
  std::uint64_t sum = 0;
  for (const auto& m : members_)
    if (m) sum += m->in.counters().malformed;
  return sum;
}

void Forwarder::fill(std::size_t member, LineFigures& out) const {
  const auto& m = *members_[member];
  out.packets_in = m.packets_in;
  out.bytes_in = m.bytes_in;
  out.packets_out = m.packets_out;
  out.bytes_out = m.bytes_out;
  out.lost_in = m.in.counters().lost;
  out.retransmitted = m.out.retransmitted;
  out.key_frames_asked = m.key_frames_asked;
  out.round_trip = m.out.round_trip;
  out.estimated_bps = m.out.line.estimate();
  out.narrow_up = m.up.narrow();
  out.pictures = m.pictures;
  for (const auto& slot : m.out.slots())
    if (slot.thinned && slot.carries) out.thinned.push_back(members_[*slot.carries]->arrival);
  out.loss_out = m.out.line.loss();
}

}  // namespace media
