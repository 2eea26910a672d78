// SPDX-License-Identifier: Apache-2.0
// VP8 frames into RTP payloads and back: RFC 7741. The descriptor written is the one browsers use with simulcast: 15-bit
// PictureID, TL0PICIDX, temporal id 0. Not here: RTP headers (out_stream.h), loss accounting (in_stream.h).
// Invariant of the joiner: a frame is given only whole, in order, and only after a key frame. One thread.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace load {

inline constexpr std::size_t kVp8Descriptor = 6;
inline constexpr std::size_t kPicturePayload = 1'100;  // bytes of one payload at most, the descriptor included

// Where a stream of frames stands.
struct Vp8Position {
  std::uint16_t picture_id = 0;  // 15 bits
  std::uint8_t tl0 = 0;
  void next_frame() {
    picture_id = (picture_id + 1) & 0x7fff;
    ++tl0;
  }
};

void write_vp8_descriptor(base::MutableBytes out, Vp8Position position, bool first);

// Calls f(payload, is_last) for each packet of the frame.
template <class F>
void for_each_vp8_payload(base::Bytes frame, Vp8Position position, F&& f) {
  const std::size_t room = kPicturePayload - kVp8Descriptor;
  const std::size_t count = (frame.size() + room - 1) / room;
  std::vector<std::uint8_t> payload;
  for (std::size_t i = 0; i < count; ++i) {
    const auto part = frame.subspan(i * frame.size() / count, (i + 1) * frame.size() / count - i * frame.size() / count);
    payload.resize(kVp8Descriptor);
    write_vp8_descriptor(payload, position, i == 0);
    payload.insert(payload.end(), part.begin(), part.end());
    f(base::Bytes{payload}, i + 1 == count);
  }
}

class Vp8Joiner {
 public:
  Vp8Joiner();
  // One packet by its extended sequence number (RFC 3550 appendix A.1), in any order.
  void add(std::int64_t sequence, bool marker, base::Bytes payload);
  // The next whole frame in order, if there is one.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> next(base::Instant now);
  // A key frame is needed to go on.
  [[nodiscard]] bool waits_for_key() const { return waits_for_key_; }
  void need_key() { waits_for_key_ = true; }

 private:
  struct Part {
    std::int64_t sequence = -1;
    bool marker = false, start = false, key = false;
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] Part& at(std::int64_t sequence);
  std::vector<Part> parts_;
  std::int64_t next_ = -1, highest_ = -1;
  base::Instant stuck_since_ = base::Instant::never();
  bool waits_for_key_ = true;
};

}  // namespace load
