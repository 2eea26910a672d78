// SPDX-License-Identifier: Apache-2.0
// Makes one continuous RTP stream for one receiver out of whatever a slot carries over time: other layers, other people,
// pauses, left-out temporal layers. Sequence numbers, timestamps, VP8 picture ids and TL0PICIDX go on without a seam; what was
// lost on the way in stays a gap of the same size, to be filled by a late packet, unless it is so large that the sender has begun its
// numbers anew: receivers count their roll-overs by it (RFC 3711 section 3.3.1). Dependency Descriptor frame numbers go on at
// a switch, but keep the gap of a frame that is left out: other frames say by differences of these numbers what they refer to.
// Of the last packets it is known which were left out, so that one that comes late is given the numbers it would have had.
// Not here: when to switch (delivery.h), bytes. Pure; the room's media thread; nothing allocated.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "media/packet.h"
#include "media/recent_bits.h"
#include "media/sequence_tracker.h"

namespace media {

struct Rewritten {
  std::uint32_t timestamp = 0;
  std::uint16_t sequence = 0;
  std::uint16_t picture_id = 0;  // 15 bits; a receiver with 7 bits sees the low ones
  std::uint16_t frame_number = 0;
  std::uint8_t tl0 = 0;
};

class StreamRewriter {
 public:
  static constexpr std::int32_t kMostGap = SequenceTracker::kMaxJump;  // what is further is another beginning to either
  // So many packets behind the newest one may come and still be placed.
  static constexpr std::uint32_t kWindow = RecentBits::kWindow;
  // Where the numbers of the outgoing stream begin.
  void begin(std::uint16_t sequence, std::uint32_t timestamp) {
    next_ = sequence;
    last_timestamp_ = timestamp;
  }
  // `first` (a newest packet) begins another source; it shall carry `timestamp`, or the next one possible if that is past.
  void switch_to(const Packet& first, std::uint32_t timestamp) {
    if (static_cast<std::int32_t>(timestamp - last_timestamp_) <= 0) timestamp = last_timestamp_ + 1;
    start_ = first.sequence;
    highest_ = first.sequence - 1;
    sequence_delta_ = static_cast<std::uint16_t>(next_ - first.sequence);
    timestamp_delta_ = timestamp - first.timestamp;
    frame_delta_ = static_cast<std::uint16_t>(last_picture_id_ + 1 - first.vp8.picture_id);
    number_delta_ = static_cast<std::uint16_t>(last_frame_number_ + 1 - first.frame_number);
    tl0_delta_ = static_cast<std::uint8_t>(last_tl0_ + 1 - first.vp8.tl0);
    left_out_frame_.reset();
  }
  // Numbers for a packet that is sent. Empty: it is from before the switch, or too old to be placed.
  [[nodiscard]] std::optional<Rewritten> forward(const Packet& p) {
    const auto ahead = step_to(p.sequence);
    Deltas deltas{sequence_delta_, frame_delta_, tl0_delta_};
    if (ahead > 0) {
      advance(p.sequence, ahead);
    } else {
      if (static_cast<std::int32_t>(p.sequence - start_) < 0 || ahead <= -static_cast<std::int32_t>(kWindow) || left_out_.test(p.sequence)) return std::nullopt;
      deltas = deltas_at(p.sequence);
    }
    Rewritten out;
    out.sequence = static_cast<std::uint16_t>(p.sequence + deltas.sequence);
    out.timestamp = p.timestamp + timestamp_delta_;
    out.picture_id = static_cast<std::uint16_t>((p.vp8.picture_id + deltas.frame) & 0x7fff);
    out.frame_number = static_cast<std::uint16_t>(p.frame_number + number_delta_);
    out.tl0 = static_cast<std::uint8_t>(p.vp8.tl0 + deltas.tl0);
    if (ahead > 0) remember(out);
    return out;
  }
  // A packet that this receiver does not get although its stream goes on (a temporal layer, padding): closes the numbers.
  void leave_out(const Packet& p) {
    const auto ahead = step_to(p.sequence);
    if (ahead <= 0) return;
    advance(p.sequence, ahead);
    --sequence_delta_;
    left_out_.set(p.sequence);
    next_ = static_cast<std::uint16_t>(p.sequence + sequence_delta_ + 1);
    if (p.picture && p.payload_size > 0 && left_out_frame_ != p.timestamp) {
      left_out_frame_ = p.timestamp;
      --frame_delta_;
      left_out_frames_.set(p.sequence);
      if (p.temporal == 0) {  // between two stills
        --tl0_delta_;
        left_out_tl0_.set(p.sequence);
      }
    }
  }
  // The number that forward() gives it, where nothing was lost before it.
  [[nodiscard]] std::uint16_t expected(std::uint32_t sequence) const { return static_cast<std::uint16_t>(sequence + sequence_delta_); }
  // What to add to a timestamp of the present source.
  [[nodiscard]] std::uint32_t timestamp_delta() const { return timestamp_delta_; }
  [[nodiscard]] std::uint32_t last_timestamp() const { return last_timestamp_; }
  // The number after the highest that was given out.
  [[nodiscard]] std::uint16_t next() const { return next_; }

 private:
  struct Deltas {
    std::uint16_t sequence, frame;
    std::uint8_t tl0;
  };
  // As they were when this number's turn was: each packet that was left out since made them less by one.
  [[nodiscard]] Deltas deltas_at(std::uint32_t sequence) const {
    return {static_cast<std::uint16_t>(sequence_delta_ + left_out_.count(sequence, highest_)),
            static_cast<std::uint16_t>(frame_delta_ + left_out_frames_.count(sequence, highest_)),
            static_cast<std::uint8_t>(tl0_delta_ + left_out_tl0_.count(sequence, highest_))};
  }
  // How far beyond the highest; a leap is followed without a gap.
  [[nodiscard]] std::int32_t step_to(std::uint32_t sequence) {
    const auto ahead = static_cast<std::int32_t>(sequence - highest_);
    if (ahead <= kMostGap) return ahead;
    sequence_delta_ = static_cast<std::uint16_t>(next_ - sequence);
    start_ = sequence;
    highest_ = sequence - 1;
    return 1;
  }
  void advance(std::uint32_t to, std::int32_t ahead) {
    const auto from = static_cast<std::uint32_t>(ahead) > kWindow ? to - kWindow + 1 : highest_ + 1;
    for (auto s = from; s != to + 1; ++s)
      for (auto* bits : {&left_out_, &left_out_frames_, &left_out_tl0_}) bits->clear(s);
    highest_ = to;
  }
  void remember(const Rewritten& out) {
    next_ = static_cast<std::uint16_t>(out.sequence + 1);
    if (static_cast<std::int32_t>(out.timestamp - last_timestamp_) > 0) last_timestamp_ = out.timestamp;
    last_picture_id_ = out.picture_id;
    last_frame_number_ = out.frame_number;
    last_tl0_ = out.tl0;
  }
  std::uint32_t start_ = 0, highest_ = 0;
  std::uint16_t next_ = 0;  // the number after the highest sent
  std::uint32_t last_timestamp_ = 0;
  std::uint16_t last_picture_id_ = 0x7fff, last_frame_number_ = 0xffff;
  std::uint8_t last_tl0_ = 0xff;
  std::uint16_t sequence_delta_ = 0, frame_delta_ = 0, number_delta_ = 0;
  std::uint32_t timestamp_delta_ = 0;
  std::uint8_t tl0_delta_ = 0;
  std::optional<std::uint32_t> left_out_frame_;
  RecentBits left_out_, left_out_frames_, left_out_tl0_;  // packets, and of frames the first that was
};

}  // namespace media
