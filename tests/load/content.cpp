// SPDX-License-Identifier: Apache-2.0
// Encodes one person's loops. The sound loop is cut from the middle of a longer run, so that its seam is a tone going on.
#include "load/content.h"

#include <array>

#include "load/opus_codec.h"
#include "load/picture.h"
#include "load/publisher.h"
#include "load/vp8_codec.h"

namespace load {
namespace {

std::vector<std::vector<std::uint8_t>> encode_sound(unsigned index, bool stamped) {
  ToneSource source(index);
  SoundEncoder encoder(32'000);
  std::array<std::int16_t, kFrameSamples> pcm;
  std::vector<std::vector<std::uint8_t>> loop;
  for (int i = 0; i < 100; ++i) {
    source.next(pcm);
    auto packet = encoder.encode(pcm);
    if (stamped) pad_sound_packet(packet, kStampSize);
    if (i >= 50) loop.push_back(std::move(packet));
  }
  return loop;
}

std::vector<std::vector<std::uint8_t>> encode_pictures(unsigned index, LayerShape shape, bool lively) {
  Picture picture(shape.width, shape.height);
  PictureEncoder encoder(shape.width, shape.height, shape.bits_per_second, kFramesPerSecond);
  std::vector<std::vector<std::uint8_t>> loop;
  for (unsigned i = 0; i < kLoopFrames; ++i) {
    draw_code(picture, index, i);
    if (lively) draw_grain(picture, i);
    loop.push_back(encoder.encode(picture, i == 0).bytes);
  }
  return loop;
}

}  // namespace

std::shared_ptr<const Content> Content::make(unsigned index, std::size_t layers, bool stamped, bool lively) {
  auto content = std::make_shared<Content>();
  content->sound = encode_sound(index, stamped);
  for (std::size_t i = 0; i < layers && i < kLayers; ++i) content->layers[i] = encode_pictures(index, kLayerShapes[i], lively);
  return content;
}

}  // namespace load
