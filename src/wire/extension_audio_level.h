// SPDX-License-Identifier: Apache-2.0
// How loud the sound in a packet is: RFC 6464. The level is on the wire in clear (RFC 6464 section 8): the server hears
// who speaks and how loud, never what; docs/threat-model.md says so.
#pragma once
#include "wire/extension_use.h"

namespace wire {

//   0 1 2 3 4 5 6 7
//  |V|   level     |   in the two-byte form a byte of padding may follow (section 3)
struct AudioLevelExtension {
  static constexpr std::string_view kName = "audio level";
  static constexpr std::string_view kUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
  static constexpr ExtensionUse kUse = ExtensionUse::audio;
  static constexpr std::uint8_t kSilence = 127;

  bool voice = false;             // V: the sender's own guess that this is speech
  std::uint8_t level = kSilence;  // -dBov: 0 is the loudest, 127 silence
  bool operator==(const AudioLevelExtension&) const = default;

  [[nodiscard]] static Parsed<AudioLevelExtension> parse(base::Bytes data) {
    if (data.empty()) return base::Unexpected{base::ParseError::truncated};
    if (data.size() > 2) return base::Unexpected{base::ParseError::malformed};
    return AudioLevelExtension{(data[0] & 0x80) != 0, static_cast<std::uint8_t>(data[0] & 0x7f)};
  }
  bool write(base::Writer& out) const {
    if (level > kSilence) return false;
    out.u8(static_cast<std::uint8_t>((voice ? 0x80 : 0) | level));
    return out.ok();
  }
};

}  // namespace wire
