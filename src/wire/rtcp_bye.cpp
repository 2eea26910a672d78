// SPDX-License-Identifier: Apache-2.0
// Goodbye: see rtcp_bye.h.
#include "wire/rtcp_bye.h"

namespace wire {

base::Result<Bye, base::ParseError> Bye::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  Bye out;
  for (unsigned i = 0; i < packet.count; ++i) (void)out.sources.push_back({in.u32()});
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  return out;
}

bool Bye::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::bye, sources.size()};
  for (const base::Ssrc source : sources) out.u32(source.value);
  return frame.close();
}

}  // namespace wire
