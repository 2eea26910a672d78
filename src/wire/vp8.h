// SPDX-License-Identifier: Apache-2.0
// VP8 payloads: the payload descriptor and what the clear first bytes of a frame tell. RFC 7741 sections 4.2 and 4.3,
// frame header RFC 6386 section 9.1. Not here: decoding. In an encrypted room only the descriptor and the first byte of
// the frame are clear, which is enough for is_key_frame; key_frame_size needs the clear frame. Invariant: rewriting
// keeps every field's size, so that the payload stays where it is. Allocates nothing; any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace wire {

//    0 1 2 3 4 5 6 7                      RFC 7741 section 4.2
//   |X|R|N|S|R| PID |  required
//   |I|L|T|K| RSV   |  where X
//   |M| PictureID   |  where I: 7 bits, or 15 where M
//   |   PictureID   |
//   |   TL0PICIDX   |  where L
//   |TID|Y| KEYIDX  |  where T or K
struct Vp8Descriptor {
  bool non_reference = false;       // N: may be dropped without harm to others
  bool start_of_partition = false;  // S
  std::uint8_t partition = 0;       // PID
  std::optional<std::uint16_t> picture_id = {};
  bool long_picture_id = false;  // M: 15 bits
  std::optional<std::uint8_t> tl0_picture_index = {};
  std::optional<std::uint8_t> temporal_layer = {};  // TID, 0..3
  bool layer_sync = false;                          // Y
  std::optional<std::uint8_t> key_index = {};       // KEYIDX, 0..31
  bool operator==(const Vp8Descriptor&) const = default;
  [[nodiscard]] bool starts_frame() const { return start_of_partition && partition == 0; }
  [[nodiscard]] std::size_t size() const;  // bytes on the wire
};

[[nodiscard]] base::Result<Vp8Descriptor, base::ParseError> parse_vp8(base::Bytes rtp_payload);
bool write_vp8(const Vp8Descriptor& descriptor, base::Writer& out);

// Writes these values over the ones there, each where its field is present, in its size. `rtp_payload` may be a copy of
// the descriptor alone. Precondition: parse_vp8 accepted it.
void rewrite_vp8(base::MutableBytes rtp_payload, std::uint16_t picture_id, std::uint8_t tl0_picture_index,
                 std::optional<std::uint8_t> key_index);

// The packet begins a key frame: S set, PID 0 and the inverse key frame bit P (RFC 6386 section 9.1) zero.
[[nodiscard]] bool vp8_starts_key_frame(const Vp8Descriptor& descriptor, base::Bytes rtp_payload);

struct PictureSize {
  std::uint16_t width = 0, height = 0;
  bool operator==(const PictureSize&) const = default;
};
// Of a key frame whose first ten bytes are clear; `frame` begins after the descriptor.
[[nodiscard]] std::optional<PictureSize> vp8_key_frame_size(base::Bytes frame);

}  // namespace wire
