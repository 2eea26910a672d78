// SPDX-License-Identifier: Apache-2.0
// Descriptor bits and the joining of frames. A gap that is not repaired within 300 ms makes the joiner wait for a key frame.
#include "load/vp8_packets.h"

#include <algorithm>

#include "wire/vp8.h"

namespace load {
namespace {
constexpr std::size_t kParts = 512;
constexpr auto kRepairWithin = base::Duration::millis(300);
}  // namespace

void write_vp8_descriptor(base::MutableBytes out, Vp8Position position, bool first) {
  //  |X|R|N|S|R| PID |   |I|L|T|K| RSV   |   |M| PictureID … |   TL0PICIDX   |   |TID|Y| KEYIDX  |   RFC 7741 section 4.2
  out[0] = static_cast<std::uint8_t>(0x80 | (first ? 0x10 : 0));
  out[1] = 0x80 | 0x40 | 0x20;
  base::store_u16(out.data() + 2, 0x8000 | position.picture_id);
  out[4] = position.tl0;
  out[5] = 0;
}

Vp8Joiner::Vp8Joiner() : parts_(kParts) {}

Vp8Joiner::Part& Vp8Joiner::at(std::int64_t sequence) { return parts_[static_cast<std::size_t>(sequence) % kParts]; }

void Vp8Joiner::add(std::int64_t sequence, bool marker, base::Bytes payload) {
  if (sequence < 0 || (next_ >= 0 && sequence < next_)) return;
  Part& part = at(sequence);
  if (part.sequence >= sequence) return;
  const auto descriptor = wire::parse_vp8(payload);
  if (!descriptor || descriptor->size() >= payload.size()) return;
  part.sequence = sequence;
  part.marker = marker;
  part.start = descriptor->starts_frame();
  part.key = wire::vp8_starts_key_frame(*descriptor, payload);
  const auto data = payload.subspan(descriptor->size());
  part.bytes.assign(data.begin(), data.end());
  highest_ = std::max(highest_, sequence);
  if (waits_for_key_ && part.start && part.key) {
    next_ = sequence;
    waits_for_key_ = false;
    stuck_since_ = base::Instant::never();
  }
  if (next_ >= 0 && highest_ - next_ >= static_cast<std::int64_t>(kParts)) waits_for_key_ = true;
}

std::optional<std::vector<std::uint8_t>> Vp8Joiner::next(base::Instant now) {
  if (waits_for_key_ || next_ < 0) return std::nullopt;
  std::int64_t end = next_;
  while (at(end).sequence == end && !at(end).marker) ++end;
  if (at(end).sequence != end) {
    if (highest_ < next_) return std::nullopt;  // nothing newer: not stuck
    if (stuck_since_.is_never()) stuck_since_ = now;
    if (now - stuck_since_ > kRepairWithin) waits_for_key_ = true;
    return std::nullopt;
  }
  stuck_since_ = base::Instant::never();
  std::vector<std::uint8_t> frame;
  for (std::int64_t i = next_; i <= end; ++i) frame.insert(frame.end(), at(i).bytes.begin(), at(i).bytes.end());
  next_ = end + 1;
  return frame;
}

}  // namespace load
