// SPDX-License-Identifier: Apache-2.0
// Retransmission payload: RFC 4588 section 4. The payload of an RTX packet is the original sequence number and then the
// original payload; header extensions stay in the header, except that the repaired rid stands for the rid (RFC 8852).
// Padding probes are RTX packets with nothing after, or less than, the original sequence number: parse gives an error.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace wire {

//   0                   1
//  |  original sequence number (OSN) |  original payload …
inline constexpr std::size_t kRtxPrefixSize = 2;

struct RtxPayload {
  std::uint16_t original_sequence = 0;
  base::Bytes payload;
};

[[nodiscard]] inline base::Result<RtxPayload, base::ParseError> parse_rtx(base::Bytes rtx_payload) {
  if (rtx_payload.size() < kRtxPrefixSize) return base::Unexpected{base::ParseError::truncated};
  return RtxPayload{base::load_u16(rtx_payload.data()), rtx_payload.subspan(kRtxPrefixSize)};
}

inline void write_rtx(std::uint16_t original_sequence, base::Bytes original_payload, base::Writer& out) {
  out.u16(original_sequence);
  out.bytes(original_payload);
}

}  // namespace wire
