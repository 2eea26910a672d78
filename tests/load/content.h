// SPDX-License-Identifier: Apache-2.0
// What one person sends, encoded once and then repeated: a loop of Opus packets of their tone and, per picture layer, a
// loop of VP8 frames of their code that begins with a key frame. Starting a loop again *is* the answer to a request for a
// key frame, so that a room of many costs no encoding. Not here: RTP. Immutable after make().
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "load/tone.h"

namespace load {

// Simulcast layers in the order of the offer's rids.
enum class Layer : std::uint8_t { q, h, f };
inline constexpr std::size_t kLayers = 3;
inline constexpr std::string_view kLayerRids[kLayers] = {"q", "h", "f"};
struct LayerShape {
  unsigned width, height, bits_per_second;
};
inline constexpr LayerShape kLayerShapes[kLayers] = {{160, 90, 80'000}, {320, 180, 200'000}, {640, 360, 500'000}};
inline constexpr unsigned kFramesPerSecond = 12;
inline constexpr unsigned kLoopFrames = 36;  // three seconds of picture, then a key frame again

struct Content {
  std::vector<std::vector<std::uint8_t>> sound;            // 50 packets of 20 ms: one second, repeated
  std::vector<std::vector<std::uint8_t>> layers[kLayers];  // empty where the layer is not sent
  // Stamped: each sound packet ends in padding that has room for a time stamp (publisher.h).
  // Lively: grain makes pictures as large as a camera's, which are several times the code's alone.
  [[nodiscard]] static std::shared_ptr<const Content> make(unsigned index, std::size_t layers, bool stamped, bool lively = false);
};

}  // namespace load
