// SPDX-License-Identifier: Apache-2.0
// One bit of each of the last 256 packets of a stream, by extended sequence number, and how many are set between two of them.
// Whoever asks keeps within these 256. Pure; nothing allocated.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace media {

class RecentBits {
 public:
  static constexpr std::uint32_t kWindow = 256;

  void set(std::uint32_t at) { word(at) |= bit(at); }
  void clear(std::uint32_t at) { word(at) &= ~bit(at); }
  [[nodiscard]] bool test(std::uint32_t at) const { return (words_[index(at)] & bit(at)) != 0; }
  // Of those after `after`, up to and with `last`.
  [[nodiscard]] std::uint32_t count(std::uint32_t after, std::uint32_t last) const {
    std::uint32_t n = 0;
    for (auto left = last - after, at = after + 1; left > 0;) {
      const auto in_word = std::min(left, 64 - at % 64);
      const auto mask = in_word == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << in_word) - 1;
      n += static_cast<std::uint32_t>(std::popcount(words_[index(at)] >> at % 64 & mask));
      at += in_word;
      left -= in_word;
    }
    return n;
  }

 private:
  static std::size_t index(std::uint32_t at) { return at / 64 % (kWindow / 64); }
  static std::uint64_t bit(std::uint32_t at) { return std::uint64_t{1} << at % 64; }
  std::uint64_t& word(std::uint32_t at) { return words_[index(at)]; }
  std::array<std::uint64_t, kWindow / 64> words_{};
};

}  // namespace media
