// SPDX-License-Identifier: Apache-2.0
// Goodbye: RFC 3550 section 6.6. The optional reason is not kept: it is free text.
#pragma once
#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                           SSRC/CSRC …                         |
//  |     length    |               reason for leaving            …
struct Bye {
  static constexpr const char* kName = "bye";
  FixedList<base::Ssrc, 31> sources;
  bool operator==(const Bye&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) { return p.type == RtcpType::bye; }
  [[nodiscard]] static base::Result<Bye, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

}  // namespace wire
