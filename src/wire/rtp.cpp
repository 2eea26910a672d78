// SPDX-License-Identifier: Apache-2.0
// RTP parsing and header writing: see rtp.h. RFC 3550 section 5.1 and appendix A.1, RFC 8285 section 4.
#include "wire/rtp.h"

#include <cstring>

namespace wire {
namespace {

constexpr std::size_t kBlockHeader = 4;       // profile and length
constexpr std::size_t kMaxOneByteData = 16;   // RFC 8285 section 4.2
constexpr std::uint8_t kMaxOneByteId = 14;    // 15 is reserved there
constexpr std::size_t kMaxTwoByteData = 255;  // section 4.3

constexpr bool is_two_byte(std::uint16_t profile) { return (profile & 0xfff0) == kTwoByteProfile; }

}  // namespace

RtpKind classify_rtp(base::Bytes packet) {
  if (packet.size() < 8 || (packet[0] >> 6) != 2) return RtpKind::neither;
  if (packet[1] >= 192 && packet[1] <= 223) return RtpKind::rtcp;
  return packet.size() >= kRtpHeaderSize ? RtpKind::rtp : RtpKind::neither;
}

std::optional<RtpExtension> RtpExtensionReader::next() {
  const bool wide = is_two_byte(profile_);
  if (!wide && profile_ != kOneByteProfile) return {};
  while (!rest_.empty()) {
    const std::uint8_t first = rest_[0];
    if (first == 0) {  // section 4.1.2: padding, one byte in either form
      rest_ = rest_.subspan(1);
      continue;
    }
    std::uint8_t id = first;
    std::size_t header = 2, size = 0;
    if (wide) {
      if (rest_.size() < 2) break;
      size = rest_[1];
    } else {
      id = static_cast<std::uint8_t>(first >> 4);
      if (id == 0 || id > kMaxOneByteId) break;  // section 4.2: 15, and 0 with a length, end the processing
      header = 1;
      size = (first & 0x0fU) + 1U;
    }
    if (rest_.size() - header < size) break;
    const RtpExtension element{id, rest_.subspan(header, size)};
    rest_ = rest_.subspan(header + size);
    return element;
  }
  rest_ = {};
  return {};
}

base::Ssrc RtpView::csrc(std::size_t i) const {
  if (i >= csrc_count) return {};
  return {base::load_u32(header.data() + kRtpHeaderSize + 4 * i)};
}

std::optional<base::Bytes> RtpView::extension(std::uint8_t id) const {
  RtpExtensionReader reader = extensions();
  while (const auto element = reader.next())
    if (element->id == id) return element->data;
  return {};
}

base::Result<RtpView, base::ParseError> parse_rtp(base::Bytes packet) {
  if (packet.size() < kRtpHeaderSize) return base::Unexpected{base::ParseError::truncated};
  if ((packet[0] >> 6) != 2) return base::Unexpected{base::ParseError::unsupported};
  RtpView v;
  v.marker = (packet[1] & 0x80) != 0;
  v.payload_type = {static_cast<std::uint8_t>(packet[1] & 0x7f)};
  v.sequence = base::load_u16(packet.data() + 2);
  v.timestamp = base::load_u32(packet.data() + 4);
  v.ssrc = {base::load_u32(packet.data() + 8)};
  v.csrc_count = packet[0] & 0x0f;
  std::size_t size = kRtpHeaderSize + 4 * std::size_t{v.csrc_count};
  if (size > packet.size()) return base::Unexpected{base::ParseError::truncated};
  if ((packet[0] & 0x10) != 0) {  // section 5.3.1
    if (packet.size() - size < kBlockHeader) return base::Unexpected{base::ParseError::truncated};
    v.extension_profile = base::load_u16(packet.data() + size);
    const std::size_t block = 4 * std::size_t{base::load_u16(packet.data() + size + 2)};
    size += kBlockHeader;
    if (packet.size() - size < block) return base::Unexpected{base::ParseError::truncated};
    v.extension_block = packet.subspan(size, block);
    size += block;
  }
  v.header = packet.first(size);
  v.payload = packet.subspan(size);
  if ((packet[0] & 0x20) != 0) {  // the last byte counts the padding, itself included
    if (v.payload.empty()) return base::Unexpected{base::ParseError::truncated};
    v.padding = v.payload.back();
    if (v.padding == 0 || v.padding > v.payload.size()) return base::Unexpected{base::ParseError::malformed};
    v.payload = v.payload.first(v.payload.size() - v.padding);
  }
  return v;
}

RtpHeaderWriter::RtpHeaderWriter(base::MutableBytes out, const RtpFields& fields) : out_(out) {
  if (out_.size() < kRtpHeaderSize) {
    ok_ = false;
    return;
  }
  out_[0] = 0x80;
  store_rtp_fields(out_, fields);
  used_ = kRtpHeaderSize;
}

std::uint8_t* RtpHeaderWriter::reserve(std::uint8_t id, std::size_t size) {
  if (id == 0 || size > kMaxTwoByteData) ok_ = false;
  if (!ok_) return nullptr;
  if (!any_) {
    if (out_.size() - used_ < kBlockHeader) {
      ok_ = false;
      return nullptr;
    }
    used_ += kBlockHeader;
    any_ = true;
  }
  if (!wide_ && (id > kMaxOneByteId || size == 0 || size > kMaxOneByteData)) widen();
  const std::size_t header = wide_ ? 2 : 1;
  if (!ok_ || out_.size() - used_ < header + size) {
    ok_ = false;
    return nullptr;
  }
  std::uint8_t* p = out_.data() + used_;
  if (wide_) {
    p[0] = id;
    p[1] = static_cast<std::uint8_t>(size);
  } else {
    p[0] = static_cast<std::uint8_t>((id << 4) | (size - 1));
  }
  used_ += header + size;
  return p + header;
}

void RtpHeaderWriter::widen() {
  wide_ = true;
  std::size_t at = kRtpHeaderSize + kBlockHeader;
  while (at < used_) {
    if (out_.size() == used_) {
      ok_ = false;
      return;
    }
    const std::uint8_t first = out_[at];
    const std::size_t size = (first & 0x0fU) + 1U;
    std::memmove(out_.data() + at + 2, out_.data() + at + 1, used_ - at - 1);
    ++used_;
    out_[at] = static_cast<std::uint8_t>(first >> 4);
    out_[at + 1] = static_cast<std::uint8_t>(size);
    at += 2 + size;
  }
}

std::size_t RtpHeaderWriter::finish() {
  if (!ok_) return 0;
  if (!any_) return used_;
  while (used_ % 4 != 0) {
    if (used_ == out_.size()) return 0;
    out_[used_++] = 0;
  }
  out_[0] |= 0x10;
  base::store_u16(out_.data() + kRtpHeaderSize, wide_ ? kTwoByteProfile : kOneByteProfile);
  base::store_u16(out_.data() + kRtpHeaderSize + 2,
                  static_cast<std::uint16_t>((used_ - kRtpHeaderSize - kBlockHeader) / 4));
  return used_;
}

void store_rtp_fields(base::MutableBytes header, const RtpFields& fields) {
  header[1] = static_cast<std::uint8_t>((fields.marker ? 0x80 : 0) | (fields.payload_type.value & 0x7f));
  base::store_u16(header.data() + 2, fields.sequence);
  base::store_u32(header.data() + 4, fields.timestamp);
  base::store_u32(header.data() + 8, fields.ssrc.value);
}

}  // namespace wire
