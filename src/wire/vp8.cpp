// SPDX-License-Identifier: Apache-2.0
// VP8 payload descriptor: see vp8.h.
#include "wire/vp8.h"

namespace wire {
namespace {

// First byte.
constexpr std::uint8_t kX = 0x80, kN = 0x20, kS = 0x10, kPid = 0x07;
// Second byte.
constexpr std::uint8_t kI = 0x80, kL = 0x40, kT = 0x20, kK = 0x10;
constexpr std::uint8_t kM = 0x80;  // of PictureID
constexpr std::uint8_t kY = 0x20;  // of the TID byte

}  // namespace

std::size_t Vp8Descriptor::size() const {
  const bool tid_or_key = temporal_layer || key_index;
  if (!picture_id && !tl0_picture_index && !tid_or_key) return 1;
  std::size_t n = 2;
  if (picture_id) n += long_picture_id ? 2 : 1;
  if (tl0_picture_index) ++n;
  if (tid_or_key) ++n;
  return n;
}

base::Result<Vp8Descriptor, base::ParseError> parse_vp8(base::Bytes rtp_payload) {
  base::Reader in{rtp_payload};
  Vp8Descriptor d;
  const std::uint8_t first = in.u8();
  d.non_reference = (first & kN) != 0;
  d.start_of_partition = (first & kS) != 0;
  d.partition = first & kPid;
  if ((first & kX) != 0) {
    const std::uint8_t present = in.u8();
    if ((present & kI) != 0) {
      const std::uint8_t high = in.u8();
      d.long_picture_id = (high & kM) != 0;
      d.picture_id = high & 0x7f;
      if (d.long_picture_id) d.picture_id = static_cast<std::uint16_t>((*d.picture_id << 8) | in.u8());
    }
    if ((present & kL) != 0) d.tl0_picture_index = in.u8();
    if ((present & (kT | kK)) != 0) {
      const std::uint8_t byte = in.u8();
      if ((present & kT) != 0) {
        d.temporal_layer = static_cast<std::uint8_t>(byte >> 6);
        d.layer_sync = (byte & kY) != 0;
      }
      if ((present & kK) != 0) d.key_index = byte & 0x1f;
    }
  }
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  // RFC 7741 section 4.2: the descriptor is followed by VP8 payload.
  if (in.left() == 0) return base::Unexpected{base::ParseError::truncated};
  return d;
}

bool write_vp8(const Vp8Descriptor& d, base::Writer& out) {
  if (d.partition > kPid || (d.picture_id && *d.picture_id > (d.long_picture_id ? 0x7fff : 0x7f))) return false;
  if ((d.temporal_layer && *d.temporal_layer > 3) || (d.key_index && *d.key_index > 0x1f)) return false;
  const bool extended = d.size() > 1;
  out.u8(static_cast<std::uint8_t>((extended ? kX : 0) | (d.non_reference ? kN : 0) | (d.start_of_partition ? kS : 0) |
                                   d.partition));
  if (!extended) return out.ok();
  out.u8(static_cast<std::uint8_t>((d.picture_id ? kI : 0) | (d.tl0_picture_index ? kL : 0) |
                                   (d.temporal_layer ? kT : 0) | (d.key_index ? kK : 0)));
  if (d.picture_id) {
    if (d.long_picture_id)
      out.u16(static_cast<std::uint16_t>((kM << 8) | *d.picture_id));
    else
      out.u8(static_cast<std::uint8_t>(*d.picture_id));
  }
  if (d.tl0_picture_index) out.u8(*d.tl0_picture_index);
  if (d.temporal_layer || d.key_index) {
    out.u8(static_cast<std::uint8_t>((d.temporal_layer.value_or(0) << 6) | (d.temporal_layer && d.layer_sync ? kY : 0) |
                                     d.key_index.value_or(0)));
  }
  return out.ok();
}

void rewrite_vp8(base::MutableBytes p, std::uint16_t picture_id, std::uint8_t tl0_picture_index,
                 std::optional<std::uint8_t> key_index) {
  if (p.size() < 2 || (p[0] & kX) == 0) return;
  std::size_t at = 2;
  if ((p[1] & kI) != 0 && at < p.size()) {
    if ((p[at] & kM) != 0 && at + 1 < p.size()) {
      base::store_u16(p.data() + at, static_cast<std::uint16_t>((kM << 8) | (picture_id & 0x7fff)));
      at += 2;
    } else {
      p[at++] = static_cast<std::uint8_t>(picture_id & 0x7f);
    }
  }
  if ((p[1] & kL) != 0 && at < p.size()) p[at++] = tl0_picture_index;
  if ((p[1] & kK) != 0 && key_index && at < p.size())
    p[at] = static_cast<std::uint8_t>((p[at] & 0xe0) | (*key_index & 0x1f));
}

bool vp8_starts_key_frame(const Vp8Descriptor& descriptor, base::Bytes rtp_payload) {
  // RFC 6386 section 9.1: bit 0 of the frame tag is 0 for a key frame.
  const std::size_t at = descriptor.size();
  return descriptor.starts_frame() && at < rtp_payload.size() && (rtp_payload[at] & 1) == 0;
}

std::optional<PictureSize> vp8_key_frame_size(base::Bytes frame) {
  // Section 9.1: 3 bytes of tag, start code 9d 01 2a, then 14 bits of width and of height, little endian, each under 2
  // bits of scale.
  if (frame.size() < 10 || (frame[0] & 1) != 0) return {};
  if (frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a) return {};
  const auto little = [&](std::size_t i) {
    return static_cast<std::uint16_t>((frame[i] | (frame[i + 1] << 8)) & 0x3fff);
  };
  return PictureSize{little(6), little(8)};
}

}  // namespace wire
