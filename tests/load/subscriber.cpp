// SPDX-License-Identifier: Apache-2.0
// Routing by SSRC and the feedback a receiver owes. Transport-wide feedback goes every 50 ms or 400 packets, NACKs are looked
// for every 10 ms, a key frame is asked for at most every 500 ms a slot.
#include "load/subscriber.h"

#include <algorithm>

#include "load/publisher.h"
#include "wire/rtp.h"
#include "wire/rtx.h"

namespace load {
namespace {

constexpr auto kFeedbackEvery = base::Duration::millis(50);
constexpr std::size_t kFeedbackAt = 400;
constexpr auto kNackEvery = base::Duration::millis(10);
constexpr auto kKeyEvery = base::Duration::millis(500);

template <class Message>
void write_into(const Message& message, std::vector<std::vector<std::uint8_t>>& into) {
  std::array<std::uint8_t, 1'400> buffer;
  base::Writer writer(buffer);
  if (message.write(writer)) into.emplace_back(writer.written().begin(), writer.written().end());
}

void merge(const Witness& from, Witness& into) {
  into.frames_decoded += from.frames_decoded;
  into.frames_failed += from.frames_failed;
  into.unreadable += from.unreadable;
  into.toneless += from.toneless;
  for (const auto& [code, n] : from.codes) into.codes[code] += n;
  for (const auto& [tone, n] : from.tones) into.tones[tone] += n;
  if (!into.first_frame) into.first_frame = from.first_frame;
  if (!into.first_sound) into.first_sound = from.first_sound;
  if (from.width != 0) {
    into.width = from.width;
    into.height = from.height;
  }
}

}  // namespace

void Latencies::add(base::Duration latency) {
  std::size_t all = 0;
  for (const Range& range : kRanges) all += range.buckets();
  if (buckets_.empty()) buckets_.resize(all);
  const auto us = std::clamp<std::int64_t>(latency.us, 0, kRanges.back().to - 1);
  std::size_t first = 0;
  for (const Range& range : kRanges) {
    if (us < range.to) {
      ++buckets_[first + static_cast<std::size_t>((us - range.from) / range.step)];
      break;
    }
    first += range.buckets();
  }
  ++count_;
}

void Latencies::add(const Latencies& other) {
  if (other.count_ == 0) return;
  buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
}

double Latencies::quantile_ms(double q) const {
  if (count_ == 0) return 0;
  const auto want = static_cast<std::uint64_t>(q * static_cast<double>(count_ - 1));
  std::uint64_t passed = 0;
  std::size_t bucket = 0;
  for (const Range& range : kRanges)
    for (std::int64_t from = range.from; from < range.to; from += range.step) {
      passed += buckets_[bucket++];
      if (passed > want) return static_cast<double>(from + range.step / 2) / 1'000;
    }
  return static_cast<double>(kRanges.back().to) / 1'000;
}

void Subscriber::set_slots(const Negotiated& negotiated) {
  // One id on every line of a bundle that has it (RFC 9143 section 9.1); Janus numbers pictures alone.
  transport_sequence_id_ = std::max(negotiated.sound_extensions.transport_sequence, negotiated.picture_extensions.transport_sequence);
  for (const auto& offered : negotiated.slots) {
    const std::size_t index = offered.slot;
    if (index >= 256) continue;
    if (index >= slots_.size()) slots_.resize(index + 1);
    Slot& slot = slots_[index];
    if (slot.sound.ssrc() == offered.sound && slot.picture.ssrc() == offered.picture) continue;
    slot.sound = InStream(offered.sound, 48'000, offered.sound_repair.value != 0);
    slot.picture = InStream(offered.picture, 90'000, offered.picture_repair.value != 0);
    slot.listener = Listener(decode_, keys_);
    slot.listener.expect(slot.seat);
    routes_[offered.sound] = {index, Part::sound};
    routes_[offered.picture] = {index, Part::picture};
    if (offered.sound_repair.value != 0) routes_[offered.sound_repair] = {index, Part::sound_repair};
    if (offered.picture_repair.value != 0) routes_[offered.picture_repair] = {index, Part::picture_repair};
  }
}

void Subscriber::set_carries(const std::vector<std::optional<std::uint32_t>>& carries) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    const auto seat = i < carries.size() ? carries[i] : std::nullopt;
    if (seat == slot.seat) continue;
    if (slot.seat) {
      slot.listener.changed();
    } else if (seat) {
      merge(slot.pending, witnesses_[*seat]);
    }
    slot.pending = {};
    slot.seat = seat;
    slot.left_out |= seat && std::ranges::find(left_out_, *seat) != left_out_.end();
    slot.listener.expect(seat);
  }
}

void Subscriber::leave_out(std::vector<std::uint32_t> seats) {
  left_out_ = std::move(seats);
  for (Slot& slot : slots_) slot.left_out |= slot.seat && std::ranges::find(left_out_, *slot.seat) != left_out_.end();
}

Witness& Subscriber::witness_of(Slot& slot) { return slot.seat ? witnesses_[*slot.seat] : slot.pending; }

void Subscriber::keys_changed(base::Instant now) {
  for (Slot& slot : slots_) slot.listener.keys_changed(now, witness_of(slot));
}

bool Subscriber::take_sealed(base::Instant now, base::Bytes packet) {
  const auto rtp = wire::parse_rtp(packet);
  if (!rtp) return true;
  const auto route = routes_.find(rtp->ssrc);
  if (route != routes_.end() && (route->second.part == Part::sound_repair || route->second.part == Part::picture_repair)) return false;
  take(now, *rtp, packet.size(), route, false);
  return true;
}

void Subscriber::take(base::Instant now, const wire::RtpView& rtp, std::size_t size, Routes::const_iterator route, bool clear) {
  counts_.octets += size;
  if (transport_sequence_id_ != 0)
    if (const auto extension = rtp.extension(transport_sequence_id_)) note_transport_sequence(now, *extension);
  if (route == routes_.end()) {
    ++counts_.unknown;
    return;
  }
  Slot& slot = slots_[route->second.slot];
  const auto part = route->second.part;
  auto sequence = rtp.sequence;
  auto payload = rtp.payload;
  const bool repair = part == Part::sound_repair || part == Part::picture_repair;
  if (repair) {
    const auto rtx = wire::parse_rtx(payload);
    if (!rtx || rtx->payload.empty()) return;  // a probe
    sequence = rtx->original_sequence;
    payload = rtx->payload;
  }
  const bool sound = part == Part::sound || part == Part::sound_repair;
  InStream& stream = sound ? slot.sound : slot.picture;
  const auto extended = stream.take(now, sequence, rtp.timestamp, repair);
  gaps_ = gaps_ || stream.misses();
  if (!extended || !clear || slot.left_out) return;
  if (!repair && (decode_ == Decode::none || (!sound && decode_ != Decode::times)))
    if (const auto stamp = read_stamp(payload)) latencies_.add(now - *stamp);
  if (decode_ == Decode::none) return;
  if (sound) {
    const auto stamp = slot.listener.sound(now, *extended, payload, witness_of(slot));
    if (stamp && !repair) latencies_.add(now - *stamp);
  } else {
    slot.listener.picture(now, *extended, rtp.marker, payload, witness_of(slot));
  }
}

void Subscriber::take_sender_report(base::Instant now, const wire::SenderReport& report) {
  const auto route = routes_.find(report.sender);
  if (route == routes_.end()) return;
  Slot& slot = slots_[route->second.slot];
  (route->second.part == Part::sound ? slot.sound : slot.picture).take_sender_report(now, report);
}

void Subscriber::note_transport_sequence(base::Instant now, base::Bytes extension) {
  if (extension.size() < 2) return;
  const auto sequence = base::load_u16(extension.data());
  if (highest_transport_ < 0) {
    highest_transport_ = next_transport_ = 65'536 + std::int64_t{sequence};
  }
  const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest_transport_)));
  const auto extended = highest_transport_ + step;
  highest_transport_ = std::max(highest_transport_, extended);
  if (extended >= next_transport_) arrivals_.push_back({extended, now});
}

