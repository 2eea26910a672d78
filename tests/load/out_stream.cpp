// SPDX-License-Identifier: Apache-2.0
// Header extensions: mid and rid stand in the first packets and every sixteenth afterwards (RFC 8852 section 3 leaves it to
// the sender how often), the rest in all. Not here: pacing.
#include "load/out_stream.h"

#include <array>
#include <utility>

#include "wire/rtp.h"
#include "wire/rtx.h"

namespace load {
namespace {

constexpr std::size_t kKept = 512;       // packets; about half a second of picture in bench mode
constexpr std::uint64_t kNamedFirst = 100;
constexpr std::uint8_t kToneLevel = 0x80 | 18;  // RFC 6464: voice; a sine at -15 dBFS peak is -18 dBov
constexpr std::uint8_t kSilence = 127;          // no voice

// draft-ietf-avtext-abs-send-time: 24 bits, seconds modulo 64 with 18 bits of fraction.
std::uint32_t abs_send_time(base::WallTime wall) {
  const auto us = static_cast<std::uint64_t>(wall.us) % 64'000'000U;
  return static_cast<std::uint32_t>((us << 18) / 1'000'000U) & 0xff'ffffU;
}

}  // namespace

OutStream::OutStream(OutStreamSettings settings, std::uint16_t first_sequence)
    : settings_(std::move(settings)), kept_(kKept), sequence_(first_sequence) {}

bool OutStream::send(const SendContext& context, std::uint32_t timestamp, bool marker, base::Bytes payload) {
  Kept& kept = kept_[sequence_ % kKept];
  kept = {sequence_, marker, true, timestamp, std::move(kept.payload)};
  kept.payload.assign(payload.begin(), payload.end());
  last_timestamp_ = timestamp;
  last_at_ = context.now.instant;
  ++sequence_;
  if (!send_packet(context, false, kept, kept.payload)) return false;
  ++packets_;
  octets_ += payload.size();
  return true;
}

bool OutStream::resend(const SendContext& context, std::uint16_t sequence) {
  const Kept& kept = kept_[sequence % kKept];
  if (!kept.used || kept.sequence != sequence) return false;
  // Without RTX nothing can be said again: SRTP must not seal one sequence number twice (RFC 3711 section 9.1).
  if (settings_.rtx_payload_type.value == 0) return false;
  std::vector<std::uint8_t> payload(kept.payload.size() + wire::kRtxPrefixSize);
  base::Writer writer(payload);
  wire::write_rtx(sequence, kept.payload, writer);
  ++resent_;
  return send_packet(context, true, kept, payload);
}

bool OutStream::send_packet(const SendContext& context, bool repair, const Kept& packet, base::Bytes payload) {
  std::array<std::uint8_t, wire::kMaxRtpHeader> buffer;
  wire::RtpFields fields{packet.marker, repair ? settings_.rtx_payload_type : settings_.payload_type,
                         repair ? rtx_sequence_++ : packet.sequence, packet.timestamp,
                         repair ? settings_.rtx_ssrc : settings_.ssrc};
  wire::RtpHeaderWriter header(buffer, fields);
  const ExtensionIds& ids = settings_.extensions;
  if (repair || packets_ < kNamedFirst || packets_ % 16 == 0) {
    if (ids.mid != 0) header.extension(ids.mid, base::as_bytes(settings_.mid));
    const std::uint8_t rid = repair ? ids.repaired_rid : ids.rid;
    if (rid != 0 && !settings_.rid.empty()) header.extension(rid, base::as_bytes(settings_.rid));
  }
  if (settings_.sound && ids.audio_level != 0) {
    const std::uint8_t level = silent_ ? kSilence : kToneLevel;
    header.extension(ids.audio_level, {&level, 1});
  }
  if (ids.abs_send_time != 0)
    if (auto* at = header.reserve(ids.abs_send_time, 3)) base::store_u24(at, abs_send_time(context.now.wall));
  if (ids.transport_sequence != 0)
    if (auto* at = header.reserve(ids.transport_sequence, 2)) base::store_u16(at, context.transport_sequence++);
  const std::size_t size = header.finish();
  if (size == 0) return false;
  return context.peer.send_rtp({buffer.data(), size}, payload,
                               settings_.sound ? base::Precedence::sound : base::Precedence::picture, context.out);
}

wire::SenderReport OutStream::report(base::Now now) const {
  wire::SenderReport report;
  report.sender = settings_.ssrc;
  report.ntp = wire::to_ntp(now.wall);
  const auto since = (now.instant - last_at_).us;
  report.rtp_timestamp = last_timestamp_ + static_cast<std::uint32_t>(since * settings_.clock_rate / 1'000'000);
  report.packets = static_cast<std::uint32_t>(packets_);
  report.octets = static_cast<std::uint32_t>(octets_);
  return report;
}

}  // namespace load
