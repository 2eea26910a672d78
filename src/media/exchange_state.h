// SPDX-License-Identifier: Apache-2.0
// What an Exchange holds: participants by index, rooms, and the ways to find either. For exchange*.cpp alone.
// Invariant: by_path and by_ufrag lead to participants that exist; a path stands there only once its participant's transport
// knows it.
#pragma once
#include <algorithm>
#include <string>
#include <unordered_map>

#include "media/forwarder.h"
#include "media/negotiation.h"
#include "media/stun_gate.h"
#include "media/timer_heap.h"
#include "transport/peer.h"

namespace media {

inline constexpr std::size_t kMostPaths = 16;  // of one participant
inline constexpr base::Duration kHandshakeWithin = base::Duration::seconds(30);

struct Room {
  Room(base::RoomId room_id, PacketPool& pool, const Settings& settings, std::size_t index)
      : id(room_id), timer(index), forwarder(room_id, pool, settings.first_estimate_bps, settings.bounded) {}
  base::RoomId id;
  std::size_t timer;
  bool paused = false;
  Forwarder forwarder;
};

struct Participant final : Outgoing {
  ParticipantKey key;
  std::size_t index = 0;
  Room* room = nullptr;
  std::size_t member = 0;
  std::unique_ptr<transport::Peer> peer;
  Session session;
  std::vector<std::string> ufrags;  // all that still lead here
  std::vector<base::Path> paths;
  std::string remote_ufrag;
  transport::State state = transport::State::gathering;
  bool restart = false, ever_connected = false, failed = false;
  base::Instant handshake_by = base::Instant::never();
  std::optional<base::Path> way;   // as last seen
  base::Instant heard_at = base::Instant::never();   // the last packet of media, or about it
  base::Instant gaps_told{};                         // those that ended before
  base::Instant gap_ended = base::Instant::never();  // the last that came after none for a moment

  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence,
                base::DatagramSink& out) override {
    return peer->send_rtp(header, payload, precedence, out);
  }
  void expect(base::Ssrc ssrc, std::size_t bytes) const override { peer->expect(ssrc.value, bytes); }
  bool send_again(base::Bytes sealed, base::Precedence precedence, base::DatagramSink& out) override {
    return peer->send_again(sealed, precedence, out);
  }
  bool send_rtcp(base::Bytes compound, base::DatagramSink& out) override { return peer->send_rtcp(compound, out); }
};

struct KeyHash {
  std::size_t operator()(const ParticipantKey& k) const noexcept {
    return std::hash<std::uint64_t>{}(k.room.value * 0x9e3779b97f4a7c15ULL ^ k.arrival.value);
  }
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};

struct Exchange::State {
  State(Settings s, base::Entropy& e) : settings(std::move(s)), entropy(e) {}

  Settings settings;
  base::Entropy& entropy;
  PacketPool pool;
  std::unordered_map<std::uint64_t, std::unique_ptr<Room>> rooms;
  std::vector<std::unique_ptr<Participant>> participants;  // by index; null: free
  std::vector<std::size_t> free_participants, free_rooms;
  std::vector<Room*> rooms_by_timer;
  std::unordered_map<ParticipantKey, std::size_t, KeyHash> by_key;
  std::unordered_map<base::Path, std::size_t, base::PathHash> by_path;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_ufrag;
  TimerHeap participant_timers, room_timers;
  std::vector<std::size_t> due;
  StunGate gate;
  std::vector<Event> events;
  std::uint32_t unfinished = 0;
  std::uint64_t forwarded_before = 0, malformed_before = 0;  // of rooms that are gone
  Totals totals;

  Participant* find(ParticipantKey key) {
    const auto it = by_key.find(key);
    return it == by_key.end() ? nullptr : participants[it->second].get();
  }
  Room& room(base::RoomId id);
  void drop_if_unused(Room& room);
  void name(Participant& p, const std::string& ufrag);
  void finished(Participant& p);
  void remove(Participant& p, base::Now now, base::DatagramSink& out);
  void note_state(Participant& p, base::Now now);
  void note_way(Participant& p, base::Now now);
  void tell_gap(Participant& p, base::Instant now);
  void note_heard(Participant& p, base::Instant now);
  void arm(const Participant& p);
  void arm(const Room& r) { room_timers.set(r.timer, r.forwarder.next_timeout()); }
  void collect(Room& r);
  Participant* owner_of(base::Now now, const base::Path& path, base::Bytes datagram, bool& vouched);
  void vouch(Participant& p, const base::Path& path);
  void run(Participant& p, base::Now now, base::DatagramSink& out);
};

}  // namespace media
