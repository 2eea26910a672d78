// SPDX-License-Identifier: Apache-2.0
// Which of the last Bits packet indices have been seen: RFC 3711 section 3.3.2. Used to refuse a replayed packet when
// receiving, to never use an index (so a nonce, RFC 7714 section 8.3) twice when sending, and to tell a repair that comes
// late from one that comes twice.
// Invariant: bit (i mod Bits) says whether index i was seen, for i in (highest - Bits, highest].
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace base {

template <std::size_t Bits>
class ReplayWindow {
  static_assert(Bits % 64 == 0);

 public:
  [[nodiscard]] bool empty() const { return empty_; }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }
  // Neither seen before nor too old to know.
  [[nodiscard]] bool fresh(std::uint64_t index) const {
    if (empty_ || index > highest_) return true;
    return highest_ - index < Bits && !bit(index);
  }
  // Precondition: fresh(index).
  void mark(std::uint64_t index) {
    if (empty_ || index >= highest_ + Bits) {
      words_ = {};
    } else {
      for (std::uint64_t i = highest_ + 1; i <= index; ++i) words_[word(i)] &= ~mask(i);
    }
    if (empty_ || index > highest_) highest_ = index;
    empty_ = false;
    words_[word(index)] |= mask(index);
  }

 private:
  static std::size_t word(std::uint64_t i) { return (i % Bits) / 64; }
  static std::uint64_t mask(std::uint64_t i) { return std::uint64_t{1} << (i % 64); }
  [[nodiscard]] bool bit(std::uint64_t i) const { return (words_[word(i)] & mask(i)) != 0; }
  std::array<std::uint64_t, Bits / 64> words_{};
  std::uint64_t highest_ = 0;
  bool empty_ = true;
};

}  // namespace base
