// SPDX-License-Identifier: Apache-2.0
// See exchange.h. Here: participants' lives, timers, events. exchange_datagrams.cpp: whose datagram it is. What a packet means
// to a room is forwarder.h's.
#include "media/exchange_state.h"

namespace media {

Room& Exchange::State::room(base::RoomId id) {
  auto& slot = rooms[id.value];
  if (!slot) {
    auto timer = rooms_by_timer.size();
    if (free_rooms.empty()) {
      rooms_by_timer.push_back(nullptr);
    } else {
      timer = free_rooms.back();
      free_rooms.pop_back();
    }
    slot = std::make_unique<Room>(id, pool, settings, timer);
    rooms_by_timer[timer] = slot.get();
  }
  return *slot;
}

// A paused room without anybody keeps its pause until close_room().
void Exchange::State::drop_if_unused(Room& r) {
  if (!r.forwarder.empty() || r.paused) return;
  collect(r);
  forwarded_before += r.forwarder.forwarded();
  room_timers.set(r.timer, base::Instant::never());
  rooms_by_timer[r.timer] = nullptr;
  free_rooms.push_back(r.timer);
  rooms.erase(r.id.value);
  if (rooms.empty()) pool.release();
}

void Exchange::State::name(Participant& p, const std::string& ufrag) {
  by_ufrag[ufrag] = p.index;
  p.ufrags.push_back(ufrag);
  // The credentials before a restart hold for a while (RFC 8445 section 9); those before them do not.
  if (p.ufrags.size() > 2) {
    by_ufrag.erase(p.ufrags.front());
    p.ufrags.erase(p.ufrags.begin());
  }
}

void Exchange::State::finished(Participant& p) {
  if (!p.ever_connected && !p.failed && unfinished > 0) --unfinished;
}

void Exchange::State::collect(Room& r) {
  if (r.forwarder.has_events()) r.forwarder.take_events(events);
}

void Exchange::State::remove(Participant& p, base::Now now, base::DatagramSink& out) {
  finished(p);
  malformed_before += p.peer->counters().malformed;
  p.peer->close(now, out);
  auto& r = *p.room;
  r.forwarder.remove(p.member, now);
  for (const auto& path : p.paths)
    if (const auto it = by_path.find(path); it != by_path.end() && it->second == p.index) by_path.erase(it);
  for (const auto& ufrag : p.ufrags) by_ufrag.erase(ufrag);
  by_key.erase(p.key);
  participant_timers.set(p.index, base::Instant::never());
  const auto index = p.index;
  participants[index].reset();
  free_participants.push_back(index);
  collect(r);
  arm(r);
  drop_if_unused(r);
}

void Exchange::State::note_state(Participant& p, base::Now now) {
  const auto state = p.peer->state();
  if (state == p.state) return;
  const auto before = std::exchange(p.state, state);
  if (state == transport::State::connected) {
    finished(p);
    p.handshake_by = base::Instant::never();
    if (!p.ever_connected)
      events.push_back({p.key, Event::Connected{}});
    else {
      events.push_back({p.key, Event::Back{}});
      p.gaps_told = now.instant;
    }
    p.ever_connected = true;
    p.room->forwarder.set_connected(p.member, true, now);
  } else if (before == transport::State::connected || state == transport::State::failed) {
    p.room->forwarder.set_connected(p.member, false, now);
    if (state == transport::State::silent) events.push_back({p.key, Event::Silent{p.heard_at.is_never() ? now.instant : p.heard_at}});
    if (state == transport::State::failed || state == transport::State::closed) {
      finished(p);
      p.failed = true;
      events.push_back({p.key, Event::Failed{}});
    }
  }
  collect(*p.room);
}

void Exchange::State::arm(const Participant& p) {
  participant_timers.set(p.index, std::min(p.peer->next_timeout(), p.handshake_by));
}

Exchange::Exchange(Settings settings, base::Entropy& entropy)
    : state_(std::make_unique<State>(std::move(settings), entropy)) {}
Exchange::~Exchange() = default;

bool Exchange::add(ParticipantKey key, base::Now now) {
  auto& s = *state_;
  if (s.unfinished >= s.settings.max_unfinished || s.by_key.contains(key)) {
    ++s.totals.dropped_limit;
    return false;
  }
  auto p = std::make_unique<Participant>();
  p->key = key;
  if (s.free_participants.empty()) {
    p->index = s.participants.size();
    s.participants.push_back(nullptr);
  } else {
    p->index = s.free_participants.back();
    s.free_participants.pop_back();
  }
  p->session.id = s.entropy.u64() >> 2;  // RFC 8829 section 5.2.1: below 2^63
  p->session.upstream = {Source::microphone, Source::camera};
  p->session.ice = transport::make_ice_credentials(s.entropy);
  p->peer = std::make_unique<transport::Peer>(
      transport::PeerConfig{.side = transport::Side::server,
                            .flow = static_cast<std::uint32_t>(p->index),
                            .local = p->session.ice,
                            .certificate = s.settings.certificate,
                            .gcm = s.settings.gcm},
      s.entropy, now);
  p->room = &s.room(key.room);
  p->member = p->room->forwarder.add(key.arrival, *p, base::Ssrc{s.entropy.u32() | 1U}, s.entropy.u32());
  s.name(*p, p->session.ice.ufrag);
  s.by_key[key] = p->index;
  p->state = p->peer->state();
  ++s.unfinished;
  s.arm(*p);
  s.participants[p->index] = std::move(p);
  return true;
}

void Exchange::remove(ParticipantKey key, base::Now now, base::DatagramSink& out) {
  if (auto* p = state_->find(key)) state_->remove(*p, now, out);
}

Offer Exchange::make_offer(ParticipantKey key, base::Now now) {
  auto& s = *state_;
  auto* p = s.find(key);
  if (p == nullptr) return {};
  if (p->restart) {
    p->restart = false;
    p->session.ice = transport::make_ice_credentials(s.entropy);
    p->peer->restart_ice(p->session.ice, now);
    s.name(*p, p->session.ice.ufrag);
  }
  auto& slots = p->session.slots;
  while (slots.size() < p->room->forwarder.slots_wanted(p->member, s.settings))
    slots.push_back({{s.entropy.u32() | 1U}, {s.entropy.u32() | 1U}, {s.entropy.u32() | 1U}});
  ++p->session.version;
  s.arm(*p);
  return write_offer(p->session, s.settings);
}

base::Result<void, AnswerError> Exchange::take_answer(ParticipantKey key, std::uint32_t offer, std::string_view sdp,
                                                      base::Now now) {
  auto& s = *state_;
  auto* p = s.find(key);
  // Only the newest offer can be answered: an older one has other lines or credentials.
  if (p == nullptr || offer == 0 || offer != p->session.version) return std::unexpected(AnswerError::unknown_offer);
  auto answer = read_answer(p->session, sdp);
  if (!answer) return std::unexpected(answer.error());
  if (answer->remote.ice.ufrag != p->remote_ufrag) {
    p->remote_ufrag = answer->remote.ice.ufrag;
    p->peer->set_remote(answer->remote, now);
  }
  if (!p->ever_connected && p->handshake_by.is_never()) p->handshake_by = now.instant + kHandshakeWithin;
  p->room->forwarder.configure(p->member, *answer, p->session.slots, now);
  s.collect(*p->room);
  s.note_state(*p, now);
  s.arm(*p);
  s.arm(*p->room);
  return {};
}

void Exchange::restart_ice(ParticipantKey key, base::Now) {
  auto* p = state_->find(key);
  if (p == nullptr || p->restart) return;
  p->restart = true;
  state_->events.push_back({key, Event::OfferNeeded{}});
}

void Exchange::open_line(ParticipantKey key, Source source) {
  auto* p = state_->find(key);
  if (p == nullptr || std::ranges::find(p->session.upstream, source) != p->session.upstream.end()) return;
  p->session.upstream.push_back(source);
  p->session.opened_at.push_back(p->session.slots.size());
  state_->events.push_back({key, Event::OfferNeeded{}});
}

void Exchange::set_present(ParticipantKey key, bool present, base::Now now) {
  if (auto* p = state_->find(key)) {
    p->room->forwarder.set_present(p->member, present, now);
    state_->collect(*p->room);
    state_->arm(*p->room);
  }
}

void Exchange::set_place(ParticipantKey key, std::uint64_t place, base::Now now) {
  if (auto* p = state_->find(key)) {
    p->room->forwarder.set_place(p->member, place, now);
    state_->collect(*p->room);
    state_->arm(*p->room);
  }
}

void Exchange::set_silenced(ParticipantKey key, Source source, bool silenced, base::Now now) {
  if (auto* p = state_->find(key)) {
    p->room->forwarder.set_silenced(p->member, source, silenced, now);
    state_->collect(*p->room);
    state_->arm(*p->room);
  }
}

void Exchange::set_backstage(ParticipantKey key, bool backstage, base::Now now) {
  if (auto* p = state_->find(key)) {
    p->room->forwarder.set_backstage(p->member, backstage, now);
    state_->collect(*p->room);
    state_->arm(*p->room);
  }
}

void Exchange::set_paused(base::RoomId id, bool paused, base::Now now) {
  auto& s = *state_;
  if (!paused && !s.rooms.contains(id.value)) return;
  auto& r = s.room(id);
  r.paused = paused;
  r.forwarder.set_paused(paused, now);
  s.arm(r);
  s.drop_if_unused(r);
}

void Exchange::set_view(ParticipantKey key, View view, base::Now now) {
  if (auto* p = state_->find(key)) {
    p->room->forwarder.set_view(p->member, std::move(view), now);
    state_->collect(*p->room);
    state_->arm(*p->room);
  }
}

void Exchange::close_room(base::RoomId id, base::Now now, base::DatagramSink& out) {
  auto& s = *state_;
  const auto it = s.rooms.find(id.value);
  if (it == s.rooms.end()) return;
  it->second->paused = true;  // keeps the room while it empties
  for (std::size_t i = 0; i < s.participants.size(); ++i)
    if (s.participants[i] && s.participants[i]->key.room == id) s.remove(*s.participants[i], now, out);
  it->second->paused = false;
  s.drop_if_unused(*it->second);
}

void Exchange::on_path_closed(base::Now now, const base::Path& path) {
  auto& s = *state_;
  const auto it = s.by_path.find(path);
  if (it == s.by_path.end()) return;
  auto& p = *s.participants[it->second];
  std::erase(p.paths, path);
  s.by_path.erase(it);
  p.peer->path_closed(path, now);
  s.note_state(p, now);
  s.note_way(p, now);
  s.arm(p);
  s.arm(*p.room);
}

void Exchange::State::run(Participant& p, base::Now now, base::DatagramSink& out) {
  p.peer->on_timer(now, out);
  if (now.instant >= p.handshake_by) {
    p.handshake_by = base::Instant::never();
    finished(p);
    p.failed = true;
    events.push_back({p.key, Event::Failed{}});
  }
  note_state(p, now);
  arm(p);
  arm(*p.room);
}

void Exchange::on_timer(base::Now now, base::DatagramSink& out) {
  auto& s = *state_;
  s.due.clear();
  s.participant_timers.take_due(now.instant, s.due);
  for (const auto i : s.due)
    if (s.participants[i]) s.run(*s.participants[i], now, out);
  s.due.clear();
  s.room_timers.take_due(now.instant, s.due);
  for (const auto i : s.due)
    if (auto* r = s.rooms_by_timer[i]) {
      r->forwarder.on_timer(now, out);
      s.collect(*r);
      s.arm(*r);
    }
}

base::Instant Exchange::next_timeout() const {
  return std::min(state_->participant_timers.next(), state_->room_timers.next());
}

void Exchange::take_events(std::vector<Event>& into) {
  into.clear();
  into.swap(state_->events);
}

std::optional<LineFigures> Exchange::line(ParticipantKey key) const {
  const auto* p = state_->find(key);
  if (p == nullptr) return std::nullopt;
  LineFigures out;
  p->room->forwarder.fill(p->member, out);
  out.reached = p->peer->profile()         ? Reached::secured
                : p->peer->selected_path() ? Reached::checked
                : p->remote_ufrag.empty()  ? Reached::offered
                                           : Reached::answered;
  return out;
}

Exchange::Totals Exchange::totals() const {
  auto out = state_->totals;
  out.forwarded = state_->forwarded_before;
  out.dropped_malformed = state_->malformed_before;
  for (const auto& [id, r] : state_->rooms) {
    out.forwarded += r->forwarder.forwarded();
    out.dropped_malformed += r->forwarder.malformed();
  }
  for (const auto& p : state_->participants)
    if (p) out.dropped_malformed += p->peer->counters().malformed;
  out.participants = static_cast<std::uint32_t>(state_->by_key.size());
  out.rooms = static_cast<std::uint32_t>(state_->rooms.size());
  return out;
}

}  // namespace media
