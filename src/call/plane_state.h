// SPDX-License-Identifier: Apache-2.0
// What a plane holds: rooms by id, connections by id, and for each arrival what is between it and media (offers under way,
// what its slots carry). Private to plane*.cpp. Not here: any rule of a room. Invariant: a connection belongs to exactly one
// arrival, an arrival to at most one connection; every arrival of a room is a participant of media. One media thread.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "call/line_word.h"
#include "call/media_control.h"
#include "call/pace.h"
#include "call/plane.h"
#include "call/room.h"
#include "call/visit_figures.h"

namespace call {

inline constexpr std::uint16_t kCloseRestarting = 1012, kCloseNotUnderstood = 4400, kCloseNotOpen = 4403, kCloseEnded = 4404,
                               kCloseSuperseded = 4409, kCloseTooFast = 4429, kCloseFull = 4503;
inline constexpr base::Duration kLineEvery = base::Duration::seconds(2);
inline constexpr base::Duration kSpeakerEvery = base::Duration::millis(250);
inline constexpr base::Duration kRememberRemoved = base::Duration::seconds(12 * 3'600);
// Who was on the way in when a room ended: their link was checked before the service knew.
inline constexpr base::Duration kOnTheWay = base::Duration::seconds(10);
inline constexpr std::int64_t kComeBackInMs = 2'000;

struct Connection {
  media::ParticipantKey key;
};

// Between an arrival and media.
struct Attachment {
  std::optional<base::ConnectionId> connection;
  base::ConnectionId latest;  // the same, and kept while the line is away
  std::uint32_t offered = 0;  // the last offer's number
  bool awaiting_answer = false, offer_due = false;
  bool ice_begins = true;  // with the next offer
  bool ice_began = false;  // with the last one
  base::Instant ice_at{-1'000'000'000};  // it last began
  std::vector<std::optional<base::ArrivalId>> carries;
  std::vector<media::Event::Slots::Extra> extras;
  bool slots_due = false;
  std::optional<media::Event::Layers> layers;  // of its camera, once told of
  bool layers_due = false;
  std::optional<media::Event::Sound> sound;  // of its microphone, once told of
  bool sound_due = false;
  LineWatch line;
  VisitWatch visit;
  Pace pace;
};

struct RoomEntry {
  Room room;
  std::map<base::ArrivalId, Attachment> attachments;
  std::map<base::SeatId, RelayedOfSeat> relayed;  // a link that goes and comes again has no more than one that stays
  std::optional<std::optional<base::ArrivalId>> speaker_wanted;  // held back: at most 4 a second
  base::Instant speaker_next{};
  base::Instant forget_at = base::Instant::never();  // empty, but seats that were removed are remembered
  base::Instant lines_at = base::Instant::never();   // while somebody is here; each room at a moment of its own
  base::Instant due = base::Instant::never();        // as the agenda has it
};

struct Plane::State {
  State(PlaneSettings given, base::Entropy& source, std::unique_ptr<MediaControl> control)
      : settings(std::move(given)), entropy(source), media(std::move(control)) {}

  PlaneSettings settings;
  base::Entropy& entropy;
  std::unique_ptr<MediaControl> media;
  std::unordered_map<base::RoomId, RoomEntry> rooms;
  std::unordered_map<base::ConnectionId, Connection> connections;
  std::unordered_map<base::RoomId, base::Instant> ended;  // lately, and not opened again by a facilitator since
  std::vector<ToService> output;
  std::vector<media::Event> events;
  std::vector<base::RoomId> touched;  // something may be due there
  std::uint64_t refused = 0;
  std::set<std::pair<base::Instant, base::RoomId>> agenda;  // when something is due in a room
  UseRelay relay;
  bool stopping = false;

  // plane.cpp: from the service
  void attach(base::Now now, const Attach& message, base::DatagramSink& out);
  [[nodiscard]] bool comes_too_late(base::Now now, const Attach& message) const;
  void silence(media::ParticipantKey key, base::Now now);
  void return_to(base::Now now, const Attach& message, RoomEntry& entry, const Arrival& arrival, base::DatagramSink& out);
  void text(base::Now now, const ClientText& message, base::DatagramSink& out);
  void cut_off(base::Now now, base::ConnectionId id, std::uint16_t code, base::DatagramSink& out);
  void obey(base::Now now, base::ConnectionId id, const ClientMessage& message, base::DatagramSink& out);
  void begin_ice_again(base::Now now, media::ParticipantKey key, Attachment& attachment);
  void answer(base::Now now, base::ConnectionId id, media::ParticipantKey key, const Answer& message);
  void detach(base::Now now, base::ConnectionId id, base::DatagramSink& out);
  void put_out(base::Now now, const PutOut& message, base::DatagramSink& out);
  void stop(base::Now now, base::DatagramSink& out);
  void refuse(base::ConnectionId to, Refused message);
  void close(base::ConnectionId id, std::uint16_t code);

  // plane_effects.cpp: rules to media and messages, and media's events to rules
  void apply(base::Now now, RoomEntry& entry, Effects effects, base::DatagramSink& out);
  void tell(RoomEntry& entry, const Tell& tell);
  void came(const RoomEntry& entry, base::SeatId seat);
  void has_ended(base::Now now, base::RoomId room);
  void let_go(base::Now now, RoomEntry& entry, const LetGo& gone, base::DatagramSink& out);
  void show(base::Now now, RoomEntry& entry, const SetView& view);
  void take_events(base::Now now, base::DatagramSink& out, std::optional<media::ParticipantKey> except = {});
  void on_event(base::Now now, const media::Event& event, base::DatagramSink& out);
  void speaker(base::Now now, RoomEntry& entry, base::DatagramSink& out);
  void read_lines(base::Now now, RoomEntry& entry, base::DatagramSink& out);
  void pass_time(base::Now now, base::DatagramSink& out);
  void settle(base::Now now, base::DatagramSink& out);  // events, then offers and slots that are due, then empty rooms
  void touch(base::RoomId room);
  void send_due(base::Now now, RoomEntry& entry);
  void arm(RoomEntry& entry);
  [[nodiscard]] base::Instant deadline() const { return agenda.empty() ? base::Instant::never() : agenda.begin()->first; }
};

}  // namespace call
