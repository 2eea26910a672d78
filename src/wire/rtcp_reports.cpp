// SPDX-License-Identifier: Apache-2.0
// Sender and receiver reports: see rtcp_reports.h.
#include "wire/rtcp_reports.h"

namespace wire {
namespace {

constexpr std::uint64_t kNtpToUnixSeconds = 2'208'988'800;  // from 1900 to 1970

// Section 6.4.1: the count in the header says how many blocks follow.
bool read_blocks(base::Reader& in, std::uint8_t count, ReportBlocks& blocks) {
  for (unsigned i = 0; i < count; ++i) {
    ReportBlock b;
    b.ssrc = {in.u32()};
    b.fraction_lost = in.u8();
    const std::uint32_t lost = in.u24();
    b.cumulative_lost = static_cast<std::int32_t>(lost) - ((lost & 0x800000) != 0 ? 0x1000000 : 0);
    b.highest_sequence = in.u32();
    b.jitter = in.u32();
    b.last_sr = in.u32();
    b.delay_since_last_sr = in.u32();
    (void)blocks.push_back(b);
  }
  return in.ok();
}

void write_blocks(base::Writer& out, const ReportBlocks& blocks) {
  for (const ReportBlock& b : blocks) {
    out.u32(b.ssrc.value);
    out.u8(b.fraction_lost);
    // Clamped, as appendix A.3 does.
    const std::int32_t lost = std::clamp(b.cumulative_lost, -0x800000, 0x7fffff);
    out.u24(static_cast<std::uint32_t>(lost) & 0xffffff);
    out.u32(b.highest_sequence);
    out.u32(b.jitter);
    out.u32(b.last_sr);
    out.u32(b.delay_since_last_sr);
  }
}

}  // namespace

NtpTime to_ntp(base::WallTime wall) {
  const auto us = static_cast<std::uint64_t>(wall.us);
  const std::uint64_t seconds = us / 1'000'000 + kNtpToUnixSeconds;
  return {(seconds << 32) | (((us % 1'000'000) << 32) / 1'000'000)};
}

base::WallTime to_wall(NtpTime ntp) {
  const std::uint64_t fraction = ntp.value & 0xffffffffU;
  const auto seconds = static_cast<std::int64_t>(ntp.value >> 32) - static_cast<std::int64_t>(kNtpToUnixSeconds);
  return {seconds * 1'000'000 + static_cast<std::int64_t>((fraction * 1'000'000 + 0x80000000U) >> 32)};
}

base::Result<SenderReport, base::ParseError> SenderReport::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  SenderReport r;
  r.sender = {in.u32()};
  r.ntp = {in.u64()};
  r.rtp_timestamp = in.u32();
  r.packets = in.u32();
  r.octets = in.u32();
  if (!read_blocks(in, packet.count, r.blocks)) return base::Unexpected{base::ParseError::truncated};
  return r;
}

bool SenderReport::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::sender_report, blocks.size()};
  out.u32(sender.value);
  out.u64(ntp.value);
  out.u32(rtp_timestamp);
  out.u32(packets);
  out.u32(octets);
  write_blocks(out, blocks);
  return frame.close();
}

base::Result<ReceiverReport, base::ParseError> ReceiverReport::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  ReceiverReport r;
  r.sender = {in.u32()};
  if (!read_blocks(in, packet.count, r.blocks)) return base::Unexpected{base::ParseError::truncated};
  return r;
}

bool ReceiverReport::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::receiver_report, blocks.size()};
  out.u32(sender.value);
  write_blocks(out, blocks);
  return frame.close();
}

}  // namespace wire
