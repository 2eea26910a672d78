// SPDX-License-Identifier: Apache-2.0
// RTP packets: a view of one that arrived and a writer of headers for one that leaves. RFC 3550 section 5.1, header
// extensions RFC 8285, telling RTP from RTCP RFC 5761 section 4. Not here: what an extension's bytes mean
// (header_extensions.h), payloads (vp8.h, opus.h, rtx.h), SRTP.
// Invariant: neither allocates; the view is good as long as the packet. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace wire {

//   0                   1                   2                   3        RFC 3550 section 5.1
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  |                           timestamp                           |
//  |           synchronization source (SSRC) identifier            |
//  |            contributing source (CSRC) identifiers …           |
//  |      defined by profile       |  length in words  |  extension …
inline constexpr std::size_t kRtpHeaderSize = 12;
inline constexpr std::uint16_t kOneByteProfile = 0xBEDE;  // RFC 8285 section 4.2
inline constexpr std::uint16_t kTwoByteProfile = 0x1000;  // section 4.3; the low 4 bits are free
inline constexpr std::size_t kMaxRtpHeader = 256;         // room that is enough for any header of ours

enum class RtpKind : std::uint8_t { rtp, rtcp, neither };
// RFC 5761 section 4: RTCP where the second byte is 192..223. Neither where the version is not 2 or it is too short.
[[nodiscard]] RtpKind classify_rtp(base::Bytes packet);

struct RtpFields {
  bool marker = false;
  base::PayloadType payload_type{};
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  base::Ssrc ssrc{};
  bool operator==(const RtpFields&) const = default;
};

struct RtpExtension {
  std::uint8_t id = 0;
  base::Bytes data;
};

// Walks the elements of an extension block, one- or two-byte, skipping padding. Ends early at an element that does not
// fit (the packet stays usable: RFC 8285 section 4.1.2 lets a receiver ignore what it cannot read).
class RtpExtensionReader {
 public:
  RtpExtensionReader(std::uint16_t profile, base::Bytes block) : rest_(block), profile_(profile) {}
  [[nodiscard]] std::optional<RtpExtension> next();

 private:
  base::Bytes rest_;
  std::uint16_t profile_;
};

struct RtpView : RtpFields {
  base::Bytes header;        // fixed part, CSRCs and extensions
  base::Bytes payload;       // without padding
  std::uint8_t padding = 0;  // bytes of padding after the payload, the count included
  std::uint8_t csrc_count = 0;
  std::uint16_t extension_profile = 0;  // 0 where there is no extension block
  base::Bytes extension_block;          // after profile and length

  [[nodiscard]] base::Ssrc csrc(std::size_t i) const;  // i < csrc_count
  [[nodiscard]] RtpExtensionReader extensions() const { return {extension_profile, extension_block}; }
  // The data of the first element with this id; empty optional where there is none.
  [[nodiscard]] std::optional<base::Bytes> extension(std::uint8_t id) const;
};

[[nodiscard]] base::Result<RtpView, base::ParseError> parse_rtp(base::Bytes packet);

// Writes one header: fields, then extensions, then finish(). Starts in the one-byte form and goes over to the two-byte
// form by itself at an element that needs it (id over 14, no data or more than 16 bytes; a=extmap-allow-mixed permits
// the change from packet to packet, RFC 8285 section 4.1.2).
class RtpHeaderWriter {
 public:
  RtpHeaderWriter(base::MutableBytes out, const RtpFields& fields);
  // `data` is at most 255 bytes; `id` 1..14, or 15..255 in the two-byte form. False where it does not fit.
  bool extension(std::uint8_t id, base::Bytes data) {
    auto* p = reserve(id, data.size());
    if (p != nullptr && !data.empty()) std::memcpy(p, data.data(), data.size());
    return p != nullptr;
  }
  // Room for `size` bytes of an element to be filled in place; the pointer is good until the next call. Null where
  // full.
  [[nodiscard]] std::uint8_t* reserve(std::uint8_t id, std::size_t size);
  // Pads, sets the length, and gives the header's size in bytes; 0 where something did not fit.
  [[nodiscard]] std::size_t finish();

 private:
  void widen();  // one-byte elements so far become two-byte elements
  base::MutableBytes out_;
  std::size_t used_ = 0;
  bool any_ = false, wide_ = false, ok_ = true;
};

// Changes fields of a header in place; extensions and CSRCs stay. Precondition: parse_rtp accepted the packet.
void store_rtp_fields(base::MutableBytes header, const RtpFields& fields);

}  // namespace wire
