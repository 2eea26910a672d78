// SPDX-License-Identifier: Apache-2.0
// State kept per SSRC, bounded, found in a step or two without allocating. Open addressing over a power of two; entries
// are never removed (a peer's sources are few and die with it). Allocates only when a source is new.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.h"

namespace transport {

template <class T>
class SsrcTable {
 public:
  explicit SsrcTable(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] T* find(std::uint32_t ssrc) {
    if (slots_.empty()) return nullptr;
    for (std::size_t i = start(ssrc);; i = (i + 1) & (slots_.size() - 1)) {
      if (!slots_[i].used) return nullptr;
      if (slots_[i].ssrc == ssrc) return &slots_[i].state;
    }
  }
  // find() follows: a hint.
  void expect(std::uint32_t ssrc) const {
    if (!slots_.empty()) base::prefetch(&slots_[start(ssrc)], sizeof(Slot));
  }
  [[nodiscard]] bool full() const { return used_ >= limit_; }
  // Precondition: find() gave null. Null where the limit is reached; else good until the next insert.
  T* insert(std::uint32_t ssrc) {
    if (full()) return nullptr;
    if (used_ * 4 >= slots_.size() * 3) grow();
    return place(ssrc, T{});
  }
  [[nodiscard]] std::size_t size() const { return used_; }

 private:
  struct Slot {
    std::uint32_t ssrc = 0;
    bool used = false;
    T state{};
  };
  [[nodiscard]] std::size_t start(std::uint32_t ssrc) const {
    return ((ssrc * 0x9e3779b1U) >> 7) & (slots_.size() - 1);
  }
  T* place(std::uint32_t ssrc, T state) {
    std::size_t i = start(ssrc);
    while (slots_[i].used) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = Slot{ssrc, true, state};
    ++used_;
    return &slots_[i].state;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const auto& slot : old)
      if (slot.used) place(slot.ssrc, slot.state);
  }
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::size_t limit_;
};

}  // namespace transport
