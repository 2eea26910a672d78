// SPDX-License-Identifier: Apache-2.0
// The RTCP common header: see rtcp_packet.h. RFC 3550 section 6.4.1 and appendix A.2.
#include "wire/rtcp_packet.h"

namespace wire {
namespace {
constexpr std::size_t kCommonHeader = 4;
}

std::optional<RtcpPacket> RtcpReader::next() {
  if (rest_.empty()) return {};
  const auto fail = [&]() -> std::optional<RtcpPacket> {
    ok_ = false;
    rest_ = {};
    return {};
  };
  if (rest_.size() < kCommonHeader || (rest_[0] >> 6) != 2) return fail();
  const std::size_t size = kCommonHeader + 4 * std::size_t{base::load_u16(rest_.data() + 2)};
  if (size > rest_.size()) return fail();
  RtcpPacket packet{static_cast<RtcpType>(rest_[1]), static_cast<std::uint8_t>(rest_[0] & 0x1f),
                    rest_.subspan(kCommonHeader, size - kCommonHeader)};
  if ((rest_[0] & 0x20) != 0) {
    if (packet.body.empty()) return fail();
    const std::size_t padding = packet.body.back();
    if (padding == 0 || padding > packet.body.size()) return fail();
    packet.body = packet.body.first(packet.body.size() - padding);
  }
  rest_ = rest_.subspan(size);
  return packet;
}

RtcpFrame::RtcpFrame(base::Writer& out, RtcpType type, std::size_t count)
    : out_(out), header_(out.take(kCommonHeader)), start_(out.size()) {
  if (header_ == nullptr) return;
  header_[0] = static_cast<std::uint8_t>(0x80 | (count & 0x1f));
  header_[1] = static_cast<std::uint8_t>(type);
  base::store_u16(header_ + 2, 0);
}

bool RtcpFrame::close(std::size_t padding) {
  if (padding > 0) {
    out_.zeros(padding - 1);
    out_.u8(static_cast<std::uint8_t>(padding));
  }
  const std::size_t size = out_.size() - start_;
  if (!out_.ok() || size % 4 != 0 || size / 4 > 0xffff) return false;
  if (padding > 0) header_[0] |= 0x20;
  base::store_u16(header_ + 2, static_cast<std::uint16_t>(size / 4));
  return true;
}

}  // namespace wire
