// SPDX-License-Identifier: Apache-2.0
// What a synthetic person shows: a picture that says which person it is (tests/load/README.md "The colour code"), and the
// way back from a decoded picture to that number. Not here: codecs (vp8_codec.h). Invariant: a picture whose two rows
// contradict each other reads as nobody, so that a mixed or torn picture is never taken for a person. No state.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace load {

inline constexpr unsigned kCodeBits = 6;
inline constexpr unsigned kPeople = 1U << kCodeBits;  // indices 0..63

// An I420 picture seen, not owned; strides in bytes.
struct PictureView {
  const std::uint8_t* y = nullptr;
  const std::uint8_t* u = nullptr;
  const std::uint8_t* v = nullptr;
  std::size_t stride_y = 0, stride_uv = 0;
  unsigned width = 0, height = 0;
};

// An I420 picture owned, planes without padding.
struct Picture {
  Picture(unsigned w, unsigned h);
  [[nodiscard]] PictureView view() const;
  unsigned width, height;
  std::vector<std::uint8_t> y, u, v;
};

// Draws person `index` (0..63) into the picture; `step` moves the mark between the rows so that pictures differ.
void draw_code(Picture& into, unsigned index, unsigned step);

// Grain over the whole picture, another one at each step: what a camera gives a codec to do. The code is read through it.
void draw_grain(Picture& into, unsigned step);

// Who is shown. Empty where the rows contradict each other or a cell is neither clearly yellow nor clearly blue.
[[nodiscard]] std::optional<unsigned> read_colour_code(const PictureView& picture);

}  // namespace load
