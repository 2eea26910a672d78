// SPDX-License-Identifier: Apache-2.0
// Video layers allocation: see extension_video_layers.h.
#include "wire/extension_video_layers.h"

namespace wire {
namespace {

using Masks = std::array<std::uint8_t, 4>;  // active spatial layers of each stream

// LEB128 of at most 32 bits; a longer one makes the reader fail.
std::optional<std::uint32_t> read_leb128(base::Reader& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    const std::uint8_t byte = in.u8();
    if (!in.ok()) return {};
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) {
      if (value > 0xffffffffU) return {};
      return static_cast<std::uint32_t>(value);
    }
  }
  return {};
}

void write_leb128(base::Writer& out, std::uint32_t value) {
  while (value >= 0x80) {
    out.u8(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.u8(static_cast<std::uint8_t>(value));
}

void read_masks(base::Reader& in, std::uint8_t shared, std::uint8_t streams, Masks& masks) {
  if (shared != 0) {
    for (std::size_t i = 0; i < streams; ++i) masks[i] = shared;
    return;
  }
  for (std::size_t i = 0; i < streams; i += 2) {
    const std::uint8_t byte = in.u8();
    masks[i] = byte >> 4;
    if (i + 1 < streams) masks[i + 1] = byte & 0x0f;
  }
}

bool read_sizes(base::Reader& in, VideoLayersExtension& out) {
  if (in.left() == 0) return true;
  out.has_sizes = true;
  for (auto& layer : out.layers) {
    const std::uint16_t width = in.u16(), height = in.u16();
    if (width == 0xffff || height == 0xffff) return false;  // width - 1: 65,536 does not fit
    layer.width = static_cast<std::uint16_t>(width + 1);
    layer.height = static_cast<std::uint16_t>(height + 1);
    layer.frame_rate = in.u8();
  }
  return in.ok() && in.left() == 0;
}

bool write_head(base::Writer& out, const VideoLayersExtension& v, const Masks& masks) {
  bool same = masks[0] != 0;
  for (std::size_t i = 1; i < v.streams; ++i) same = same && masks[i] == masks[0];
  out.u8(static_cast<std::uint8_t>((v.stream << 6) | ((v.streams - 1) << 4) | (same ? masks[0] : 0)));
  if (same) return out.ok();
  for (std::size_t i = 0; i < v.streams; i += 2)
    out.u8(static_cast<std::uint8_t>((masks[i] << 4) | (i + 1 < v.streams ? masks[i + 1] : 0)));
  return out.ok();
}

// The layers' masks; empty where they are out of range or order.
std::optional<Masks> masks_of(const VideoLayersExtension& v) {
  Masks masks{};
  int before = -1;
  for (const auto& layer : v.layers) {
    const int order = layer.stream * 4 + layer.spatial;
    if (layer.stream >= v.streams || layer.spatial > 3 || order <= before || layer.temporal_kbps.empty()) return {};
    if (v.has_sizes && (layer.width == 0 || layer.height == 0)) return {};
    before = order;
    masks[layer.stream] = static_cast<std::uint8_t>(masks[layer.stream] | (1U << layer.spatial));
  }
  return masks;
}

}  // namespace

Parsed<VideoLayersExtension> VideoLayersExtension::parse(base::Bytes data) {
  if (data.empty()) return base::Unexpected{base::ParseError::truncated};
  VideoLayersExtension out;
  if (data.size() == 1 && data[0] == 0) return out;
  base::Reader in{data};
  const std::uint8_t head = in.u8();
  out.stream = head >> 6;
  out.streams = static_cast<std::uint8_t>(((head >> 4) & 3) + 1);
  if (out.stream >= out.streams) return base::Unexpected{base::ParseError::malformed};
  Masks masks{};
  read_masks(in, head & 0x0f, out.streams, masks);
  for (std::uint8_t s = 0; s < out.streams; ++s) {
    for (std::uint8_t l = 0; l < 4; ++l) {
      if (((masks[s] >> l) & 1U) == 0) continue;
      Layer layer;
      layer.stream = s;
      layer.spatial = l;
      (void)out.layers.push_back(layer);
    }
  }
  // An empty allocation has the one-byte form only.
  if (out.layers.empty()) return base::Unexpected{base::ParseError::malformed};
  std::array<std::uint8_t, 16> temporal{};
  for (std::size_t i = 0; i < out.layers.size(); i += 4) {
    const std::uint8_t byte = in.u8();
    for (std::size_t k = 0; k < 4; ++k) temporal[i + k] = static_cast<std::uint8_t>(((byte >> (6 - 2 * k)) & 3) + 1);
  }
  for (std::size_t i = 0; i < out.layers.size(); ++i) {
    for (std::size_t t = 0; t < temporal[i]; ++t) {
      const auto kbps = read_leb128(in);
      if (!kbps) return base::Unexpected{base::ParseError::malformed};
      (void)out.layers[i].temporal_kbps.push_back(*kbps);
    }
  }
  if (!read_sizes(in, out)) return base::Unexpected{base::ParseError::malformed};
  return out;
}

bool VideoLayersExtension::write(base::Writer& out) const {
  if (layers.empty()) {
    if (stream != 0 || streams != 1 || has_sizes) return false;
    out.u8(0);
    return out.ok();
  }
  if (streams < 1 || streams > 4 || stream >= streams) return false;
  const auto masks = masks_of(*this);
  if (!masks || !write_head(out, *this, *masks)) return false;
  for (std::size_t i = 0; i < layers.size(); i += 4) {
    unsigned byte = 0;
    for (std::size_t k = 0; k < 4 && i + k < layers.size(); ++k)
      byte |= static_cast<unsigned>(layers[i + k].temporal_kbps.size() - 1) << (6 - 2 * k);
    out.u8(static_cast<std::uint8_t>(byte));
  }
  for (const Layer& layer : layers)
    for (const std::uint32_t kbps : layer.temporal_kbps) write_leb128(out, kbps);
  if (has_sizes) {
    for (const Layer& layer : layers) {
      out.u16(static_cast<std::uint16_t>(layer.width - 1));
      out.u16(static_cast<std::uint16_t>(layer.height - 1));
      out.u8(layer.frame_rate);
    }
  }
  return out.ok();
}

}  // namespace wire
