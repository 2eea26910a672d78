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

// What is left, and what of it may be used for more than there was.
struct Purse {
  std::uint64_t left = 0, proved = 0;
};

enum class Claim : std::uint8_t { kept, first, again };

// What was there is paid out of all that is left. More than there was needs a line that has carried it for a while, and where
// something was shown already a fifth to spare, so that a line on the edge does not swing.
bool pay(std::uint32_t before, std::uint32_t after, Claim claim, Purse& purse) {
  const std::uint64_t more = after - std::min(after, before);
  const auto needed = claim == Claim::again ? more + more / 5 : more;
  if (needed > purse.left || (claim != Claim::kept && needed > purse.proved)) return false;
  purse.left -= more;
  purse.proved -= std::min(more, purse.proved);
  return true;
}

// kStills is below every temporal layer.
int rank(std::uint8_t temporal) { return temporal == kStills ? -1 : temporal; }

Claim claim_of(const TileWish& tile, std::int8_t layer, std::uint8_t temporal) {
  if (tile.now == kNoLayer) return Claim::first;
  const bool above = layer > tile.now || (layer == tile.now && rank(temporal) > rank(tile.now_temporal));
  return above ? Claim::again : Claim::kept;
}

bool raise(TileWish& tile, std::int8_t layer, std::uint8_t temporal, Purse& purse) {
  const auto before = cost_of(tile, tile.chosen, tile.chosen_temporal);
  if (!pay(before, cost_of(tile, layer, temporal), claim_of(tile, layer, temporal), purse)) return false;
  tile.chosen = layer;
  tile.chosen_temporal = temporal;
  return true;
}

// Larger layers, once the frame rate is whole.
void raise_layer(TileWish& tile, Purse& purse) {
  const auto wanted = wanted_layer(tile);
  while (tile.chosen != kNoLayer && tile.chosen_temporal == kAllTemporal && tile.chosen < wanted)
    if (!raise(tile, next_above(tile, tile.chosen), kAllTemporal, purse)) return;
}

}  // namespace

std::uint32_t cost_of(const TileWish& tile, std::int8_t layer, std::uint8_t temporal) {
  if (layer == kNoLayer) return 0;
  const auto& offer = tile.layers[index_of(layer)];
  if (temporal == kStills) return offer.still;
  if (temporal >= offer.slower.size() || offer.slower[temporal] == 0) return offer.bps;
  return std::min(offer.slower[temporal], offer.bps);
}

std::int8_t wanted_layer(const TileWish& tile) {
  if (tile.width == 0 || tile.height == 0) return kNoLayer;
  auto best = kNoLayer;
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (!tile.layers[i].active) continue;
    best = static_cast<std::int8_t>(i);
    if (fills(tile.layers[i].height, tile.height)) break;
  }
  return best;
}

void allocate_layers(std::span<TileWish> tiles, PictureBudget budget) {
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
  Purse purse{budget.bps, budget.proved};
  for (std::size_t i = 0; i < count; ++i) {
    auto& tile = tiles[order[i]];
    const auto layer = smallest(tile);
    if (tile.layers[index_of(layer)].still > 0) (void)raise(tile, layer, kStills, purse);
  }
  for (const std::uint8_t above : {std::uint8_t{0}, std::uint8_t{1}, kAllTemporal})
    for (std::size_t i = 0; i < count; ++i) {
      auto& tile = tiles[order[i]];
      // One after the other; a source without temporal layers, or without stills, begins at once with what it has.
      const auto below = above == 0 ? rank(kStills) : above == 1 ? 0 : 1;
      if (above > 0 && (tile.chosen == kNoLayer || rank(tile.chosen_temporal) < below)) continue;
      (void)raise(tile, tile.chosen == kNoLayer ? smallest(tile) : tile.chosen, above, purse);
    }
  for (std::size_t i = 0; i < count; ++i) raise_layer(tiles[order[i]], purse);
}

}  // namespace media
