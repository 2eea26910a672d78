// SPDX-License-Identifier: Apache-2.0
// Invented people for the benchmarks: the same in every run, some names common and most rare, NHS numbers of the range that is never
// issued. Not here: what they are put into. One thread.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/entropy.h"

namespace bench {

class Seeded final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>((next_ = next_ * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
  }
  std::size_t below(std::size_t n) { return u64() % n; }
  // Some are common and most are rare.
  std::size_t skewed(std::size_t n) {
    const double u = static_cast<double>(below(1'000'000)) / 1e6;
    return static_cast<std::size_t>(u * u * static_cast<double>(n));
  }

 private:
  std::uint64_t next_ = 7;
};

inline std::string uuid(std::size_t kind, std::size_t n) { return fmt::format("000000{:02x}-0000-7000-8000-{:012}", kind, n); }

inline std::string invented(Seeded& from, std::size_t many) {
  constexpr std::string_view kHeads[] = {"Sam", "Mar", "Jo", "Al", "Wil", "Kat", "Tho", "Da", "El", "Ro", "Har", "Be", "Ca", "Fi", "Gr", "Sha", "Ni", "Pe", "Zo", "Ur"};
  constexpr std::string_view kMiddles[] = {"ber", "li", "na", "thor", "mi", "den", "ga", "ros", "wick", "le", "ste", "van"};
  constexpr std::string_view kTails[] = {"son", "a", "ton", "ley", "er", "y", "field", "n", "as", "ia", "ford", "s"};
  const std::size_t i = from.skewed(many);
  return std::string(kHeads[i % 20]) + std::string(kMiddles[i / 20 % 12]) + std::string(kTails[i / 240 % 12]);
}

inline std::string nhs_number(std::size_t n) {
  for (;; ++n) {
    const std::string head = fmt::format("999{:06}", n % 1'000'000);
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) sum += static_cast<int>(10 - i) * (head[i] - '0');
    const int check = (11 - sum % 11) % 11;
    if (check < 10) return head + static_cast<char>('0' + check);
  }
}

}  // namespace bench
