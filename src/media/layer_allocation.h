// SPDX-License-Identifier: Apache-2.0
// Which picture layer each tile of one viewer gets: as much as the tile can show and the line carries. Sound is paid first;
// then every tile gets stills (a key frame of its smallest layer every few seconds), pinned and large ones first; then the
// smallest layer at its lowest frame rate (temporal layers); then all are raised to the full frame rate, and then to larger
// layers, in the same order. So a poor line slows pictures down before it takes one away, and a still is left to the last.
// Down at once; up again only with a fifth to spare, and out of what the line has been proved to carry (line_proof.h).
// Not here: sizes of layers, the estimate. Pure; nothing is allocated.
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
  std::uint32_t still = 0;  // a key frame every few seconds; zero: not known what one takes, so there are none
};

struct TileWish {
  std::uint16_t width = 0, height = 0;  // zero: hidden
  bool pinned = false;
  std::array<LayerOffer, kLayers> layers;
  std::int8_t now = kNoLayer;     // what it gets at present: raising must be worth it
  std::uint8_t now_temporal = kAllTemporal;
  std::int8_t chosen = kNoLayer;               // out
  std::uint8_t chosen_temporal = kAllTemporal;  // out: higher temporal layers are left out, or kStills
};

// What a tile takes of a line with this layer, up to this temporal layer (or kStills).
[[nodiscard]] std::uint32_t cost_of(const TileWish& tile, std::int8_t layer, std::uint8_t temporal);

// Whether a picture of this height is enough for a tile: four fifths of its height are.
[[nodiscard]] constexpr bool fills(std::uint32_t picture_height, std::uint32_t tile_height) {
  return picture_height * 5 >= tile_height * 4;
}

// The smallest active layer that fills the tile, else the largest active one.
[[nodiscard]] std::int8_t wanted_layer(const TileWish& tile);

// What is left for pictures: now, and at least for a while already. What is more than before is paid out of both.
struct PictureBudget {
  std::uint32_t bps = 0, proved = 0;
};

// Sets `chosen` and `chosen_temporal` of every tile. At most 64 tiles; more get nothing.
void allocate_layers(std::span<TileWish> tiles, PictureBudget budget);
inline void allocate_layers(std::span<TileWish> tiles, std::uint32_t bps) { allocate_layers(tiles, {bps, bps}); }

}  // namespace media
