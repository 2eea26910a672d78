// SPDX-License-Identifier: Apache-2.0
// Which checks have proved a path already, by their transaction ids (RFC 8489 section 5: 96 random bits). Nothing in a check says when or
// whence it was sent, so one that was overheard holds from any address; the same one must not prove a second path. A Bloom filter of two
// generations, so that hours of a call cost 8 KB: what is asked about wrongly (one in two hundred, at worst) is a check without effect, and the next will do.
// Pure; one thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "wire/stun.h"

namespace transport {

class SeenChecks {
 public:
  static constexpr std::size_t kGeneration = 2'048;  // checks: an hour and more of a browser's consent

  void add(const wire::StunTransaction& transaction) {
    if (in(newer_, transaction)) return;  // what only the older one holds would be forgotten with it
    if (count_ == kGeneration) {
      older_ = newer_;
      newer_ = {};
      count_ = 0;
    }
    ++count_;
    for (std::size_t i = 0; i < kProbes; ++i) newer_[place(transaction, i) / 64] |= bit(transaction, i);
  }
  [[nodiscard]] bool contains(const wire::StunTransaction& transaction) const { return in(newer_, transaction) || in(older_, transaction); }

 private:
  static constexpr std::size_t kProbes = 4, kBits = 32'768;
  using Filter = std::array<std::uint64_t, kBits / 64>;
  [[nodiscard]] static std::size_t place(const wire::StunTransaction& transaction, std::size_t probe) {
    return ((std::size_t{transaction[probe * 3]} << 16) | (std::size_t{transaction[probe * 3 + 1]} << 8) | transaction[probe * 3 + 2]) % kBits;
  }
  [[nodiscard]] static std::uint64_t bit(const wire::StunTransaction& transaction, std::size_t probe) {
    return std::uint64_t{1} << (place(transaction, probe) % 64);
  }
  [[nodiscard]] static bool in(const Filter& filter, const wire::StunTransaction& transaction) {
    for (std::size_t i = 0; i < kProbes; ++i)
      if ((filter[place(transaction, i) / 64] & bit(transaction, i)) == 0) return false;
    return true;
  }
  Filter newer_{}, older_{};
  std::size_t count_ = 0;
};

}  // namespace transport
