// SPDX-License-Identifier: Apache-2.0
// The machine's clock and randomness: the only place where the product reads either (DESIGN.md "Conventions"). Everything
// else takes them as parameters. Any thread.
#pragma once
#include "base/entropy.h"
#include "base/instant.h"

namespace net {

// CLOCK_MONOTONIC and CLOCK_REALTIME, read one after the other.
[[nodiscard]] base::Now read_clock();

// getrandom(2) by way of libsodium. fill() cannot fail once the machine has booted.
class MachineEntropy final : public base::Entropy {
 public:
  MachineEntropy();
  void fill(base::MutableBytes out) override;
};

}  // namespace net
