// SPDX-License-Identifier: Apache-2.0
// REMB: see rtcp_remb.h.
#include "wire/rtcp_remb.h"

#include <bit>

namespace wire {
namespace {
constexpr std::uint32_t kIdentifier = 0x52454D42;  // "REMB"
constexpr unsigned kMantissaBits = 18;
}  // namespace

bool Remb::matches(const RtcpPacket& p) {
  return p.type == RtcpType::payload_feedback && p.count == kFormat && p.body.size() >= 12 &&
         base::load_u32(p.body.data() + 8) == kIdentifier;
}

base::Result<Remb, base::ParseError> Remb::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  Remb out;
  out.sender = {in.u32()};
  in.skip(8);
  const std::size_t count = in.u8();
  const std::uint32_t rate = in.u24();
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  const unsigned exponent = rate >> kMantissaBits;
  const std::uint64_t mantissa = rate & ((1U << kMantissaBits) - 1);
  if (((mantissa << exponent) >> exponent) != mantissa) return base::Unexpected{base::ParseError::malformed};
  out.bitrate_bps = mantissa << exponent;
  if (in.left() < 4 * count) return base::Unexpected{base::ParseError::truncated};
  for (std::size_t i = 0; i < count; ++i) (void)out.sources.push_back({in.u32()});
  return out;
}

bool Remb::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::payload_feedback, kFormat};
  out.u32(sender.value);
  out.u32(0);
  out.u32(kIdentifier);
  const auto width = static_cast<unsigned>(std::bit_width(bitrate_bps));
  const unsigned exponent = width > kMantissaBits ? width - kMantissaBits : 0;
  out.u8(static_cast<std::uint8_t>(sources.size()));
  out.u24((exponent << kMantissaBits) | static_cast<std::uint32_t>(bitrate_bps >> exponent));
  for (const base::Ssrc source : sources) out.u32(source.value);
  return frame.close();
}

}  // namespace wire
