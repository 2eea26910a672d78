// SPDX-License-Identifier: Apache-2.0
// Receiver Estimated Maximum Bitrate: draft-alvestrand-rmcat-remb-03, an application-layer feedback message (RFC 4585
// section 6.4). Not here: the estimate.
#pragma once
#include <cstdint>

#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                  SSRC of packet sender                        |
//  |                  SSRC of media source (0)                     |
//  |  unique identifier 'R' 'E' 'M' 'B'                            |
//  |  Num SSRC     | BR Exp    |  BR Mantissa (18 bits)            |
//  |   SSRC feedback …                                             |
struct Remb {
  static constexpr const char* kName = "remb";
  static constexpr std::uint8_t kFormat = 15;
  base::Ssrc sender{};
  std::uint64_t bitrate_bps = 0;  // writing keeps the 18 highest bits
  FixedList<base::Ssrc, 255> sources;
  bool operator==(const Remb&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p);
  [[nodiscard]] static base::Result<Remb, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

}  // namespace wire
