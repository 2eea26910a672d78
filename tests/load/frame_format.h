// SPDX-License-Identifier: Apache-2.0
// The bytes of a protected frame and the name of the key that protects it (docs/decisions/0009-end-to-end.md, RFC 9605 section
// 4.3). A frame is  clear | ciphertext | tag (16) | SFrame header | length of the header (1).  Written anew from the decision and
// not shared with web/src/e2ee/frame_format.ts, so that the two check each other (tests/vectors). Not here: keys
// (frame_keys.h). Invariant: what is not such a frame reads as nothing. Values only.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace load {

enum class FrameSource : std::uint8_t { microphone, camera, screen, clear_view, backstage };

// Whose frames, of which source, since which start of a transform, in which epoch.
struct KeyName {
  FrameSource source = FrameSource::microphone;
  std::uint16_t start = 0;  // 13 bits
  std::uint16_t leaf = 0;   // 10 bits
  std::uint8_t epoch = 0;   // of the MLS group, mod 256
  bool operator==(const KeyName&) const = default;
};
inline constexpr std::uint16_t kMostStarts = 1 << 13, kMostLeaves = 1 << 10;
inline constexpr std::size_t kFrameTag = 16;

// KID = source (3) | start (13) | leaf (10) | epoch (8). Start and leaf must be below their bounds.
[[nodiscard]] std::uint64_t kid_of(const KeyName& name);
[[nodiscard]] std::optional<KeyName> name_of(std::uint64_t kid);

struct FrameHeader {
  std::uint64_t kid = 0, counter = 0;
  std::size_t length = 0;  // in bytes
  bool operator==(const FrameHeader&) const = default;
};
[[nodiscard]] std::vector<std::uint8_t> encode_header(std::uint64_t kid, std::uint64_t counter);
// Nothing where it is cut short or longer than it needs to be.
[[nodiscard]] std::optional<FrameHeader> decode_header(base::Bytes bytes);

// Views into a protected frame.
struct FrameParts {
  FrameHeader header;
  base::Bytes clear, sealed, header_bytes;  // sealed: ciphertext and tag
};
// `clear`: how many bytes stand unprotected at the front (1 of VP8, 0 of Opus).
[[nodiscard]] std::optional<FrameParts> split_frame(base::Bytes frame, std::size_t clear);
// What is authenticated with the ciphertext: header, then clear.
[[nodiscard]] std::vector<std::uint8_t> associated_of(base::Bytes header, base::Bytes clear);
[[nodiscard]] std::vector<std::uint8_t> assemble_frame(base::Bytes clear, base::Bytes sealed, base::Bytes header);

}  // namespace load
