// SPDX-License-Identifier: Apache-2.0
// What a person sends in the measured load (--bench): everything on, as the load room10 has it, or a person of a
// usual gallery, where one or two talk, silence is suppressed, and pictures come in a small and a large layer; and what it
// is sealed with where MLS does not run beside it. Not here: sending (publisher.h). Pure; any thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "load/content.h"
#include "load/frame_keys.h"

namespace load {

struct BenchLayer {
  unsigned packets = 4;        // a frame
  std::size_t octets = 1'100;  // of each packet's payload
  unsigned width = 640, height = 360;
  unsigned frames = 0;          // a second, fewer than the camera's; 0: all
  unsigned one_more_every = 0;  // each of so many frames has a packet more; 0: none

  [[nodiscard]] unsigned packets_of(std::size_t frame) const { return packets + (one_more_every != 0 && frame % one_more_every == 0 ? 1 : 0); }
};

enum class Says : std::uint8_t { nothing, voice, noise, end };
enum class Talk : std::uint8_t { always, at_times, never };  // at_times: every other second

struct BenchLoad {
  static constexpr std::size_t kVoice = 120, kNoise = 106, kEnd = 26;  // payload bytes, sealed
  // What protecting a frame adds: tag, the length of the header, the header of a key name of four bytes and a counter of three.
  // What is sealed is smaller by it, so that packets are as large as those that are not.
  static constexpr std::size_t kSealing = kFrameTag + 1 + 8;
  // Packet times. What browsers make of silence (RFC 7587 section 3.1.3; measured in Chromium): a frame of background noise, and one of a
  // byte after which nothing comes.
  static constexpr std::uint64_t kSilenceEvery = 21;
  static constexpr std::uint64_t kTurn = 50;  // packet times, of somebody who talks at times

  unsigned frames_per_second = 25;
  std::vector<BenchLayer> layers = {BenchLayer{}};
  Talk talk = Talk::always;
  std::size_t begins_with = kLayers;  // so many layers, until the server says otherwise

  [[nodiscard]] bool talks_at(std::uint64_t packet_time) const {
    return talk == Talk::always || (talk == Talk::at_times && packet_time / kTurn % 2 == 0);
  }

  [[nodiscard]] static Says silence_at(std::uint64_t packet_time) {
    const auto at = packet_time % kSilenceEvery;
    return at == 0 ? Says::noise : at == 1 ? Says::end : Says::nothing;
  }
  [[nodiscard]] Says says_at(std::uint64_t packet_time) const {
    return talks_at(packet_time) ? Says::voice : silence_at(packet_time);
  }

  // Whether the camera's frame of that number is one of this layer's, spread evenly.
  [[nodiscard]] bool has_frame(const BenchLayer& layer, std::uint64_t number) const {
    return layer.frames == 0 || (number + 1) * layer.frames / frames_per_second > number * layer.frames / frames_per_second;
  }

  [[nodiscard]] static std::size_t sound_size(Says what, bool sealed) {
    const std::size_t whole = what == Says::voice ? kVoice : what == Says::noise ? kNoise : kEnd;
    return sealed ? whole - kSealing : whole;
  }

  // Everything on, with a small layer besides, so that another view changes what one has (--churn).
  [[nodiscard]] static BenchLoad in_two_layers() { return {25, {{1, 1'100, 320, 180}, {4, 1'100, 640, 360}}, Talk::always}; }

  // The place is one's place in the room. Sizes, frames and bit rates are those of the browser client (web/src/call/layers.ts): 320x180,
  // 15 frames a second of 1.2 packets each (story line-and-data), 100 kbit/s; and 640x360, 24 frames, 650 kbit/s. `tiny`: 160x90, 24 frames,
  // 80 kbit/s, to compare with. Who is shown large to nobody begins without the large layer, as the server tells a browser after ten seconds: a thousand who all come within those ask more than once they are there.
  [[nodiscard]] static BenchLoad gallery(unsigned place, bool tiny) {
    const BenchLayer small = tiny ? BenchLayer{1, 417, 160, 90} : BenchLayer{1, 694, 320, 180, 15, 5};
    return {24, {small, {4, 846, 640, 360}}, place == 0 ? Talk::always : place == 1 ? Talk::at_times : Talk::never, place < 2 ? std::size_t{2} : 1};
  }
};

// What a room is sealed with without MLS: a base key as long as a real one, and no secret. Each sits at the leaf of their place.
[[nodiscard]] inline EpochKeys bench_keys(std::uint16_t place, const std::vector<std::uint32_t>& seats) {
  EpochKeys keys{.epoch = 1, .base = {}, .self = place, .seats = {}, .cause = EpochKeys::Cause::join};
  keys.base.fill(0x5a);
  for (std::size_t leaf = 0; leaf < seats.size(); ++leaf) keys.seats[static_cast<std::uint16_t>(leaf)] = seats[leaf];
  return keys;
}

}  // namespace load
