// SPDX-License-Identifier: Apache-2.0
// What one participant is sent: slots, each a sound and a picture stream with fixed SSRCs, rewritten so that whatever a slot
// carries is one stream to the receiver; retransmissions, padding, sender reports, the estimate of the line and the pace of
// pictures by it. Not here: who is in which slot and what may be forwarded (forwarder.h).
// Invariant: a stream begins with a packet that is newer than its start() - pictures with a key frame - and nothing older
// than that, sent or repaired, ever leaves. Media thread; nothing is allocated per packet.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/datagram.h"
#include "media/bandwidth_estimator.h"
#include "media/key_frame_wish.h"
#include "media/layer_allocation.h"
#include "media/negotiation.h"
#include "media/outgoing.h"
#include "media/pacer.h"
#include "media/reception.h"
#include "media/sequence_ring.h"
#include "media/sound_repeats.h"
#include "media/stream_rewriter.h"
#include "wire/rtcp_key_frame.h"
#include "wire/rtcp_reports.h"

namespace media {

// A header as every packet of a stream has it, and where in it stands what changes (0: not there). Size 0: not made yet.
struct HeaderShape {
  static constexpr std::size_t kMostDescriptor = 16;  // bytes; only key frames have more, and elements of another form
  std::array<std::uint8_t, 64> bytes{};
  std::uint8_t size = 0, send_time_at = 0, transport_at = 0, level_at = 0, descriptor_at = 0, descriptor_size = 0;
  bool has_level = false;
};

// One outgoing RTP stream.
class DownStream {
 public:
  DownStream(base::Ssrc ssrc, base::Ssrc rtx, std::string mid, bool picture);

  // Whatever comes next is from another source, or from the same after a pause. kNoLayer: stop.
  void start(std::int8_t target);
  void stop();
  void aim(std::int8_t layer) { target_ = layer; }  // another layer of the same source
  // Temporal layers above this one are left out from the next frame on; less is left out as soon as that decodes. kStills: only
  // a key frame now and then.
  void limit(std::uint8_t temporal);
  [[nodiscard]] std::uint8_t temporal() const { return temporal_; }
  // A packet that this receiver does not get although the stream goes on.
  void pass_over(const Packet& packet) {
    if (current_ != kNoLayer) rewriter_.leave_out(packet);
  }
  // What is sent now is more than the line carries: nothing of it any more, until the target's key frame comes.
  void hold();
  // Of stills: time for the next key frame.
  [[nodiscard]] bool still_due(base::Instant now) const { return temporal_ == kStills && now - still_at_ >= kStillEvery; }
  // A wish for a key frame stands open: the target is not yet what is sent.
  [[nodiscard]] bool waits() const { return target_ != kNoLayer && current_ != target_; }
  [[nodiscard]] std::int8_t current() const { return current_; }
  [[nodiscard]] std::int8_t target() const { return target_; }

  base::Ssrc ssrc, rtx;
  std::string mid;
  bool picture;
  std::uint32_t packets = 0, octets = 0;
  std::uint8_t loss = 0;  // 256ths, as last reported
  base::Instant loss_at;  // then
  std::uint32_t reported_highest = 0;
  std::int32_t reported_lost = 0;
  std::uint32_t reported_packets = 0;  // `packets` then
  void begin_gaps() { gaps_ = most_gaps_ = 0; }
  // Of the numbers that the receiver should have had since the last report, how many were never sent. What was under way at either end
  // moves the balance by a few to and fro; only a new height is a gap.
  [[nodiscard]] std::int64_t new_gaps(std::int64_t expected_beyond_sent) {
    gaps_ += expected_beyond_sent;
    return std::max<std::int64_t>(0, gaps_ - std::exchange(most_gaps_, std::max(most_gaps_, gaps_)));
  }
  bool reported = false;
  std::optional<wire::FirEntry> last_fir;  // `ssrc` is who asked

