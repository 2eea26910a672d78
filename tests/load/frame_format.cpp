// SPDX-License-Identifier: Apache-2.0
// See frame_format.h.
#include "load/frame_format.h"

namespace load {
namespace {

// Big endian, as few bytes as hold it; none for what fits into three bits.
std::vector<std::uint8_t> shortest(std::uint64_t value) {
  std::vector<std::uint8_t> out;
  if (value < 8) return out;
  for (int shift = 56; shift >= 0; shift -= 8)
    if (const auto byte = static_cast<std::uint8_t>(value >> shift); byte != 0 || !out.empty()) out.push_back(byte);
  return out;
}

// RFC 9605 section 4.3: a bit that says "longer", then the value itself or how many bytes of it follow, less one.
std::uint8_t nibble(std::uint64_t value, std::size_t bytes) {
  return static_cast<std::uint8_t>(bytes == 0 ? value : 0x08 | (bytes - 1));
}

std::optional<std::uint64_t> value_of(std::uint8_t nibble_bits, base::Bytes bytes) {
  if (bytes.empty()) return nibble_bits & 7;
  if (bytes.front() == 0) return std::nullopt;
  std::uint64_t out = 0;
  for (const std::uint8_t byte : bytes) out = (out << 8) | byte;
  return out < 8 ? std::nullopt : std::optional(out);
}

std::size_t bytes_named(std::uint8_t nibble_bits) { return (nibble_bits & 8) == 0 ? 0 : std::size_t{nibble_bits & 7U} + 1; }

}  // namespace

std::uint64_t kid_of(const KeyName& name) {
  const std::uint64_t context = (static_cast<std::uint64_t>(name.source) << 13) | name.start;
  return (((context << 10) | name.leaf) << 8) | name.epoch;
}

std::optional<KeyName> name_of(std::uint64_t kid) {
  const std::uint64_t source = kid >> 31;
  if (source > static_cast<std::uint64_t>(FrameSource::backstage)) return std::nullopt;
  return KeyName{.source = static_cast<FrameSource>(source),
                 .start = static_cast<std::uint16_t>((kid >> 18) & (kMostStarts - 1)),
                 .leaf = static_cast<std::uint16_t>((kid >> 8) & (kMostLeaves - 1)),
                 .epoch = static_cast<std::uint8_t>(kid)};
}

std::vector<std::uint8_t> encode_header(std::uint64_t kid, std::uint64_t counter) {
  const auto k = shortest(kid), c = shortest(counter);
  std::vector<std::uint8_t> out{static_cast<std::uint8_t>((nibble(kid, k.size()) << 4) | nibble(counter, c.size()))};
  out.insert(out.end(), k.begin(), k.end());
  out.insert(out.end(), c.begin(), c.end());
  return out;
}

std::optional<FrameHeader> decode_header(base::Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto kid_bits = static_cast<std::uint8_t>(bytes[0] >> 4), counter_bits = static_cast<std::uint8_t>(bytes[0] & 15);
  const std::size_t kid_size = bytes_named(kid_bits), counter_size = bytes_named(counter_bits);
  const std::size_t length = 1 + kid_size + counter_size;
  if (bytes.size() < length) return std::nullopt;
  const auto kid = value_of(kid_bits, bytes.subspan(1, kid_size));
  const auto counter = value_of(counter_bits, bytes.subspan(1 + kid_size, counter_size));
  if (!kid || !counter) return std::nullopt;
  return FrameHeader{.kid = *kid, .counter = *counter, .length = length};
}

std::optional<FrameParts> split_frame(base::Bytes frame, std::size_t clear) {
  if (frame.empty()) return std::nullopt;
  const std::size_t length = frame.back();
  if (length == 0 || frame.size() < clear + kFrameTag + length + 1) return std::nullopt;
  const std::size_t at = frame.size() - 1 - length;
  const auto bytes = frame.subspan(at, length);
  const auto header = decode_header(bytes);
  if (!header || header->length != length) return std::nullopt;
  return FrameParts{.header = *header, .clear = frame.first(clear), .sealed = frame.subspan(clear, at - clear), .header_bytes = bytes};
}

std::vector<std::uint8_t> associated_of(base::Bytes header, base::Bytes clear) {
  std::vector<std::uint8_t> out(header.begin(), header.end());
  out.insert(out.end(), clear.begin(), clear.end());
  return out;
}

std::vector<std::uint8_t> assemble_frame(base::Bytes clear, base::Bytes sealed, base::Bytes header) {
  std::vector<std::uint8_t> out;
  out.reserve(clear.size() + sealed.size() + header.size() + 1);
  for (const base::Bytes part : {clear, sealed, header}) out.insert(out.end(), part.begin(), part.end());
  out.push_back(static_cast<std::uint8_t>(header.size()));
  return out;
}

}  // namespace load
