// SPDX-License-Identifier: Apache-2.0
// All media on one media thread: whose datagram is this, what is in it, who gets it. Owns one transport::Peer a participant
// and one Forwarder a room; makes the offers and reads the answers. Sans-IO. Not here: who may enter a room or be heard
// (call/ decides and says so by the setters below), sockets, names.
// Invariant: a participant who is not present sends to nobody and receives from nobody. Runs on one thread, without locks;
// nothing is allocated per forwarded packet once a room is steady.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/ids.h"
#include "base/instant.h"
#include "base/result.h"
#include "crypto/aes.h"
#include "crypto/certificate.h"

namespace media {

// What a person can publish. The order is the order of the upstream media lines in every offer.
enum class Source : std::uint8_t { microphone, camera, screen, clear_view, backstage };

struct ParticipantKey {
  base::RoomId room;
  base::ArrivalId arrival;
  auto operator<=>(const ParticipantKey&) const = default;
};

struct Settings {
  std::shared_ptr<const crypto::Certificate> certificate;
  // Where this thread is reached: one host candidate each, UDP and TCP (RFC 6544 passive).
  struct Candidate {
    base::Carrier carrier;
    base::Address address;
  };
  std::vector<Candidate> candidates;
  std::uint32_t initial_slots = 16;  // downstream sound+picture pairs in the first offer
  std::uint32_t slot_batch = 8;      // grown by
  std::uint32_t max_slots = 48;
  std::uint32_t max_unfinished = 200;  // peers that have not finished DTLS, over all rooms
  bool bounded = true;  // what one person's sound and pictures may take of others' lines (forwarder.h)
  std::uint32_t first_estimate_bps = 2'000'000;  // what a line to a person is thought to carry before it was measured
  crypto::GcmEngine gcm = crypto::GcmEngine::automatic;
};

struct Offer {
  std::uint32_t id = 0;  // counts up per participant; an answer names it
  std::string sdp;
  // What the offer message says beside the SDP (docs/protocol.md): which mid is what.
  struct Upstream {
    std::string mid;
    Source source = Source::microphone;
  };
  struct Slot {
    std::uint32_t slot = 0;
    std::string sound, picture;  // mids
  };
  std::vector<Upstream> upstream;
  std::vector<Slot> slots;
};

// One tile as a viewer shows it, in CSS pixels times device pixel ratio. Zero size: hidden, no picture is sent.
struct Tile {
  base::ArrivalId of;
  Source source = Source::camera;
  std::uint16_t width = 0, height = 0;
  bool pinned = false;
};
struct View {
  std::vector<Tile> tiles;  // what is not named gets no picture
  bool sound_only = false;
  bool saver = false;  // half of what pictures would take
};

enum class AnswerError : std::uint8_t { unknown_offer, malformed, wrong_media, no_fingerprint, no_credentials };

// How much of the pictures that a person shows their line carries: all of it; smaller or slower ones; a still picture every few
// seconds; nothing.
enum class Pictures : std::uint8_t { full, reduced, stills, none };

struct Event {
  struct Connected {};     // ICE and DTLS are done
  struct Silent {          // consent lost, or nothing heard; the line may come back
    base::Instant since;   // media last came
  };
  struct Back {};          // heard again after Silent
  struct Gap {             // media comes again after a second at least without a word, though much was sent to them; too short for Silent
    base::Instant since;
  };
  struct Failed {};        // DTLS failed or the handshake timed out
  struct Unheard {};       // much is sent to them, and no word of it comes: their way to us may be closed, which only we can know
  struct OfferNeeded {};   // more slots or an ICE restart: ask make_offer and send it
  struct Slots {           // what each downstream slot carries from now on: index = slot, empty = nobody
    std::vector<std::optional<base::ArrivalId>> carries;
    struct Extra {  // a slot of its own for what somebody sends beside their sound and camera
      std::uint32_t slot = 0;
      base::ArrivalId of;
      Source source = Source::screen;
    };
    std::vector<Extra> extras{};
  };
  struct Layers {  // how many layers of this person's camera, from the smallest on, they shall send; none: their line is too narrow for it
    std::uint8_t count = 0;
    std::uint32_t bps = 0;  // no more than that; 0: as it is
    bool operator==(const Layers&) const = default;
  };
  struct Sound {  // how this person shall send their voice
    std::uint32_t bps = 0;
    std::uint8_t packet_ms = 0;
    bool operator==(const Sound&) const = default;
  };
  struct Speaker {  // of the whole room; key.arrival is not used
    std::optional<base::ArrivalId> who;
  };
  ParticipantKey key;
  std::variant<Connected, Silent, Back, Gap, Failed, Unheard, OfferNeeded, Slots, Layers, Sound, Speaker> what;
};

// Figures of one participant's line, no personal data.
// How far a connection came: our offer stands alone; it was answered; an authenticated check came from them; there are keys.
enum class Reached : std::uint8_t { offered, answered, checked, secured };

struct LineFigures {
  std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t lost_in = 0, retransmitted = 0, key_frames_asked = 0;
  std::optional<base::Duration> round_trip;
  std::uint32_t estimated_bps = 0;   // what the line is thought to carry to this person
  bool narrow_up = false;            // and from them: too little for their picture
  Pictures pictures = Pictures::full;
  std::vector<base::ArrivalId> thinned;  // whose sound the line does not carry at present; never the two loudest
  double loss_out = 0;               // fraction lost on the way to this person, as they report
  Reached reached = Reached::offered;
};

class Exchange {
 public:
  Exchange(Settings settings, base::Entropy& entropy);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // A new participant: connected but not present. False where a limit is reached.
  [[nodiscard]] bool add(ParticipantKey key, base::Now now);
  void remove(ParticipantKey key, base::Now now, base::DatagramSink& out);
  [[nodiscard]] Offer make_offer(ParticipantKey key, base::Now now);
  [[nodiscard]] base::Result<void, AnswerError> take_answer(ParticipantKey key, std::uint32_t offer, std::string_view sdp,
                                                            base::Now now);
  // The next make_offer() carries new ICE credentials.
  void restart_ice(ParticipantKey key, base::Now now);

