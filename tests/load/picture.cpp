// SPDX-License-Identifier: Apache-2.0
// The colour code: drawing by cells, reading from the middle of each cell. Colours are BT.601 limited range, as WebRTC
// sends them: yellow (255,255,0) and blue (0,0,255) lie far apart in all three planes. Not here: codecs.
#include "load/picture.h"

#include <algorithm>
#include <random>

namespace load {
namespace {

struct Colour {
  std::uint8_t y, u, v;
};
constexpr Colour kYellow{210, 16, 146};
constexpr Colour kBlue{41, 240, 110};
constexpr Colour kMark{235, 128, 128};
constexpr Colour kStrip{60, 128, 128};

struct Box {
  unsigned left, top, right, bottom;  // luma samples, right and bottom not included
};

void fill(Picture& p, Box box, Colour c) {
  for (unsigned row = box.top; row < box.bottom; ++row)
    std::fill_n(p.y.begin() + static_cast<std::ptrdiff_t>(row * p.width + box.left), box.right - box.left, c.y);
  const unsigned half = (p.width + 1) / 2;
  for (unsigned row = box.top / 2; row < (box.bottom + 1) / 2; ++row) {
    const auto at = static_cast<std::ptrdiff_t>(row * half + box.left / 2);
    const unsigned n = (box.right + 1) / 2 - box.left / 2;
    std::fill_n(p.u.begin() + at, n, c.u);
    std::fill_n(p.v.begin() + at, n, c.v);
  }
}

// The middle of a cell, away from its borders and from the strip between the rows: what is read.
Box middle_of_cell(unsigned column, bool bottom, unsigned width, unsigned height) {
  const unsigned top = bottom ? height / 2 : 0;
  return {(column * 10 + 3) * width / (kCodeBits * 10), top + height * 3 / 20,
          (column * 10 + 7) * width / (kCodeBits * 10) + 1, top + height * 7 / 20 + 1};
}

// Luma and chroma over a box as one number: near +1 yellow, near -1 blue.
double yellowness(const PictureView& p, Box box) {
  std::uint64_t y = 0, u = 0, n = 0;
  for (unsigned row = box.top; row < box.bottom; ++row)
    for (unsigned column = box.left; column < box.right; ++column, ++n) {
      y += p.y[row * p.stride_y + column];
      u += p.u[(row / 2) * p.stride_uv + column / 2];
    }
  if (n == 0) return 0;
  const auto mean = [n](std::uint64_t sum) { return static_cast<double>(sum) / static_cast<double>(n); };
  const double luma = (mean(y) - 125.5) / 84.5;     // yellow +1, blue -1
  const double chroma = (128.0 - mean(u)) / 112.0;  // yellow +1, blue -1
  return (luma + chroma) / 2;
}

}  // namespace

Picture::Picture(unsigned w, unsigned h)
    : width(w), height(h), y(std::size_t{w} * h), u(std::size_t{(w + 1) / 2} * ((h + 1) / 2)), v(u.size()) {}

PictureView Picture::view() const { return {y.data(), u.data(), v.data(), width, (width + 1) / 2, width, height}; }

void draw_code(Picture& into, unsigned index, unsigned step) {
  const unsigned w = into.width, h = into.height;
  for (unsigned column = 0; column < kCodeBits; ++column) {
    const bool one = ((index >> (kCodeBits - 1 - column)) & 1U) != 0;
    const unsigned left = column * w / kCodeBits, right = (column + 1) * w / kCodeBits;
    fill(into, {left, 0, right, h / 2}, one ? kYellow : kBlue);
    fill(into, {left, h / 2, right, h}, one ? kBlue : kYellow);
  }
  // The moving mark: a light square that walks along a dark strip a twelfth of the height, between the rows.
  const unsigned thick = std::max(2U, h / 12), top = (h - thick) / 2;
  fill(into, {0, top, w, top + thick}, kStrip);
  const unsigned at = (step * std::max(2U, w / 40)) % (w - thick);
  fill(into, {at, top, at + thick, top + thick}, kMark);
}

void draw_grain(Picture& into, unsigned step) {
  constexpr int kMost = 15;
  std::minstd_rand random(step + 1);
  std::uniform_int_distribution<int> grain(-kMost, kMost);
  for (auto& y : into.y) y = static_cast<std::uint8_t>(std::clamp(y + grain(random), 16, 235));
}

std::optional<unsigned> read_colour_code(const PictureView& picture) {
  if (picture.width < 24 || picture.height < 16) return std::nullopt;
  unsigned index = 0;
  for (unsigned column = 0; column < kCodeBits; ++column) {
    const double top = yellowness(picture, middle_of_cell(column, false, picture.width, picture.height));
    const double bottom = yellowness(picture, middle_of_cell(column, true, picture.width, picture.height));
    const bool clear = (top > 0.35 && bottom < -0.35) || (top < -0.35 && bottom > 0.35);
    if (!clear) return std::nullopt;
    index = (index << 1) | (top > 0 ? 1U : 0U);
  }
  return index;
}

}  // namespace load