void Subscriber::write_transport_feedback(base::Instant now, base::Ssrc sender,
                                          std::vector<std::vector<std::uint8_t>>& into) {
  if (now < feedback_due_ && arrivals_.size() < kFeedbackAt) return;
  feedback_due_ = now + kFeedbackEvery;
  if (arrivals_.empty()) return;
  std::ranges::sort(arrivals_, {}, &Arrival::sequence);
  wire::TransportFeedback feedback;
  feedback.sender = sender;
  feedback.base_sequence = static_cast<std::uint16_t>(next_transport_);
  feedback.feedback_count = feedback_count_++;
  const auto unit = wire::TransportFeedback::kReferenceUnit.us, tick = wire::TransportFeedback::kTick.us;
  const std::int64_t reference = arrivals_.front().at.us / unit;
  feedback.reference_time = static_cast<std::int32_t>(reference & 0x7f'ffff);
  std::int64_t last_ticks = reference * unit / tick;
  for (const auto& [sequence, at] : arrivals_) {
    while (next_transport_ < sequence && feedback.statuses.push_back({false, 0})) ++next_transport_;
    if (sequence < next_transport_) continue;  // a duplicate
    const std::int64_t delta = std::clamp<std::int64_t>(at.us / tick - last_ticks, -32'768, 32'767);
    if (next_transport_ != sequence || !feedback.statuses.push_back({true, static_cast<std::int16_t>(delta)})) break;
    last_ticks += delta;
    ++next_transport_;
  }
  next_transport_ = std::max(next_transport_, arrivals_.back().sequence + 1);
  arrivals_.clear();
  write_into(feedback, into);
}

void Subscriber::due_feedback(base::Instant now, base::Ssrc sender, std::vector<std::vector<std::uint8_t>>& into) {
  write_transport_feedback(now, sender, into);
  if (now < nack_due_ || (decode_ == Decode::none && !gaps_)) return;
  nack_due_ = now + kNackEvery;
  gaps_ = false;
  for (Slot& slot : slots_) {
    for (InStream* stream : {&slot.sound, &slot.picture}) {
      if (auto nack = stream->nack(now)) {
        nack->sender = sender;
        ++counts_.nacks;
        write_into(*nack, into);
      }
      gaps_ = gaps_ || stream->misses();
    }
    if (!slot.listener.needs_key_frame() || now - slot.key_asked < kKeyEvery) continue;
    slot.key_asked = now;
    ++counts_.key_frames_asked;
    write_into(wire::Pli{sender, slot.picture.ssrc()}, into);
  }
}

std::vector<wire::ReportBlock> Subscriber::report_blocks(base::Instant now) {
  std::vector<wire::ReportBlock> blocks;
  for (Slot& slot : slots_)
    for (InStream* stream : {&slot.sound, &slot.picture})
      if (stream->started()) blocks.push_back(stream->report(now));
  return blocks;
}

void Subscriber::forget_seen() {
  witnesses_.clear();
  for (Slot& slot : slots_) {
    slot.pending = {};
    slot.sound.forget_gap();
  }
}

base::Duration Subscriber::longest_sound_gap() const {
  base::Duration longest;
  for (const Slot& slot : slots_)
    if (!slot.left_out) longest = std::max(longest, slot.sound.longest_gap());
  return longest;
}

ReceiveCounts Subscriber::counts() const {
  ReceiveCounts out = counts_;
  for (const Slot& slot : slots_) {
    out.frames.add(slot.listener.open_counts());
    if (slot.left_out) continue;
    for (const InStream* stream : {&slot.sound, &slot.picture}) {
      out.expected += stream->expected();
      out.received += stream->received();
      out.lost += stream->lost();
      out.repaired += stream->repaired();
      out.duplicates += stream->duplicates();
      if (stream != &slot.sound) continue;
      out.sound_expected += stream->expected();
      out.sound_lost += stream->lost();
    }
  }
  return out;
}

}  // namespace load