 private:
  friend class Delivery;
  // What went out under one number, enough to send it again by RTX. Sound has none: its packets could only be repeated
  // under their own number, which the cipher forbids (RFC 7714 section 8.3); FEC repairs it.
  struct Sent {
    [[no_unique_address]] Rewritten numbers;
    std::int8_t layer : 4 = kNoLayer;  // none: empty
    bool again : 1 = false;            // it was sent again by then
    std::uint16_t in_sequence = 0;     // the lower half, as PacketCache
    std::uint16_t at_ms = 0;           // when it was last sent, the lower half
    // What stands here for longer than a minute may seem to have been sent lately. Nothing of it is kept by then.
    [[nodiscard]] std::int64_t age_ms(std::uint16_t now_ms) const { return static_cast<std::uint16_t>(now_ms - at_ms); }
  };
  static_assert(sizeof(Sent) == 16, "there are a hundred for each picture that anybody is sent");
  // What was sent longer than `keep` ago may give way.
  Sent& remember(std::uint16_t sequence, base::Instant now, base::Duration keep);
  [[nodiscard]] Sent* remembered(std::uint16_t sequence) {
    auto* sent = history_.find(sequence);
    return sent != nullptr && sent->layer != kNoLayer && sent->numbers.sequence == sequence ? sent : nullptr;
  }
  static constexpr base::Duration kStillEvery = base::Duration::seconds(4);
  std::int8_t current_ = kNoLayer, target_ = kNoLayer;
  std::uint8_t temporal_ = kAllTemporal, top_temporal_ = kAllTemporal;  // wanted, and sent at present
  StreamRewriter rewriter_;
  bool anchored_ = false;
  base::WallTime anchor_;
  std::uint32_t anchor_timestamp_ = 0;
  SequenceRing<Sent> history_{32, 512};  // pictures alone
  std::uint16_t rtx_sequence_ = 0;
  HeaderShape shape_, rtx_shape_;
  std::uint32_t generation_ = 0;  // of what the stream carries: what waits in the pacer from before may not leave
  std::int64_t gaps_ = 0, most_gaps_ = 0;
  base::Instant still_at_{-1'000'000'000};  // the last still began
  bool in_still_ = false;
  std::uint32_t still_timestamp_ = 0;  // of its packets alone, whatever begins no frame after it
};

struct Slot {
  Slot(std::size_t k, const SlotSsrcs& ssrcs);
  DownStream sound, picture;
  std::optional<std::size_t> carries;  // index of a member of the room
  Source source = Source::camera;      // another than the camera comes alone: a picture without sound, or backstage sound
  std::string cname;
  bool goodbye = false;  // whom it carried has left, and the receiver is not told yet
  bool spared = false;   // the last word of this person's silence was left out
  bool thinned = false;  // the line does not carry this person's sound beside louder ones
  KeyFrameShare key_frames;  // whomever it carries: who looks at others by turns has no more
  [[nodiscard]] Source source_of(const DownStream& stream) const {
    if (stream.picture) return source;
    return source == Source::backstage ? Source::backstage : Source::microphone;
  }
};

class Delivery {
 public:
  // `seed` begins the sequence numbers and timestamps.
  Delivery(std::uint32_t seed, std::uint32_t first_estimate_bps)
      : line(first_estimate_bps), pacer_(line.estimate()), seed_(seed) {}
  void add_slot(const SlotSsrcs& ssrcs);
  [[nodiscard]] std::vector<Slot>& slots() { return slots_; }
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  void configure(const Answer& answer);
  void set_connected(bool connected, base::Instant now);
  // Another way to the same person, after a time without any.
  void begin_anew(base::Instant now);
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool takes_pictures() const { return takes_pictures_; }

