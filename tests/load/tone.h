// SPDX-License-Identifier: Apache-2.0
// What a synthetic person says: one steady tone that says which person it is, and the way back from decoded sound to that
// number (Goertzel's filter at each person's frequency). Not here: codecs (opus_codec.h). Invariant: a mix of two people,
// silence and noise read as nobody. No state but the phase of a ToneSource.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace load {

inline constexpr unsigned kSampleRate = 48'000;
inline constexpr std::size_t kFrameSamples = 960;  // 20 ms

[[nodiscard]] constexpr unsigned tone_hz(unsigned index) { return 320 + 40 * index; }

// A sine of person `index` at -15 dBFS, without a jump from one call to the next. All tones repeat every 25 ms.
class ToneSource {
 public:
  explicit ToneSource(unsigned index) : hz_(tone_hz(index)) {}
  void next(std::span<std::int16_t> into);

 private:
  unsigned hz_;
  std::uint64_t sample_ = 0;
};

struct Tone {
  unsigned index = 0;
  double share = 0;  // of all energy in the window, 0..1
};

// Who is heard in mono sound at 48 kHz. Needs 50 ms at least, 200 ms or more to be sure of neighbours. Empty where no tone
// holds at least 60% of the energy, or where there is next to no energy (below -50 dBFS).
[[nodiscard]] std::optional<Tone> dominant_tone(std::span<const std::int16_t> pcm);

}  // namespace load
