// SPDX-License-Identifier: Apache-2.0
// What a person sends in the measured load (--bench): everything on, as the load room10 has it, or a person of a
// usual gallery, where one or two talk, silence is suppressed, and pictures come in a small and a large layer. Not
// here: sending (publisher.h). Pure; any thread.
#pragma once
#include <cstdint>
#include <vector>

namespace load {

struct BenchLayer {
  unsigned packets = 4;        // a frame
  std::size_t octets = 1'100;  // of each packet's payload
  unsigned width = 640, height = 360;
};

enum class Talk : std::uint8_t { always, at_times, never };  // at_times: every other second

struct BenchLoad {
  static constexpr std::size_t kVoice = 120, kSilence = 20;  // payload bytes; silence: a comfort noise frame, sealed
  static constexpr std::uint64_t kSilenceEvery =
      20;  // packet times: browsers' Opus sends one in 400 ms (RFC 7587 section 3.1.3)
  static constexpr std::uint64_t kTurn = 50;  // packet times, of somebody who talks at times

  unsigned frames_per_second = 25;
  std::vector<BenchLayer> layers = {BenchLayer{}};
  Talk talk = Talk::always;

  [[nodiscard]] bool talks_at(std::uint64_t packet_time) const {
    return talk == Talk::always || (talk == Talk::at_times && packet_time / kTurn % 2 == 0);
  }

  // The place is one's place in the room. Bit rates are those that the browser client asks for at these sizes (24
  // frames a second): 80 kbit/s at 160x90, 230 at 320x180, 650 at 640x360. Everyone sends the large layer too, as a
  // browser does.
  [[nodiscard]] static BenchLoad gallery(unsigned place, bool tiny) {
    const BenchLayer small = tiny ? BenchLayer{1, 417, 160, 90} : BenchLayer{2, 599, 320, 180};
    return {24, {small, {4, 846, 640, 360}}, place == 0 ? Talk::always : place == 1 ? Talk::at_times : Talk::never};
  }
};

}  // namespace load
