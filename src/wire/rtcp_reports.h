// SPDX-License-Identifier: Apache-2.0
// Sender and receiver reports: RFC 3550 sections 6.4.1 and 6.4.2, and the report block they share. Not here: counting
// what was received (media/). Profile-specific extensions after the blocks are ignored.
#pragma once
#include <compare>
#include <cstdint>

#include "base/instant.h"
#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                             SSRC                              |
//  | fraction lost |       cumulative number of packets lost       |
//  |           extended highest sequence number received           |
//  |                      interarrival jitter                      |
//  |                         last SR (LSR)                         |
//  |                   delay since last SR (DLSR)                  |
struct ReportBlock {
  base::Ssrc ssrc{};
  std::uint8_t fraction_lost = 0;         // 256ths since the last report
  std::int32_t cumulative_lost = 0;       // 24 bits, signed: duplicates make it negative
  std::uint32_t highest_sequence = 0;     // cycles << 16 | sequence
  std::uint32_t jitter = 0;               // timestamp units
  std::uint32_t last_sr = 0;              // middle 32 bits of the NTP time of the last sender report, or 0
  std::uint32_t delay_since_last_sr = 0;  // 1/65536 s
  bool operator==(const ReportBlock&) const = default;
};
using ReportBlocks = FixedList<ReportBlock, 31>;

// Seconds since 1900 and 2^-32 s (RFC 3550 section 4).
struct NtpTime {
  std::uint64_t value = 0;
  [[nodiscard]] constexpr std::uint32_t middle() const { return static_cast<std::uint32_t>(value >> 16); }
  constexpr auto operator<=>(const NtpTime&) const = default;
};
[[nodiscard]] NtpTime to_ntp(base::WallTime wall);
[[nodiscard]] base::WallTime to_wall(NtpTime ntp);

//  |                         SSRC of sender                        |
//  |              NTP timestamp (64 bits)                          |
//  |                         RTP timestamp                         |
//  |                     sender's packet count                     |
//  |                      sender's octet count                     |
//  |                        report blocks …                        |
struct SenderReport {
  static constexpr const char* kName = "sender_report";
  base::Ssrc sender{};
  NtpTime ntp;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0, octets = 0;
  ReportBlocks blocks;
  bool operator==(const SenderReport&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) { return p.type == RtcpType::sender_report; }
  [[nodiscard]] static base::Result<SenderReport, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

struct ReceiverReport {
  static constexpr const char* kName = "receiver_report";
  base::Ssrc sender{};
  ReportBlocks blocks;
  bool operator==(const ReceiverReport&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) { return p.type == RtcpType::receiver_report; }
  [[nodiscard]] static base::Result<ReceiverReport, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;
};

}  // namespace wire
