// SPDX-License-Identifier: Apache-2.0
// The least and greatest delay a receiver shall play a stream with:
// http://www.webrtc.org/experiments/rtp-hdrext/playout-delay.
#pragma once
#include "base/instant.h"
#include "wire/extension_use.h"

namespace wire {

//  |  MIN delay (12 bits)  |  MAX delay (12 bits)  |  units of 10 ms
struct PlayoutDelayExtension {
  static constexpr std::string_view kName = "playout delay";
  static constexpr std::string_view kUri = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
  static constexpr ExtensionUse kUse = ExtensionUse::video;
  static constexpr base::Duration kUnit = base::Duration::millis(10);

  std::uint16_t min = 0, max = 0;  // in kUnit, 0..4095, min <= max
  bool operator==(const PlayoutDelayExtension&) const = default;

  [[nodiscard]] static Parsed<PlayoutDelayExtension> parse(base::Bytes data) {
    if (data.size() != 3) return base::Unexpected{base::ParseError::malformed};
    const std::uint32_t raw = base::load_u24(data.data());
    const PlayoutDelayExtension out{static_cast<std::uint16_t>(raw >> 12), static_cast<std::uint16_t>(raw & 0xfff)};
    if (out.min > out.max) return base::Unexpected{base::ParseError::malformed};
    return out;
  }
  bool write(base::Writer& out) const {
    if (max > 0xfff || min > max) return false;
    out.u24((std::uint32_t{min} << 12) | max);
    return out.ok();
  }
};

}  // namespace wire
