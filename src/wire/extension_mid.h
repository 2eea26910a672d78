// SPDX-License-Identifier: Apache-2.0
// The media line a packet belongs to: RFC 9143 section 15 (SDES item MID in a header extension, RFC 7941). UTF-8 text,
// 1 to 16 bytes here (RFC 9143 asks for 3 or fewer). The value is a view of the packet.
#pragma once
#include "wire/extension_text.h"

namespace wire {

struct MidExtension : TextExtension<MidExtension> {
  static constexpr std::string_view kName = "mid";
  static constexpr std::string_view kUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
  static constexpr ExtensionUse kUse = ExtensionUse::both;
};

}  // namespace wire
