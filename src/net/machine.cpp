// SPDX-License-Identifier: Apache-2.0
// See machine.h.
#include "net/machine.h"

#include <sodium.h>
#include <time.h>

#include <stdexcept>

namespace net {
namespace {
std::int64_t micros(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000;
}
}  // namespace

base::Now read_clock() { return {.instant = {micros(CLOCK_MONOTONIC)}, .wall = {micros(CLOCK_REALTIME)}}; }

MachineEntropy::MachineEntropy() {
  if (sodium_init() < 0) throw std::runtime_error("no source of randomness");
}
void MachineEntropy::fill(base::MutableBytes out) { randombytes_buf(out.data(), out.size()); }

}  // namespace net
