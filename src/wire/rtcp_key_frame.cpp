// SPDX-License-Identifier: Apache-2.0
// PLI and FIR: see rtcp_key_frame.h.
#include "wire/rtcp_key_frame.h"

namespace wire {

base::Result<Pli, base::ParseError> Pli::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  Pli out;
  out.sender = {in.u32()};
  out.media = {in.u32()};
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  return out;
}

bool Pli::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::payload_feedback, kFormat};
  out.u32(sender.value);
  out.u32(media.value);
  return frame.close();
}

base::Result<Fir, base::ParseError> Fir::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  Fir out;
  out.sender = {in.u32()};
  in.skip(4);
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  if (in.left() == 0 || in.left() % 8 != 0) return base::Unexpected{base::ParseError::malformed};
  while (in.left() > 0) {
    const base::Ssrc ssrc{in.u32()};
    if (!out.entries.push_back({ssrc, in.u8()})) return base::Unexpected{base::ParseError::too_large};
    in.skip(3);
  }
  return out;
}

bool Fir::write(base::Writer& out) const {
  if (entries.empty()) return false;
  RtcpFrame frame{out, RtcpType::payload_feedback, kFormat};
  out.u32(sender.value);
  out.u32(0);
  for (const FirEntry& entry : entries) {
    out.u32(entry.ssrc.value);
    out.u8(entry.sequence);
    out.u24(0);
  }
  return frame.close();
}

}  // namespace wire
