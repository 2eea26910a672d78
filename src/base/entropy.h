// SPDX-License-Identifier: Apache-2.0
// Where randomness comes from: a parameter, like time. net/ gives the machine's; tests give a seeded one. (OpenSSL's DTLS
// draws its own: see docs/decisions.)
#pragma once
#include "base/bytes.h"

namespace base {

class Entropy {
 public:
  Entropy() = default;
  Entropy(const Entropy&) = delete;
  Entropy& operator=(const Entropy&) = delete;
  virtual ~Entropy() = default;
  virtual void fill(MutableBytes out) = 0;

  std::uint32_t u32() {
    std::uint8_t b[4];
    fill(b);
    return load_u32(b);
  }
  std::uint64_t u64() {
    std::uint8_t b[8];
    fill(b);
    return load_u64(b);
  }
};

}  // namespace base
