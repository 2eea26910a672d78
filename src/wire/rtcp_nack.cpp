// SPDX-License-Identifier: Apache-2.0
// Generic NACK: see rtcp_nack.h.
#include "wire/rtcp_nack.h"

namespace wire {

base::Result<Nack, base::ParseError> Nack::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  Nack out;
  out.sender = {in.u32()};
  out.media = {in.u32()};
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  // RFC 4585 section 6.2.1: the FCI holds at least one item.
  if (in.left() == 0 || in.left() % 4 != 0) return base::Unexpected{base::ParseError::malformed};
  while (in.left() > 0) {
    const std::uint16_t first = in.u16();
    if (!out.items.push_back({first, in.u16()})) return base::Unexpected{base::ParseError::too_large};
  }
  return out;
}

bool Nack::write(base::Writer& out) const {
  if (items.empty()) return false;
  RtcpFrame frame{out, RtcpType::transport_feedback, kFormat};
  out.u32(sender.value);
  out.u32(media.value);
  for (const NackItem& item : items) {
    out.u16(item.packet);
    out.u16(item.bitmask);
  }
  return frame.close();
}

bool Nack::add(std::uint16_t sequence) {
  if (!items.empty()) {
    const auto after = static_cast<std::uint16_t>(sequence - items.back().packet);
    if (after == 0) return true;
    if (after <= 16) {
      items.back().bitmask = static_cast<std::uint16_t>(items.back().bitmask | (1U << (after - 1)));
      return true;
    }
  }
  return items.push_back({sequence, 0});
}

}  // namespace wire
