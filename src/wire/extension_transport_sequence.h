// SPDX-License-Identifier: Apache-2.0
// A sequence number over all packets of one connection, for transport-wide feedback (rtcp_transport_feedback.h):
// draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2.
#pragma once
#include "wire/extension_use.h"

namespace wire {

//  |  transport-wide sequence number (16 bits)  |
struct TransportSequenceExtension {
  static constexpr std::string_view kName = "transport-wide sequence number";
  static constexpr std::string_view kUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
  static constexpr ExtensionUse kUse = ExtensionUse::both;

  std::uint16_t sequence = 0;
  bool operator==(const TransportSequenceExtension&) const = default;

  [[nodiscard]] static Parsed<TransportSequenceExtension> parse(base::Bytes data) {
    if (data.size() != 2) return base::Unexpected{base::ParseError::malformed};
    return TransportSequenceExtension{base::load_u16(data.data())};
  }
  bool write(base::Writer& out) const {
    out.u16(sequence);
    return out.ok();
  }
};

}  // namespace wire
