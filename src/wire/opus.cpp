// SPDX-License-Identifier: Apache-2.0
// Opus durations: see opus.h. RFC 6716 section 3.1, table 2, and section 3.2.
#include "wire/opus.h"

namespace wire {
namespace {

constexpr std::uint32_t kMs = kOpusClockRate / 1000;

// Samples of one frame of a configuration.
constexpr std::uint32_t frame_samples(unsigned config) {
  if (config < 12) {  // SILK: 10, 20, 40, 60 ms
    constexpr std::uint32_t kSilk[] = {10 * kMs, 20 * kMs, 40 * kMs, 60 * kMs};
    return kSilk[config % 4];
  }
  if (config < 16) return config % 2 == 0 ? 10 * kMs : 20 * kMs;  // hybrid
  constexpr std::uint32_t kCelt[] = {kMs * 5 / 2, 5 * kMs, 10 * kMs, 20 * kMs};
  return kCelt[config % 4];
}

}  // namespace

std::optional<std::uint32_t> opus_duration(base::Bytes packet) {
  if (packet.empty()) return {};
  std::uint32_t frames = 1;
  switch (packet[0] & 3) {
    case 0:
      break;
    case 1:
    case 2:
      frames = 2;
      break;
    default:  // section 3.2.5: the count is in the second byte
      if (packet.size() < 2) return {};
      frames = packet[1] & 0x3f;
  }
  const std::uint32_t samples = frames * frame_samples(packet[0] >> 3);
  if (frames == 0 || samples > 120 * kMs) return {};
  return samples;
}

}  // namespace wire
