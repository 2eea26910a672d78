// SPDX-License-Identifier: Apache-2.0
// Source description: RFC 3550 section 6.5. Only CNAME is kept (random here and in browsers, RFC 7022); the other items
// could name a person and are neither kept nor sent.
#pragma once
#include <string_view>

#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                             SSRC                              |
//  |    CNAME=1    |     length    | canonical name …      | 0 …   |   padded with zeros to a word, at least one
struct SdesChunk {
  base::Ssrc ssrc{};
  std::string_view cname;  // a view of the packet
  bool operator==(const SdesChunk&) const = default;
};

struct SourceDescription {
  static constexpr const char* kName = "source_description";
  FixedList<SdesChunk, 31> chunks;
  bool operator==(const SourceDescription&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) { return p.type == RtcpType::source_description; }
  [[nodiscard]] static base::Result<SourceDescription, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

}  // namespace wire
