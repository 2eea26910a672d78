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

std::uint32_t cost(const TileWish& tile, std::int8_t layer) {
  return layer == kNoLayer ? 0 : tile.layers[static_cast<std::size_t>(layer)].bps;
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
    if (cost(tile, layer) > left) continue;
    left -= cost(tile, layer);
    tile.chosen = layer;
  }
  for (std::size_t i = 0; i < count; ++i) {
    auto& tile = tiles[order[i]];
    const auto wanted = wanted_layer(tile);
    while (tile.chosen != kNoLayer && tile.chosen < wanted) {
      const auto above = next_above(tile, tile.chosen);
      const auto more = cost(tile, above) - std::min(cost(tile, above), cost(tile, tile.chosen));
      // Going up again needs a fifth to spare, so that a line on the edge does not swing.
      const auto needed = above > tile.now ? more + more / 5 : more;
      if (needed > left) break;
      left -= more;
      tile.chosen = above;
    }
  }
}

}  // namespace media
