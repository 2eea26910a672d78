// SPDX-License-Identifier: Apache-2.0
// See layer_allocation.h.
#include "media/layer_allocation.h"

#include <algorithm>

namespace media {
namespace {

constexpr std::size_t kMostTiles = 64;

std::int8_t smallest(const TileWish& tile) {
  for (std::size_t i = 0; i < kLayers; ++i)
    if (tile.layers[i].active) return static_cast<std::int8_t>(i);
  return kNoLayer;
}

std::int8_t next_above(const TileWish& tile, std::int8_t layer) {
  for (auto i = static_cast<std::size_t>(layer + 1); i < kLayers; ++i)
    if (tile.layers[i].active) return static_cast<std::int8_t>(i);
  return kNoLayer;
}

std::uint32_t cost(const TileWish& tile, std::int8_t layer, std::uint8_t temporal = kAllTemporal) {
  if (layer == kNoLayer) return 0;
  const auto& offer = tile.layers[index_of(layer)];
  if (temporal >= offer.slower.size() || offer.slower[temporal] == 0) return offer.bps;
  return std::min(offer.slower[temporal], offer.bps);
}

// Pays for a raise out of `left`. Going up again needs a fifth to spare, so that a line on the edge does not swing.
bool pay(std::uint32_t before, std::uint32_t after, bool again, std::uint64_t& left) {
  const auto more = after - std::min(after, before);
  if (more + (again ? more / 5 : 0) > left) return false;
  left -= more;
  return true;
}

// Larger layers, once the frame rate is whole.
void raise_layer(TileWish& tile, std::uint64_t& left) {
  const auto wanted = wanted_layer(tile);
  while (tile.chosen != kNoLayer && tile.chosen_temporal == kAllTemporal && tile.chosen < wanted) {
    const auto above = next_above(tile, tile.chosen);
    if (!pay(cost(tile, tile.chosen), cost(tile, above), above > tile.now, left)) return;
    tile.chosen = above;
  }
}

}  // namespace

std::int8_t wanted_layer(const TileWish& tile) {
  if (tile.width == 0 || tile.height == 0) return kNoLayer;
  auto best = kNoLayer;
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (!tile.layers[i].active) continue;
    best = static_cast<std::int8_t>(i);
    if (tile.layers[i].height * 5U >= tile.height * 4U) break;
  }
  return best;
}

void allocate_layers(std::span<TileWish> tiles, std::uint32_t bps) {
  std::array<std::uint8_t, kMostTiles> order{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    tiles[i].chosen = kNoLayer;
    tiles[i].chosen_temporal = kAllTemporal;
    if (count < kMostTiles && wanted_layer(tiles[i]) != kNoLayer) order[count++] = static_cast<std::uint8_t>(i);
  }
  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), [&](std::uint8_t a, std::uint8_t b) {
    const auto& x = tiles[a];
    const auto& y = tiles[b];
    if (x.pinned != y.pinned) return x.pinned;
    const auto size = [](const TileWish& t) { return std::uint32_t{t.width} * t.height; };
    return size(x) != size(y) ? size(x) > size(y) : a < b;
  });
  std::uint64_t left = bps;
  for (std::size_t i = 0; i < count; ++i) {
    auto& tile = tiles[order[i]];
    const auto layer = smallest(tile);
    if (!pay(0, cost(tile, layer, 0), false, left)) continue;
    tile.chosen = layer;
    tile.chosen_temporal = 0;
  }
  for (const std::uint8_t above : {std::uint8_t{1}, kAllTemporal})
    for (std::size_t i = 0; i < count; ++i) {
      auto& tile = tiles[order[i]];
      if (tile.chosen == kNoLayer || (above == kAllTemporal && tile.chosen_temporal == 0)) continue;
      if (pay(cost(tile, tile.chosen, tile.chosen_temporal), cost(tile, tile.chosen, above), above > tile.now_temporal, left))
        tile.chosen_temporal = above;
    }
  for (std::size_t i = 0; i < count; ++i) raise_layer(tiles[order[i]], left);
}

}  // namespace media