  // The next make_offer() has a line for this source too; microphone and camera have theirs from the first.
  void open_line(ParticipantKey key, Source source);

  // Present: hears and is heard. Setting it again changes nothing. Slots are reassigned and key frames asked for.
  void set_present(ParticipantKey key, bool present, base::Now now);
  // Only who is present at the same place hear and see each other; 0, where all begin, is the whole group. The speaker of the
  // room is one of those at 0.
  void set_place(ParticipantKey key, std::uint64_t place, base::Now now);
  // Nothing of this source is forwarded while silenced (muted by a facilitator, not published, away). Sources other than
  // microphone and camera are until they are set otherwise; of those only a viewer whose view names them gets anything.
  void set_silenced(ParticipantKey key, Source source, bool silenced, base::Now now);
  // Says and hears what is for facilitators alone (Source::backstage), at whatever place each is, and in a pause.
  void set_backstage(ParticipantKey key, bool backstage, base::Now now);
  // The whole group: nobody receives anything but backstage; everyone stays connected.
  void set_paused(base::RoomId room, bool paused, base::Now now);
  void set_view(ParticipantKey key, View view, base::Now now);
  void close_room(base::RoomId room, base::Now now, base::DatagramSink& out);

  void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out);
  void on_path_closed(base::Now now, const base::Path& path);
  void on_timer(base::Now now, base::DatagramSink& out);
  [[nodiscard]] base::Instant next_timeout() const;

  // Everything that happened since the last call, in order. The vector is given to be reused.
  void take_events(std::vector<Event>& into);

  [[nodiscard]] std::optional<LineFigures> line(ParticipantKey key) const;
  struct Totals {
    std::uint64_t datagrams_in = 0, forwarded = 0, dropped_malformed = 0, dropped_unknown = 0, dropped_limit = 0;
    std::uint32_t participants = 0, rooms = 0;
  };
  [[nodiscard]] Totals totals() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace media