  // Sends a packet on a stream if it may go there now; switches where it is what the stream waits for. True: sent. A picture
  // that the line has no room for at present waits, and pump() sends it.
  bool forward(DownStream& stream, const PacketRef& packet, bool newest, const Publication& from, const PersonClock& clock,
               base::Now now, Outgoing& to, base::DatagramSink& out);
  // forward() of this packet follows: a hint (base/prefetch.h).
  void expect(const DownStream& stream, const Packet& packet, const Outgoing& to) const;
  // A receiver missed `sequence` of a stream that carries `from`.
  void send_again(DownStream& stream, std::uint16_t sequence, Publication& from, base::Instant now, Outgoing& to,
                  base::DatagramSink& out);
  // What waited and may go now.
  struct Pumped {
    std::uint64_t packets = 0, bytes = 0;
    bool starved = false;  // a picture waited for too long: it begins anew with a key frame
  };
  Pumped pump(base::Instant now, Outgoing& to, base::DatagramSink& out);
  [[nodiscard]] base::Instant next() const { return std::min({pacer_.next(), line.probes.next(), repeats_.next()}); }
  // Now and then: is sound to go out twice? `room`: the line carries that.
  void consider_repeats(bool room, base::Instant now) { repeats_.consider(line.missed(), room, now); }
  [[nodiscard]] bool repeats_sound(base::Instant now) const { return repeats_.on(now); }
  // The estimate may have changed.
  void follow_estimate(base::Instant now) {
    pacer_.set_estimate(line.estimate(), line.full(), now);
    if (line.drained() > now) pacer_.rest(line.drained());
  }
  // For probes: the `back`-th last packet of a picture once more; false where there is none. Or nothing but padding.
  bool repeat(DownStream& stream, std::uint16_t back, Publication& from, base::Instant now, Outgoing& to, base::DatagramSink& out);
  bool pad(std::size_t bytes, base::Instant now, Outgoing& to, base::DatagramSink& out);
  [[nodiscard]] bool may_probe() const { return connected_ && rtx_ && feedback_negotiated() && line.has_feedback() && !slots_.empty(); }
  // A line has just been full: pictures that wait there are not sent any more.
  void hold(DownStream& stream);
  // One sender report; false where the source's clock is not known yet.
  bool write_sender_report(DownStream& stream, Publication& from, const PersonClock& clock, base::Now now,
                           base::Writer& out);
  [[nodiscard]] DownStream* stream_of(base::Ssrc ssrc, std::size_t& slot);
  void on_report_block(const wire::ReportBlock& block, base::Now now);

  BandwidthEstimator line;
  base::Duration keep = PacketCache::kMostKept;  // so long the room keeps packets of pictures, for repairs
  base::Instant asked_late{-1'000'000'000};      // last: for a packet that is kept no more
  std::optional<base::Duration> round_trip;
  std::uint64_t retransmitted = 0, repeated = 0;  // pictures on request; sound by itself
  [[nodiscard]] bool feedback_negotiated() const;

 private:
  std::size_t write_header(std::uint8_t* out, DownStream& stream, const Packet& packet, const Rewritten& numbers,
                           base::Instant now, bool as_rtx);
  static void write_descriptor(Packet& packet, std::uint16_t picture_id, std::uint8_t tl0);
  // `transport` was the next number before the header was written. What was refused takes no number: to the line it would be a loss,
  // and whoever sends what cannot be sent on would slow others' lines down. Returns `sent`.
  bool account(bool sent, std::uint16_t transport, std::size_t bytes, base::Instant now) {
    if (!sent)
      next_transport_ = transport;
    else if (next_transport_ != transport)
      line.sent(transport, bytes, now);
    else
      line.sent(bytes);
    if (sent) pacer_.spend(bytes + BandwidthEstimator::kOverhead, now);
    return sent;
  }
  void take_round_trip(const wire::ReportBlock& block, base::Now now);
  void repeat_sound(base::Instant now, Outgoing& to, base::DatagramSink& out);
  void begin(DownStream& stream);
  void drop_waiting();
  static bool leaves_out(DownStream& stream, const Packet& packet, base::Instant now);
  bool keep_waiting(DownStream& stream, const PacketRef& packet, const Rewritten& numbers, bool again, base::Instant now);
  bool transmit(DownStream& stream, Packet& packet, const Rewritten& numbers, base::Instant now, Outgoing& to,
                base::DatagramSink& out);
  bool transmit_again(DownStream& stream, Packet& packet, const Rewritten& numbers, base::Instant now, Outgoing& to,
                      base::DatagramSink& out);
  void forget_waiting(DownStream& stream);
  [[nodiscard]] std::uint16_t slot_of(const DownStream& stream) const;
  [[nodiscard]] bool may_repair(std::size_t bytes, base::Instant now);
  std::vector<Slot> slots_;
  Pacer pacer_;
  std::uint32_t seed_;
  ExtensionSet sound_ = 0, picture_ = 0;
  bool rtx_ = false, connected_ = false, takes_pictures_ = true, starved_ = false;
  std::uint16_t next_transport_ = 1;
  SoundRepeats repeats_;
  std::int64_t repair_tokens_ = 50'000;  // bytes
  base::Instant repair_filled_;
};

}  // namespace media
