// SPDX-License-Identifier: Apache-2.0
// The two ways to ask for a key frame: Picture Loss Indication (RFC 4585 section 6.3.1) and Full Intra Request (RFC
// 5104 section 4.3.1). Not here: how often to ask (media/).
#pragma once
#include <cstdint>

#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                  SSRC of packet sender                        |
//  |                  SSRC of media source                         |
struct Pli {
  static constexpr const char* kName = "pli";
  static constexpr std::uint8_t kFormat = 1;
  base::Ssrc sender{}, media{};
  bool operator==(const Pli&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) {
    return p.type == RtcpType::payload_feedback && p.count == kFormat;
  }
  [[nodiscard]] static base::Result<Pli, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

//  |                              SSRC                             |
//  | Seq nr.       |    Reserved                                   |
struct FirEntry {
  base::Ssrc ssrc{};
  std::uint8_t sequence = 0;  // goes up with each new request; the same number is a repetition
  bool operator==(const FirEntry&) const = default;
};

struct Fir {
  static constexpr const char* kName = "fir";
  static constexpr std::uint8_t kFormat = 4;
  base::Ssrc sender{};  // the media source field is unused and zero (section 4.3.1.2)
  FixedList<FirEntry, 32> entries;
  bool operator==(const Fir&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) {
    return p.type == RtcpType::payload_feedback && p.count == kFormat;
  }
  [[nodiscard]] static base::Result<Fir, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

}  // namespace wire
