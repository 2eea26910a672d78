// SPDX-License-Identifier: Apache-2.0
// Transport-wide feedback: when each packet of a connection arrived. draft-holmer-rmcat-transport-wide-cc-extensions-01
// section 3.1. Not here: what to conclude (media/), the sequence numbers in the packets
// (extension_transport_sequence.h). Invariant: a status count over kMaxStatuses is refused, so that one packet cannot
// ask for more work than a second's.
#pragma once
#include <cstdint>

#include "base/instant.h"
#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                     SSRC of packet sender                     |
//  |                      SSRC of media source                     |
//  |      base sequence number     |      packet status count      |
//  |                 reference time                | fb pkt. count |
//  |          packet chunk         |         packet chunk          |  run length, or vector of 14 or of 7 symbols
//  |         packet chunk          |  recv delta   |  recv delta   |  8 bits unsigned, or 16 bits signed, of 250 us
struct PacketStatus {
  bool received = false;
  std::int16_t delta = 0;  // 250 us ticks since the packet received before it (the first: since the reference time)
  bool operator==(const PacketStatus&) const = default;
};

struct TransportFeedback {
  static constexpr const char* kName = "transport_feedback";
  static constexpr std::uint8_t kFormat = 15;
  static constexpr std::size_t kMaxStatuses = 2048;
  static constexpr base::Duration kTick = base::Duration::micros(250);
  static constexpr base::Duration kReferenceUnit = base::Duration::millis(64);

  base::Ssrc sender{}, media{};
  std::uint16_t base_sequence = 0;  // of the first status; the i-th is base_sequence + i
  std::int32_t reference_time = 0;  // signed 24 bits, 64 ms
  std::uint8_t feedback_count = 0;  // goes up with each feedback sent
  FixedList<PacketStatus, kMaxStatuses> statuses;
  bool operator==(const TransportFeedback&) const = default;

  [[nodiscard]] static bool matches(const RtcpPacket& p) {
    return p.type == RtcpType::transport_feedback && p.count == kFormat;
  }
  [[nodiscard]] static base::Result<TransportFeedback, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;

  // Calls f(std::uint16_t sequence, bool received, base::Duration arrival) for each status; the arrival is on the
  // receiver's scale (reference time included), and zero where not received.
  template <class F>
  void for_each(F&& f) const {
    base::Duration at = kReferenceUnit * reference_time;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (statuses[i].received) at = at + kTick * statuses[i].delta;
      f(static_cast<std::uint16_t>(base_sequence + i), statuses[i].received,
        statuses[i].received ? at : base::Duration{});
    }
  }
};

}  // namespace wire
