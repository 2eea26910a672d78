// SPDX-License-Identifier: Apache-2.0
// Packet indices, replay and limits of SRTP: see srtp.h.
#include "transport/srtp.h"

#include <optional>

namespace transport {
namespace {

constexpr std::uint64_t kIndexEnd = std::uint64_t{1} << 48;  // RFC 3711 section 9.2: then new keys; no call gets there
constexpr std::uint32_t kRtcpIndexEnd = std::uint32_t{1} << 31;
constexpr std::size_t kRtcpHeader = 8;

std::uint32_t ssrc_of(base::Bytes rtp) { return base::load_u32(rtp.data() + 8); }
std::uint16_t sequence_of(base::Bytes rtp) { return base::load_u16(rtp.data() + 2); }

// RFC 3711 section 3.3.1: the index nearest to the highest so far. Empty where it would lie before the very first one.
std::optional<std::uint64_t> nearest_index(std::uint64_t highest, std::uint16_t sequence) {
  const auto step =
      static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest)));
  const std::int64_t index = static_cast<std::int64_t>(highest) + step;
  if (index < 0 || static_cast<std::uint64_t>(index) >= kIndexEnd) return std::nullopt;
  return static_cast<std::uint64_t>(index);
}

}  // namespace

std::size_t rtp_header_size(base::Bytes packet) {
  if (packet.size() < 12 || (packet[0] >> 6) != 2) return 0;
  std::size_t size = 12 + 4U * (packet[0] & 15U);
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < size + 4) return 0;
    size += 4 + 4U * base::load_u16(packet.data() + size + 2);
  }
  return size <= packet.size() ? size : 0;
}

SrtpSender::SrtpSender(SrtpProfile profile, const SrtpMaster& master, crypto::GcmEngine engine)
    : cipher_(make_srtp_cipher(profile, derive_rtp_keys(master, profile), derive_rtcp_keys(master, profile), engine)) {}

std::size_t SrtpSender::protect_rtp(base::Bytes header, base::Bytes payload, std::uint8_t* out) {
  if (rtp_header_size(header) != header.size() || header.empty()) return 0;
  const std::size_t size = header.size() + payload.size() + cipher_->rtp_overhead();
  if (size > kMaxDatagram) return 0;
  const std::uint32_t ssrc = ssrc_of(header);
  auto* source = sources_.find(ssrc);
  if (source == nullptr) source = sources_.insert(ssrc);
  if (source == nullptr) return 0;
  const auto index = source->empty() ? std::optional<std::uint64_t>(sequence_of(header))
                                     : nearest_index(source->highest(), sequence_of(header));
  if (!index || !source->fresh(*index)) return 0;
  source->mark(*index);
  std::memcpy(out, header.data(), header.size());
  cipher_->seal_rtp(out, header.size(), payload, *index);
  return size;
}

std::size_t SrtpSender::protect_rtcp(base::Bytes compound, std::uint8_t* out) {
  if (compound.size() < kRtcpHeader || compound.size() + cipher_->rtcp_overhead() > kMaxDatagram) return 0;
  const std::uint32_t ssrc = base::load_u32(compound.data() + 4);
  auto* next = rtcp_next_.find(ssrc);
  if (next == nullptr) next = rtcp_next_.insert(ssrc);
  if (next == nullptr || *next + 1 >= kRtcpIndexEnd) return 0;
  *next += 1;  // section 3.4: the first packet has index 1 in common implementations; any start will do
  cipher_->seal_rtcp(compound, *next, out);
  return compound.size() + cipher_->rtcp_overhead();
}

SrtpReceiver::SrtpReceiver(SrtpProfile profile, const SrtpMaster& master, crypto::GcmEngine engine)
    : cipher_(make_srtp_cipher(profile, derive_rtp_keys(master, profile), derive_rtcp_keys(master, profile), engine)) {}

base::Result<base::MutableBytes, SrtpError> SrtpReceiver::unprotect_rtp(base::MutableBytes packet) {
  const std::size_t header = rtp_header_size(packet);
  if (header == 0 || packet.size() < header + cipher_->rtp_overhead() || packet.size() > kMaxDatagram)
    return std::unexpected(SrtpError::malformed);
  auto* source = sources_.find(ssrc_of(packet));
  if (source == nullptr) return first_of_source(packet, header);
  const auto index = nearest_index(source->highest(), sequence_of(packet));
  if (!index || !source->fresh(*index)) return std::unexpected(SrtpError::replayed);
  if (!cipher_->open_rtp(packet, header, *index, packet.data() + header))
    return std::unexpected(SrtpError::unauthenticated);
  source->mark(*index);
  return packet.first(packet.size() - cipher_->rtp_overhead());
}

// Section 3.3.1 lets the roll-over counter start at 0. Where the source's first packets were lost or late and its
// number wrapped just then, the first one heard already has 1: a low number is tried with both. Opened beside the
// packet, since a failed attempt spoils what it writes to.
base::Result<base::MutableBytes, SrtpError> SrtpReceiver::first_of_source(base::MutableBytes packet,
                                                                          std::size_t header) {
  if (sources_.full()) return std::unexpected(SrtpError::too_many_sources);
  const std::uint16_t sequence = sequence_of(packet);
  std::array<std::uint8_t, kMaxDatagram> clear;
  std::optional<std::uint64_t> held;
  for (std::uint64_t roc = 0; roc <= (sequence < 0x8000 ? 1U : 0U) && !held; ++roc) {
    const std::uint64_t index = (roc << 16) | sequence;
    if (cipher_->open_rtp(packet, header, index, clear.data())) held = index;
  }
  if (!held) return std::unexpected(SrtpError::unauthenticated);
  const std::size_t size = packet.size() - cipher_->rtp_overhead();
  std::memcpy(packet.data() + header, clear.data(), size - header);
  sources_.insert(ssrc_of(packet))->mark(*held);
  return packet.first(size);
}

base::Result<base::MutableBytes, SrtpError> SrtpReceiver::unprotect_rtcp(base::MutableBytes packet) {
  if (packet.size() < kRtcpHeader + cipher_->rtcp_overhead() || packet.size() > kMaxDatagram)
    return std::unexpected(SrtpError::malformed);
  const std::uint32_t ssrc = base::load_u32(packet.data() + 4);
  const std::uint32_t index =
      base::load_u32(packet.data() + cipher_->esrtcp_at(packet.size())) & ~std::uint32_t{0x8000'0000};
  auto* source = rtcp_sources_.find(ssrc);
  if (source == nullptr && rtcp_sources_.full()) return std::unexpected(SrtpError::too_many_sources);
  if (source != nullptr && !source->fresh(index)) return std::unexpected(SrtpError::replayed);
  if (!cipher_->open_rtcp(packet)) return std::unexpected(SrtpError::unauthenticated);
  if (source == nullptr) source = rtcp_sources_.insert(ssrc);
  source->mark(index);
  return packet.first(packet.size() - cipher_->rtcp_overhead());
}

}  // namespace transport
