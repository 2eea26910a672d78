// SPDX-License-Identifier: Apache-2.0
// Reading and writing single bits, highest first: f(n) and ns(n) of the AV1 specification sections 4.10.2 and 4.10.7.
// As base::Reader and Writer: a failure stays inside and is asked for once, by ok(). Not for whole bytes.
#pragma once
#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace wire {

class BitReader {
 public:
  explicit BitReader(base::Bytes bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  // n <= 32 bits.
  std::uint32_t bits(unsigned n) {
    if (!ok_ || bytes_.size() * 8 - at_ < n) {
      ok_ = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (unsigned i = 0; i < n; ++i, ++at_) value = (value << 1) | ((bytes_[at_ / 8] >> (7 - at_ % 8)) & 1U);
    return value;
  }
  bool flag() { return bits(1) != 0; }
  // A value below n (n >= 1).
  std::uint32_t below(std::uint32_t n) {
    const auto width = static_cast<unsigned>(std::bit_width(n));
    const std::uint32_t shorter = (1U << width) - n;
    const std::uint32_t value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }

 private:
  base::Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class BitWriter {
 public:
  explicit BitWriter(base::MutableBytes out) : out_(out) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t bytes() const { return (at_ + 7) / 8; }  // the last one filled with zeros
  void bits(std::uint32_t value, unsigned n) {
    if (!ok_ || out_.size() * 8 - at_ < n) {
      ok_ = false;
      return;
    }
    for (unsigned i = n; i-- > 0; ++at_) {
      if (at_ % 8 == 0) out_[at_ / 8] = 0;
      out_[at_ / 8] = static_cast<std::uint8_t>(out_[at_ / 8] | (((value >> i) & 1U) << (7 - at_ % 8)));
    }
  }
  void flag(bool value) { bits(value ? 1 : 0, 1); }
  void below(std::uint32_t value, std::uint32_t n) {
    const auto width = static_cast<unsigned>(std::bit_width(n));
    const std::uint32_t shorter = (1U << width) - n;
    if (value < shorter)
      bits(value, width - 1);
    else
      bits(value + shorter, width);
  }

 private:
  base::MutableBytes out_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace wire
