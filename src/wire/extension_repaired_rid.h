// SPDX-License-Identifier: Apache-2.0
// In a retransmission: which simulcast stream it repairs. RepairedRtpStreamId, RFC 8852 section 3.2; the text of a rid.
#pragma once
#include "wire/extension_text.h"

namespace wire {

struct RepairedRidExtension : TextExtension<RepairedRidExtension> {
  static constexpr std::string_view kName = "repaired rid";
  static constexpr std::string_view kUri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
  static constexpr ExtensionUse kUse = ExtensionUse::video;
};

}  // namespace wire
