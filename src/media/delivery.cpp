// SPDX-License-Identifier: Apache-2.0
// See delivery.h. The header of each packet is written in delivery_header.cpp.
#include "media/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>


namespace media {

DownStream::DownStream(base::Ssrc s, base::Ssrc r, std::string m, bool p) : ssrc(s), rtx(r), mid(std::move(m)), picture(p) {}

void DownStream::start(std::int8_t target) {
  current_ = kNoLayer;
  target_ = target;
  ++generation_;
  in_still_ = false;
  still_at_ = base::Instant{-1'000'000'000};
  loss = 0;
  // What another person said may not be asked for again.
  history_.empty();
}

DownStream::Sent& DownStream::remember(std::uint16_t sequence, base::Instant now, base::Duration keep) {
  const auto ms = static_cast<std::uint16_t>(now.us / 1'000);
  auto& sent = history_.take(
      sequence, [ms, keep](const Sent& old) { return old.layer != kNoLayer && old.age_ms(ms) < keep.millis(); },
      [](const Sent& old) { return old.numbers.sequence; });
  sent.at_ms = ms;
  sent.again = false;
  return sent;
}

void DownStream::stop() { start(kNoLayer); }

void DownStream::hold() {
  current_ = kNoLayer;
  in_still_ = false;
  ++generation_;
}

void DownStream::limit(std::uint8_t temporal) {
  // What comes after a still refers to frames that were left out: back to motion only by a key frame.
  if (temporal_ == kStills && temporal != kStills) hold();
  if (temporal == kStills && temporal_ != kStills) in_still_ = false;
  temporal_ = temporal;
}

Slot::Slot(std::size_t k, const SlotSsrcs& ssrcs)
    : sound(ssrcs.sound, {}, fmt::format("s{}", k), false),
      picture(ssrcs.picture, ssrcs.picture_rtx, fmt::format("p{}", k), true),
      cname(slot_name(k)) {}

void Delivery::add_slot(const SlotSsrcs& ssrcs) {
  slots_.emplace_back(slots_.size(), ssrcs);
  begin(slots_.back().sound);
  begin(slots_.back().picture);
}

// RFC 3550 section 5.1: numbers begin at random; sequence numbers in the lower half, so that the first wrap is far away.
void Delivery::begin(DownStream& stream) {
  seed_ = seed_ * 1'664'525U + 1'013'904'223U;
  stream.rewriter_.begin(static_cast<std::uint16_t>((seed_ >> 16) & 0x7fff), seed_);
  stream.rtx_sequence_ = static_cast<std::uint16_t>((seed_ >> 8) & 0x7fff);
}

// Whoever comes back may come by another line.
void Delivery::set_connected(bool connected, base::Instant now) {
  if (connected && !connected_ && line.has_feedback()) line.forget(now);
  connected_ = connected;
  if (!connected) line.probes.stop();
  drop_waiting();
}

// Most of what was sent is lost, and says nothing of the new way.
void Delivery::begin_anew(base::Instant now) {
  if (line.was_heard()) line.forget(now);
  drop_waiting();
}

void Delivery::drop_waiting() {
  while (pacer_.first() != nullptr) pacer_.pop();
  repeats_.clear();
}

void Delivery::configure(const Answer& answer) {
  sound_ = answer.sound_out;
  picture_ = answer.picture_out;
  rtx_ = answer.rtx_out;
  takes_pictures_ = answer.takes_pictures;
  if (!feedback_negotiated()) line.probes.stop();  // nothing would be told of what goes out
  for (auto& slot : slots_) slot.sound.shape_.size = slot.picture.shape_.size = 0;
}

bool Delivery::feedback_negotiated() const {
  return (picture_ & bit_of<wire::TransportSequenceExtension>()) != 0;
}

namespace {

// The highest temporal layer that may be sent from this packet's frame on, where it is not all that is wanted now.
std::uint8_t risen(std::uint8_t top, std::uint8_t wanted, const Packet& packet) {
  for (auto t = wanted; t > top; --t)
    if ((packet.rises & (1U << t)) != 0) return t;
  // RFC 7741 section 4.2: a frame that refers to the base layer alone (Y). One layer after the other: what stands above may
  // refer to what was left out between.
  return packet.layer_sync && packet.temporal == top + 1 && packet.temporal <= wanted ? packet.temporal : top;
}

}  // namespace

// Nothing refers to a higher temporal layer, so one may end with any frame.
bool Delivery::leaves_out(DownStream& stream, const Packet& packet, base::Instant now) {
  auto& top = stream.top_temporal_;
  if (packet.starts_frame) {
    if (stream.temporal_ == kStills) {
      stream.in_still_ = packet.starts_key_frame && stream.still_due(now);
      if (stream.in_still_) {
        stream.still_at_ = now;
        stream.still_timestamp_ = packet.timestamp;
      }
      top = 0;
    } else {
      top = packet.starts_key_frame ? stream.temporal_ : std::min(stream.temporal_, risen(top, stream.temporal_, packet));
    }
  }
  return packet.temporal > top || (stream.temporal_ == kStills && (!stream.in_still_ || packet.timestamp != stream.still_timestamp_));
}

void Delivery::expect(const DownStream& stream, const Packet& packet, const Outgoing& to) const {
  base::prefetch(&stream, sizeof stream);
  base::prefetch(this, sizeof *this);
  stream.history_.expect(stream.rewriter_.expected(packet.sequence));
  line.expect(next_transport_);
  to.expect(stream.ssrc, packet.payload_size);
}

bool Delivery::forward(DownStream& stream, const PacketRef& ref, bool newest, const Publication& from,
                       const PersonClock& clock, base::Now now, Outgoing& to, base::DatagramSink& out) {
  if (!connected_ || stream.target_ == kNoLayer) return false;
  auto& packet = *ref;
  const auto layer = static_cast<std::int8_t>(packet.layer);
  if (layer != stream.current_) {
    if (!newest || packet.payload_size == 0) return false;
    // Where nothing is shown yet, a smaller picture than the one waited for is better than none.
    const bool meanwhile = stream.picture && stream.current_ == kNoLayer && layer < stream.target_;
    if (layer != stream.target_ && !meanwhile) return false;
    if (stream.picture && !packet.starts_key_frame) return false;
    // One line of time for whatever the slot carries: our wall clock, by the sender's reports where they are known.
    const auto wall = clock.wall_of(from.layers[packet.layer].clock, packet.timestamp).value_or(now.wall);
    if (!stream.anchored_) {
      stream.anchored_ = true;
      stream.anchor_ = wall;
      stream.anchor_timestamp_ = stream.rewriter_.last_timestamp() + 1;
    }
    const auto rate = from.layers[packet.layer].clock.rate;
    const auto ticks = ticks_in(wall.us - stream.anchor_.us, rate);
    if (pacer_.waiting() > 0 && stream.picture) forget_waiting(stream);  // the key frame stands in for it
    stream.rewriter_.switch_to(packet, stream.anchor_timestamp_ + static_cast<std::uint32_t>(ticks));
    stream.current_ = layer;
  }
  if (packet.payload_size == 0 || (newest && leaves_out(stream, packet, now.instant))) {
    stream.rewriter_.leave_out(packet);
    return false;
  }
  const auto numbers = stream.rewriter_.forward(packet);
  if (!numbers) return false;
  if (stream.picture) {
    auto& sent = stream.remember(numbers->sequence, now.instant, keep);
    sent.in_sequence = static_cast<std::uint16_t>(packet.sequence);
    sent.numbers = *numbers;
    sent.layer = layer;
    if (!pacer_.admits(now.instant)) return keep_waiting(stream, ref, *numbers, false, now.instant);
  }
  return transmit(stream, packet, *numbers, now.instant, to, out);
}

bool Delivery::transmit(DownStream& stream, Packet& packet, const Rewritten& numbers, base::Instant now, Outgoing& to,
                        base::DatagramSink& out) {
  const auto transport = next_transport_;
  std::array<std::uint8_t, wire::kMaxRtpHeader> header;
  const auto size = write_header(header.data(), stream, packet, numbers, now, false);
  if (stream.picture) write_descriptor(packet, numbers.picture_id, numbers.tl0);
  const base::Bytes head{header.data(), size};
  const auto precedence = stream.picture ? base::Precedence::picture : base::Precedence::sound;
  const bool again = !stream.picture && repeats_.on(now) && packet.payload_size >= SoundRepeats::kSilence;
  SoundRepeats::Copying copying(repeats_, out);
  if (!account(to.send_rtp(head, packet.payload(), precedence, again ? copying : out), transport, size + packet.payload_size, now)) return false;
  ++stream.packets;
  stream.octets += packet.payload_size;
  if (again) repeats_.keep(slot_of(stream), stream.generation_, now);
  return true;
}

// What is no longer in its slot is not said again.
void Delivery::repeat_sound(base::Instant now, Outgoing& to, base::DatagramSink& out) {
  for (; const auto* kept = repeats_.due(now); repeats_.pop()) {
    if (kept->slot >= slots_.size() || slots_[kept->slot].sound.generation_ != kept->generation) continue;
    if (!to.send_again(kept->sealed(), base::Precedence::sound, out)) continue;
    ++repeated;
    const auto bytes = kept->sealed().size() + BandwidthEstimator::kOverhead;
    line.sent(kept->sealed().size());
    pacer_.spend(bytes, now);
  }
}

std::uint16_t Delivery::slot_of(const DownStream& stream) const {
  const auto at = std::ranges::find_if(slots_, [&](const Slot& s) { return &s.picture == &stream || &s.sound == &stream; });
  return static_cast<std::uint16_t>(at - slots_.begin());
}

bool Delivery::keep_waiting(DownStream& stream, const PacketRef& packet, const Rewritten& numbers, bool again,
                            base::Instant now) {
  if (pacer_.put({packet, numbers, now, stream.generation_, slot_of(stream), again}) || again) return false;
  // Whose picture takes most of the room gives way, not whose packet comes next.
  const auto fullest = pacer_.fullest();
  hold(fullest < slots_.size() ? slots_[fullest].picture : stream);
  starved_ = true;
  if (stream.current_ != kNoLayer && !pacer_.put({packet, numbers, now, stream.generation_, slot_of(stream), again})) hold(stream);
  return false;
}

// What waits of a picture is not sent any more, and cannot be asked for.
void Delivery::forget_waiting(DownStream& stream) {
  pacer_.drop(slot_of(stream), [&](const Paced& paced) {
    if (paced.again || paced.generation != stream.generation_) return;
    if (auto* sent = stream.remembered(paced.numbers.sequence)) *sent = {};
  });
}

void Delivery::hold(DownStream& stream) {
  if (pacer_.waiting() > 0) forget_waiting(stream);
  stream.hold();
}

Delivery::Pumped Delivery::pump(base::Instant now, Outgoing& to, base::DatagramSink& out) {
  Pumped done;
  repeat_sound(now, to, out);
  done.starved = std::exchange(starved_, false);
  while (auto* first = pacer_.first()) {
    if (!first->packet || first->slot >= slots_.size()) {
      pacer_.pop();
      continue;
    }
    auto& stream = slots_[first->slot].picture;
    if (first->generation != stream.generation_) {
      pacer_.pop();
      continue;
    }
    if (now - first->since > Pacer::kOldest) {
      // So late, nobody wants it any more; and what comes after refers to it.
      const bool again = first->again;
      pacer_.pop();
      if (again) continue;
      hold(stream);
      done.starved = true;
      continue;
    }
    if (pacer_.due(now) == nullptr) break;
    const auto paced = std::move(*first);
    pacer_.pop();
    const bool sent = paced.again ? transmit_again(stream, *paced.packet, paced.numbers, now, to, out)
                                  : transmit(stream, *paced.packet, paced.numbers, now, to, out);
    if (!sent || paced.again) continue;
    ++done.packets;
    done.bytes += paced.packet->payload_size;
  }
  return done;
}

// Repairs may take a quarter of what the line is thought to carry, in bursts of up to a second of that: a line that is gone for 400 ms
// loses as much, and the pacer spreads them.
bool Delivery::may_repair(std::size_t bytes, base::Instant now) {
  const auto span = std::min<std::int64_t>((now - repair_filled_).us, 1'000'000);
  const auto most = std::clamp<std::int64_t>(line.estimate() / 8 / 4, 6'000, 100'000);
  repair_tokens_ = std::min<std::int64_t>(most, repair_tokens_ + span * line.estimate() / 4 / 8 / 1'000'000);
  repair_filled_ = now;
  if (repair_tokens_ < static_cast<std::int64_t>(bytes)) return false;
  repair_tokens_ -= static_cast<std::int64_t>(bytes);
  return true;
}

void Delivery::send_again(DownStream& stream, std::uint16_t sequence, Publication& from, base::Instant now,
                          Outgoing& to, base::DatagramSink& out) {
  if (!connected_ || !rtx_ || !stream.picture || stream.current_ == kNoLayer) return;
  auto* sent = stream.remembered(sequence);
  if (sent == nullptr) {
    asked_late = now;
    return;
  }
  // Not more often than a round trip: what was sent again is still on its way.
  const auto ms = static_cast<std::uint16_t>(now.us / 1'000);
  const auto wait = std::clamp<std::int64_t>(round_trip.value_or(base::Duration::millis(50)).millis(), 10, 300);
  if (sent->again && sent->age_ms(ms) < wait) return;
  const auto packet = from.layers[index_of(sent->layer)].cache.find(sent->in_sequence, now);
  if (!packet) asked_late = now;
  if (!packet || !may_repair(packet->payload_size, now)) return;
  sent->at_ms = ms;
  sent->again = true;
  ++retransmitted;
  if (pacer_.admits(now))
    (void)transmit_again(stream, *packet, sent->numbers, now, to, out);
  else
    (void)keep_waiting(stream, packet, sent->numbers, true, now);
}

bool Delivery::transmit_again(DownStream& stream, Packet& packet, const Rewritten& original, base::Instant now, Outgoing& to,
                              base::DatagramSink& out) {
  auto numbers = original;
  numbers.sequence = stream.rtx_sequence_++;
  const auto transport = next_transport_;
  std::array<std::uint8_t, wire::kMaxRtpHeader> header;
  const auto size = write_header(header.data(), stream, packet, numbers, now, true);
  write_descriptor(packet, original.picture_id, original.tl0);
  base::store_u16(packet.bytes.data(), original.sequence);  // RFC 4588 section 4
  const bool sent = to.send_rtp({header.data(), size}, packet.payload_with_osn(), base::Precedence::picture, out);
  return account(sent, transport, size + packet.payload_size + 2, now);
}

bool Delivery::repeat(DownStream& stream, std::uint16_t back, Publication& from, base::Instant now, Outgoing& to,
                      base::DatagramSink& out) {
  if (!stream.picture || stream.current_ == kNoLayer) return false;
  const auto sequence = static_cast<std::uint16_t>(stream.rewriter_.next() - 1 - back);
  const auto* sent = stream.remembered(sequence);
  if (sent == nullptr) return false;
  const auto packet = from.layers[index_of(sent->layer)].cache.find(sent->in_sequence, now);
  return packet && transmit_again(stream, *packet, sent->numbers, now, to, out);
}

// RFC 4588 section 8.3 leaves RTX without an original packet to senders; receivers pass over what holds no original number.
bool Delivery::pad(std::size_t bytes, base::Instant now, Outgoing& to, base::DatagramSink& out) {
  static constexpr std::size_t kMostPadding = 224;  // RFC 3550 section 5.1: counted in one byte; a multiple of 32, as libwebrtc
  const auto count = std::clamp<std::size_t>(bytes, 32, kMostPadding);
  auto& stream = slots_.front().picture;
  Packet nothing{};
  std::array<std::uint8_t, wire::kMaxRtpHeader> header;
  std::array<std::uint8_t, kMostPadding> padding{};
  padding[count - 1] = static_cast<std::uint8_t>(count);
  Rewritten numbers;
  numbers.sequence = stream.rtx_sequence_++;
  numbers.timestamp = stream.rewriter_.last_timestamp();
  const auto transport = next_transport_;
  const auto size = write_header(header.data(), stream, nothing, numbers, now, true);
  header[0] |= 0x20;  // P
  const bool sent = to.send_rtp({header.data(), size}, base::Bytes(padding).first(count), base::Precedence::picture, out);
  return account(sent, transport, size + count, now);
}

bool Delivery::write_sender_report(DownStream& stream, Publication& from, const PersonClock& clock, base::Now now,
                                   base::Writer& out) {
  if (stream.current_ == kNoLayer || stream.packets == 0) return false;
  const auto theirs = clock.timestamp_at(from.layers[index_of(stream.current_)].clock, now.wall);
  if (!theirs) return false;
  wire::SenderReport sr;
  sr.sender = stream.ssrc;
  sr.ntp = wire::to_ntp(now.wall);
  sr.rtp_timestamp = *theirs + stream.rewriter_.timestamp_delta();
  sr.packets = stream.packets;
  sr.octets = stream.octets;
  return sr.write(out);
}

DownStream* Delivery::stream_of(base::Ssrc ssrc, std::size_t& slot) {
  for (slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].sound.ssrc == ssrc) return &slots_[slot].sound;
    if (slots_[slot].picture.ssrc == ssrc) return &slots_[slot].picture;
  }
  return nullptr;
}

void Delivery::on_report_block(const wire::ReportBlock& block, base::Now now) {
  std::size_t slot = 0;
  auto* stream = stream_of(block.ssrc, slot);
  if (stream == nullptr) return;
  take_round_trip(block, now);
  stream->loss = block.fraction_lost;
  stream->loss_at = now.instant;
  // RFC 3550 section 6.4.3: what was expected and missed since the report before, so that every stream counts by its packets.
  const auto expected = block.highest_sequence - stream->reported_highest;
  const auto lost = std::clamp<std::int32_t>(block.cumulative_lost - stream->reported_lost, 0, 1 << 20);
  const bool follows = std::exchange(stream->reported, true) && expected < 10'000;
  stream->reported_highest = block.highest_sequence;
  stream->reported_lost = block.cumulative_lost;
  // What did not come to us, or was not passed on, is missing there, too, and says nothing of this line.
  const auto passed_on = stream->packets - std::exchange(stream->reported_packets, stream->packets);
  if (!follows) return stream->begin_gaps();
  const auto ours = stream->new_gaps(std::int64_t{expected} - passed_on);
  const auto rest = std::max<std::int64_t>(0, std::int64_t{expected} - ours);
  line.loss_report(static_cast<std::uint32_t>(rest), static_cast<std::uint32_t>(std::clamp<std::int64_t>(lost - ours, 0, rest)), now.instant);
}

void Delivery::take_round_trip(const wire::ReportBlock& block, base::Now now) {
  if (block.last_sr == 0) return;
  // RFC 3550 section 6.4.1: in units of 1/65536 s. More than ten seconds is nonsense.
  const auto ticks = wire::to_ntp(now.wall).middle() - block.last_sr - block.delay_since_last_sr;
  if (ticks > 10U * 65'536) return;
  const auto measured = base::Duration::micros(std::int64_t{ticks} * 1'000'000 / 65'536);
  round_trip = round_trip ? (*round_trip * 7 + measured) / 8 : measured;
  line.round_trip(*round_trip);
}

}  // namespace media
