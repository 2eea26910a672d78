// SPDX-License-Identifier: Apache-2.0
// The way of a datagram through Exchange: whose it is, what it proves, and to which room its packet goes. Not here: lives of
// participants and timers (exchange.cpp), what a packet means to a room (forwarder.cpp).
#include "media/exchange_state.h"

namespace media {

// Whose datagram: by path once a check on it was authenticated, before that by the ufrag a STUN request is addressed to.
Participant* Exchange::State::owner_of(base::Now now, const base::Path& path, base::Bytes datagram, bool& vouched) {
  const auto it = by_path.find(path);
  vouched = it != by_path.end();
  auto* known = vouched ? participants[it->second].get() : nullptr;
  if (transport::classify(datagram) != transport::DatagramClass::stun) return known;
  // A path may be taken over by another connection of the same browser, or of another behind the same address.
  const auto ufrag = transport::stun_local_ufrag(datagram);
  if (ufrag.empty()) return known;
  const auto named = by_ufrag.find(ufrag);
  if (named == by_ufrag.end()) return nullptr;
  if (known != nullptr && named->second == known->index) return known;
  vouched = false;
  if (!gate.let_in(path, now.instant)) {
    ++totals.dropped_limit;
    return nullptr;
  }
  return participants[named->second].get();
}

void Exchange::State::vouch(Participant& p, const base::Path& path) {
  if (p.paths.size() >= kMostPaths) {
    const auto& selected = p.peer->selected_path();
    const auto old = std::ranges::find_if(p.paths, [&](const base::Path& o) { return !selected || o != *selected; });
    if (const auto it = by_path.find(*old); it != by_path.end() && it->second == p.index) by_path.erase(it);
    p.paths.erase(old);
  }
  by_path[path] = p.index;
  if (std::ranges::find(p.paths, path) == p.paths.end()) p.paths.push_back(path);
}

namespace {
constexpr auto kQuiet = base::Duration::millis(500), kJustEnded = base::Duration::seconds(1), kGap = base::Duration::seconds(1);
}  // namespace

// Where little was sent to them there is little to answer: who says nothing and shows nothing may be quiet for seconds.
void Exchange::State::tell_gap(Participant& p, base::Instant now) {
  if (now - p.heard_at < kGap || p.heard_at <= p.gaps_told || !p.room->forwarder.owes_word(p.member)) return;
  events.push_back({p.key, Event::Gap{p.heard_at}});
  p.gaps_told = now;
}

void Exchange::State::note_heard(Participant& p, base::Instant now) {
  if (!p.heard_at.is_never() && now - p.heard_at > kQuiet) {
    p.gap_ended = now;
    tell_gap(p, now);
  }
  p.heard_at = now;
}

// What a way that carried nothing for a moment was measured to carry, and what was under way on it, is of no use on another. Browsers
// send by the new way as soon as it answers, and say a moment later that it is the one.
void Exchange::State::note_way(Participant& p, base::Now now) {
  const auto& selected = p.peer->selected_path();
  if (selected == p.way) return;
  const bool another = p.way.has_value() && selected.has_value();
  p.way = selected;
  const bool quiet = !p.heard_at.is_never() && now.instant - p.heard_at > kQuiet;
  const bool was_quiet = !p.gap_ended.is_never() && now.instant - p.gap_ended < kJustEnded;
  if (!another || p.state != transport::State::connected || !(quiet || was_quiet)) return;
  if (quiet) tell_gap(p, now.instant);
  p.room->forwarder.way_changed(p.member, now);
}

void Exchange::on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram,
                           base::DatagramSink& out) {
  auto& s = *state_;
  ++s.totals.datagrams_in;
  bool vouched = false;
  auto* p = s.owner_of(now, path, datagram, vouched);
  if (p == nullptr) {
    ++s.totals.dropped_unknown;
    return;
  }
  const auto inbound = p->peer->handle(now, path, datagram, out);
  if (!vouched && p->peer->knows(path)) s.vouch(*p, path);
  if (p->peer->state() != p->state) s.note_state(*p, now);
  auto& r = *p->room;
  if (inbound.kind == transport::Inbound::Kind::rtp || inbound.kind == transport::Inbound::Kind::rtcp)
    s.note_heard(*p, now.instant);
  else
    s.note_way(*p, now);  // no packet of media changes it
  if (inbound.kind == transport::Inbound::Kind::rtp) r.forwarder.on_rtp(p->member, inbound.packet, now, out);
  if (inbound.kind == transport::Inbound::Kind::rtcp) r.forwarder.on_rtcp(p->member, inbound.packet, now, out);
  s.collect(r);
  s.arm(*p);
  s.arm(r);
}

}  // namespace media
