// SPDX-License-Identifier: Apache-2.0
// Which packets of a microphone say nothing but that it is silent. Opus with DTX (RFC 7587 section 3.1.3) as browsers have it: a
// frame of background noise after 400 ms without any, and right after it one of a byte or two: from here on nothing is sent
// again. Whoever had the first of them makes silence by themselves until a voice comes. And whatever nobody can hear, of
// whom a voice was heard before, so that what is said of levels is to be believed: an encoder begins anew where packets become longer or
// the connection is another, and until it has had a voice of its own it suppresses no noise, however faint. Read from times, levels and sizes, for what is sealed cannot be read; what might be a voice is one. Not here: who is spared them
// (forwarder.cpp). Pure; media thread.
#pragma once
#include <cstdint>

#include "base/instant.h"
#include "media/packet.h"

namespace media {

class Silence {
 public:
  enum class Says : std::uint8_t { sound, silence, silence_on };  // silence_on: belongs to the one before it

  // Of each packet, as it comes; `newest`: in order.
  [[nodiscard]] Says read(const Packet& packet, bool newest, base::Instant now) {
    if (!newest) return Says::sound;
    const auto ahead = packet.timestamp - timestamp_;
    const bool follows = packet.sequence == sequence_ + 1;
    sequence_ = packet.sequence;
    timestamp_ = packet.timestamp;
    const std::uint8_t level = packet.level ? *packet.level & 0x7f : kQuiet;
    const bool quiet = packet.level && level >= kQuiet;
    if (quiet && follows && ahead >= kPause && ahead < kLongest) return said_ = Says::silence;
    if (quiet && follows && said_ == Says::silence && ahead <= kLongestPacket && packet.payload_size <= kEnd) return said_ = Says::silence_on;
    heard_ = heard_ || !quiet;
    if (heard_ && level >= kInaudible) return said_ = Says::silence;
    sound_at_ = now;
    return said_ = Says::sound;
  }
  // Nothing but silence has come for that long.
  [[nodiscard]] bool lasts(base::Duration d, base::Instant now) const { return now - sound_at_ >= d; }

 private:
  // Timestamps of Opus count 48,000 a second (RFC 7587 section 4.1).
  static constexpr std::uint32_t kPause = 48'000 / 5, kLongest = 48'000 * 2, kLongestPacket = 48'000 * 12 / 100;
  static constexpr std::uint8_t kQuiet = 50, kInaudible = 60;  // -dBov: below what counts as a voice, at its onset, too
  static constexpr std::uint16_t kEnd = 4 + 27;  // bytes: no more than so few and what sealing adds (web/src/e2ee/frame_format.ts)
  std::uint32_t sequence_ = 0, timestamp_ = 0;
  Says said_ = Says::sound;
  bool heard_ = false;  // some time
  base::Instant sound_at_{-1'000'000'000};
};

}  // namespace media
