// SPDX-License-Identifier: Apache-2.0
// What one participant sends us: which SSRC is which source and layer (RFC 8852: by mid, rid and repaired rid, then
// remembered), losses, retransmissions, clocks, and the RTCP that we owe the sender. Not here: who gets it (forwarder.h).
// Invariant: at most kMaxStreams SSRCs; a packet that is not understood costs a counter. Media thread; nothing is allocated
// per packet once the pool and the caches have grown.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/instant.h"
#include "media/arrival_record.h"
#include "media/key_frame_wish.h"
#include "media/nack_list.h"
#include "media/negotiation.h"
#include "media/packet.h"
#include "media/person_clock.h"
#include "media/sequence_tracker.h"
#include "media/temporal_structure.h"
#include "media/transit.h"
#include "wire/rtcp_reports.h"
#include "wire/rtp.h"

namespace media {

// One received RTP stream: a sound, or one layer of a picture.
struct Layer {
  explicit Layer(std::uint32_t clock_rate) : tracker(clock_rate) { clock.rate = clock_rate; }
  base::Ssrc ssrc{}, rtx{};
  bool known = false;
  SequenceTracker tracker;
  NackList nacks;
  PacketCache cache;
  StreamClock clock;
  KeyFrameWish wish;
  TemporalStructure temporal;
  std::uint8_t fir_count = 0;
  static constexpr base::Instant kLongAgo{-1'000'000'000};
  base::Instant last_packet = kLongAgo;
  // Frames that the publication's other layers have brought since; and whether it was left behind by them.
  std::uint8_t overtaken = 0;
  bool left_behind = false;
  std::uint32_t bytes = 0;  // since the rate was last taken
  std::uint32_t bps = 0, peak_bps = 0;  // the peak fades within a minute
  // The same of temporal layer 0 alone, and of 0 and 1 together.
  std::array<std::uint32_t, kTemporalLayers - 1> slower_bytes{}, slower_bps{};
  std::uint32_t key_frame_bytes = 0, key_frame_at = 0;  // of the last key frame, and its timestamp
  std::uint16_t width = 0, height = 0;  // zero: not known
  std::uint32_t last_sr = 0;            // middle bits of the last sender report
  base::Instant last_sr_at;
  std::uint32_t lost = 0;
};

struct Publication {
  explicit Publication(Source s);
  Source source;
  bool simulcast = false;  // every layer must name itself by a rid before it is known
  std::array<Layer, kLayers> layers;
  [[nodiscard]] bool picture() const { return is_picture(source); }
};

struct Received {
  PacketRef packet;
  Publication* publication = nullptr;
  bool newest = false;  // in order; false: a late or repaired packet
  std::uint32_t skipped = 0;  // before it are missing: next() has moved
  bool woke = false;    // the first packet of its layer after it had stopped
  bool overtook = false;  // with it, another layer of the picture is known to have stopped
};

class Reception {
 public:
  static constexpr std::size_t kMaxStreams = 24;
  static constexpr base::Duration kAsleep = base::Duration::millis(1'000);  // a layer without packets is not sent
  // Layers come in step (one picture, encoded several times). One that misses as many frames of the others, and as long, was
  // switched off by its sender: whoever watches it need not look at a still picture until it counts as asleep.
  static constexpr std::uint8_t kOvertaken = 3;
  static constexpr base::Duration kLeftBehind = base::Duration::millis(250);

  [[nodiscard]] static bool comes(const Layer& layer, base::Instant now) {
    return layer.known && !layer.left_behind && now - layer.last_packet <= kAsleep;
  }

  void configure(const Answer& answer);
  [[nodiscard]] Publication* publication(Source s) { return publications_[static_cast<std::size_t>(s)].get(); }
  [[nodiscard]] std::span<std::unique_ptr<Publication>> publications() { return publications_; }
  [[nodiscard]] const PersonClock& clock() const { return clock_; }
  [[nodiscard]] const WayTransit& way() const { return way_; }

  // An empty packet: counted, but nothing to forward (padding, unknown, malformed, already here).
  [[nodiscard]] Received on_rtp(base::Bytes packet, base::Now now, PacketPool& pool);
  void on_sender_report(const wire::SenderReport& report, base::Now now);
  // The sender has stopped this stream (RFC 3550 section 6.6): nothing of it is waited for. Packets bring it back. True: it was
  // there.
  bool on_bye(base::Ssrc source);

  // Reports about every stream heard since the last time. `worst_sound` is the worst loss (256ths) that a listener reports
  // of this person's sound: the encoder's in-band FEC follows it.
  void write_reports(base::Ssrc self, std::uint8_t worst_sound, base::Instant now, base::Writer& out);
  // False where there is nothing to say.
  bool write_transport_feedback(base::Ssrc self, base::Writer& out);
  [[nodiscard]] bool transport_feedback_pending() const { return feedback_ && arrivals_.pending(); }
  void write_nacks(base::Ssrc self, base::Instant now, base::Duration round_trip, base::Writer& out);
  // Asks for the key frames that are wished for and due. Returns how many.
  std::uint32_t write_key_frame_requests(base::Ssrc self, base::Instant now, base::Writer& out);
  // The earliest moment at which one of the two above has something to write.
  [[nodiscard]] base::Instant next() const;
  // A sender without transport-wide feedback needs a bound for its rate by REMB.
  [[nodiscard]] bool needs_remb() const { return remb_ && !feedback_; }
  // Takes the rates over `span` and lets go of what is too old to be repaired.
  void take_rates(base::Duration span, base::Instant now);

  struct Counters {
    std::uint64_t malformed = 0, unknown = 0, duplicates = 0, lost = 0;
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Stream {
    std::uint32_t ssrc = 0;
    std::uint8_t source = 0, layer = 0;
    bool rtx = false;
  };
  // What one packet's header extensions said.
  struct Said {
    std::optional<Source> source;
    std::optional<std::uint8_t> layer, repaired;
    std::optional<std::uint8_t> level;
    base::Bytes descriptor;  // Dependency Descriptor
    base::Bytes layers;      // video layers allocation
  };
  Said read_extensions(const wire::RtpView& rtp, base::Instant now);
  const Stream* find(const wire::RtpView& rtp, const Said& said);
  const Stream* learn(const wire::RtpView& rtp, const Said& said);
  void put(Stream stream);
  void note_layers(const Said& said, Publication& publication);
  bool write_key_frame_request(base::Ssrc self, Layer& layer, base::Writer& out) const;
  void note_gap(Layer& layer, const Publication& publication, const SequenceTracker::Arrival& arrival,
                std::optional<std::uint32_t> timestamp, base::Instant now);
  static bool overtake(Publication& publication, const Layer& by, base::Instant now);
  static void note_bytes(Layer& layer, const Packet& packet, std::size_t size);
  bool fill(Packet& packet, base::Bytes payload, const Said& said, Publication& publication);

  std::array<std::unique_ptr<Publication>, kSources> publications_;
  std::array<Stream, kMaxStreams> streams_{};
  std::size_t stream_count_ = 0, last_ = 0;
  ExtensionSet sound_ = 0, picture_ = 0;
  bool feedback_ = false, nack_sound_ = false, rtx_ = false, pli_ = true, fir_ = false, remb_ = true;
  PersonClock clock_;
  ArrivalRecord arrivals_;
  WayTransit way_;
  Counters counters_;
};

}  // namespace media
