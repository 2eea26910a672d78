// SPDX-License-Identifier: Apache-2.0
// When a packet left its sender, modulo 64 s: http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time.
#pragma once
#include "base/instant.h"
#include "wire/extension_use.h"

namespace wire {

//  |  6 bits of seconds, 18 bits of fraction  |  24 bits: 2^-18 s, 3.8 us
struct AbsSendTimeExtension {
  static constexpr std::string_view kName = "abs-send-time";
  static constexpr std::string_view kUri = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
  static constexpr ExtensionUse kUse = ExtensionUse::both;

  std::uint32_t value = 0;  // 24 bits
  bool operator==(const AbsSendTimeExtension&) const = default;

  [[nodiscard]] static constexpr AbsSendTimeExtension at(base::Instant sent) {
    const auto us = static_cast<std::uint64_t>(sent.us) % 64'000'000U;
    return {static_cast<std::uint32_t>((us << 18) / 1'000'000U) & 0xffffffU};
  }
  // From `earlier` to this, in -32 s to 32 s.
  [[nodiscard]] constexpr base::Duration since(AbsSendTimeExtension earlier) const {
    auto ticks = static_cast<std::int64_t>((value - earlier.value) & 0xffffffU);
    if (ticks >= 0x800000) ticks -= 0x1000000;
    return base::Duration::micros((ticks * 1'000'000) / (1 << 18));
  }
  [[nodiscard]] static Parsed<AbsSendTimeExtension> parse(base::Bytes data) {
    if (data.size() != 3) return base::Unexpected{base::ParseError::malformed};
    return AbsSendTimeExtension{base::load_u24(data.data())};
  }
  bool write(base::Writer& out) const {
    if (value > 0xffffff) return false;
    out.u24(value);
    return out.ok();
  }
};

}  // namespace wire
