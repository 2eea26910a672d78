// SPDX-License-Identifier: Apache-2.0
// Goertzel's filter over a Hann window at each of the 64 tones. The window spreads a pure tone over three bins of 1/length,
// so its energy is counted from the amplitude, not from neighbouring bins. Not here: codecs.
#include "load/tone.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "load/picture.h"

namespace load {
namespace {

constexpr double kAmplitude = 5'800;  // -15 dBFS

// Amplitude of the tone of `hz` in a Hann-windowed signal.
double amplitude_at(std::span<const double> windowed, double window_sum, double hz) {
  const double coefficient = 2 * std::cos(2 * std::numbers::pi * hz / kSampleRate);
  double s1 = 0, s2 = 0;
  for (const double x : windowed) {
    const double s0 = x + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  const double power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return 2 * std::sqrt(std::max(power, 0.0)) / window_sum;
}

}  // namespace

void ToneSource::next(std::span<std::int16_t> into) {
  for (auto& out : into) {
    const double turns = static_cast<double>(sample_ * hz_ % kSampleRate) / kSampleRate;
    out = static_cast<std::int16_t>(std::lround(kAmplitude * std::sin(2 * std::numbers::pi * turns)));
    ++sample_;
  }
}

std::optional<Tone> dominant_tone(std::span<const std::int16_t> pcm) {
  if (pcm.size() < kSampleRate / 20) return std::nullopt;
  std::vector<double> windowed(pcm.size());
  double window_sum = 0, energy = 0, window_energy = 0;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double phase = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(pcm.size());
    const double window = 0.5 - 0.5 * std::cos(phase);
    windowed[i] = window * pcm[i];
    window_sum += window;
    window_energy += window * window;
    energy += windowed[i] * windowed[i];
  }
  const double mean_square = energy / window_energy;
  if (mean_square < 100.0 * 100.0) return std::nullopt;
  Tone best;
  for (unsigned index = 0; index < kPeople; ++index) {
    const double amplitude = amplitude_at(windowed, window_sum, tone_hz(index));
    const double share = amplitude * amplitude / 2 / mean_square;
    if (share > best.share) best = {index, share};
  }
  if (best.share < 0.6) return std::nullopt;
  return best;
}

}  // namespace load
