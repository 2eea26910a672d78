// SPDX-License-Identifier: Apache-2.0
// Which picture layer each tile of one viewer gets: as much as the tile can show and the line carries. Sound is paid first;
// then every tile gets its smallest layer at its lowest frame rate (temporal layers), pinned and large ones first; then all are
// raised to the full frame rate, and then to larger layers, in the same order. So a poor line slows pictures down before it
// takes one away. Not here: sizes of layers, the estimate. Pure; nothing is allocated.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/negotiation.h"

namespace media {

inline constexpr std::int8_t kNoLayer = -1;
// Of a layer that is one.
[[nodiscard]] constexpr std::size_t index_of(std::int8_t layer) { return static_cast<std::uint8_t>(layer); }

struct LayerOffer {
  bool active = false;  // packets come
  std::uint16_t width = 0, height = 0;
  std::uint32_t bps = 0;
  // With temporal layer 0 alone, and with 0 and 1: fewer frames a second for less. Zero: the source has no such layers.
  std::array<std::uint32_t, kTemporalLayers - 1> slower{};
};

struct TileWish {
  std::uint16_t width = 0, height = 0;  // zero: hidden
  bool pinned = false;
  std::array<LayerOffer, kLayers> layers;
  std::int8_t now = kNoLayer;     // what it gets at present: raising must be worth it
  std::uint8_t now_temporal = kAllTemporal;
  std::int8_t chosen = kNoLayer;               // out
  std::uint8_t chosen_temporal = kAllTemporal;  // out: higher temporal layers are left out
};

// The smallest active layer that fills the tile (four fifths of its height do), else the largest active one.
[[nodiscard]] std::int8_t wanted_layer(const TileWish& tile);

// Sets `chosen` and `chosen_temporal` of every tile. `bps` is what is left for pictures. At most 64 tiles; more get nothing.
void allocate_layers(std::span<TileWish> tiles, std::uint32_t bps);

}  // namespace media
