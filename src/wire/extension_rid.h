// SPDX-License-Identifier: Apache-2.0
// Which simulcast stream a packet belongs to: RtpStreamId, RFC 8852 section 3.1. Letters and digits there, any token
// here. The value is a view of the packet.
#pragma once
#include "wire/extension_text.h"

namespace wire {

struct RidExtension : TextExtension<RidExtension> {
  static constexpr std::string_view kName = "rid";
  static constexpr std::string_view kUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
  static constexpr ExtensionUse kUse = ExtensionUse::video;
};

}  // namespace wire
