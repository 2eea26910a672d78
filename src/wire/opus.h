// SPDX-License-Identifier: Apache-2.0
// What an Opus packet tells without decoding: its duration, and whether it is a pause of discontinuous transmission.
// RFC 6716 section 3, RFC 7587. In an encrypted room the packet is sealed whole: only its size is left (opus_is_pause).
#pragma once
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace wire {

inline constexpr std::uint32_t kOpusClockRate = 48'000;  // whatever the real sampling (RFC 7587 section 4.1)

//   0 1 2 3 4 5 6 7
//  | config  |s| c |   TOC, RFC 6716 section 3.1
// Samples at 48 kHz; empty for an empty packet, a wrong frame count, or more than 120 ms (section 3.4).
[[nodiscard]] std::optional<std::uint32_t> opus_duration(base::Bytes packet);

// A packet that holds no sound: at most two bytes (RFC 6716 section 3.2.1: a frame of zero or one byte is a pause), not
// counting `overhead` bytes that encryption adds.
[[nodiscard]] inline bool opus_is_pause(base::Bytes packet, std::size_t overhead) {
  return packet.size() <= overhead + 2;
}

}  // namespace wire
