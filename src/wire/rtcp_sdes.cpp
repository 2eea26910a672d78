// SPDX-License-Identifier: Apache-2.0
// Source description: see rtcp_sdes.h.
#include "wire/rtcp_sdes.h"

namespace wire {
namespace {
constexpr std::uint8_t kEnd = 0;
constexpr std::uint8_t kCname = 1;
}  // namespace

base::Result<SourceDescription, base::ParseError> SourceDescription::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  SourceDescription out;
  for (unsigned i = 0; i < packet.count; ++i) {
    SdesChunk chunk;
    const std::size_t before = in.left();
    chunk.ssrc = {in.u32()};
    while (in.ok()) {
      const std::uint8_t type = in.u8();
      if (type == kEnd) break;
      const base::Bytes text = in.bytes(in.u8());
      if (type == kCname && chunk.cname.empty()) chunk.cname = base::as_text(text);
    }
    in.skip((4 - (before - in.left()) % 4) % 4);  // each chunk begins at a word
    if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
    (void)out.chunks.push_back(chunk);
  }
  return out;
}

bool SourceDescription::write(base::Writer& out) const {
  RtcpFrame frame{out, RtcpType::source_description, chunks.size()};
  for (const SdesChunk& chunk : chunks) {
    if (chunk.cname.size() > 255) return false;
    out.u32(chunk.ssrc.value);
    std::size_t used = 0;
    if (!chunk.cname.empty()) {
      out.u8(kCname);
      out.u8(static_cast<std::uint8_t>(chunk.cname.size()));
      out.bytes(base::as_bytes(chunk.cname));
      used = 2 + chunk.cname.size();
    }
    out.zeros(4 - used % 4);  // the end and the padding, at least one byte
  }
  return frame.close();
}

}  // namespace wire
