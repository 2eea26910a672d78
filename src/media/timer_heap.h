// SPDX-License-Identifier: Apache-2.0
// The next moment of many small machines: an indexed binary heap, so that one machine's timer moves in O(log n) and a
// thousand idle ones cost nothing. Ids are small and dense. Not here: what is done then. Pure; media thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/instant.h"

namespace media {

class TimerHeap {
 public:
  // Never: no timer.
  void set(std::size_t id, base::Instant at) {
    if (where_.size() <= id) where_.resize(id + 1, kNowhere);
    auto i = where_[id];
    if (i == kNowhere) {
      if (at.is_never()) return;
      i = heap_.size();
      heap_.push_back({at, id});
      where_[id] = i;
      up(i);
      return;
    }
    if (heap_[i].at == at) return;
    if (at.is_never()) {
      swap(i, heap_.size() - 1);
      heap_.pop_back();
      where_[id] = kNowhere;
      if (i < heap_.size()) {
        up(i);
        down(i);
      }
      return;
    }
    heap_[i].at = at;
    up(i);
    down(where_[id]);
  }
  [[nodiscard]] base::Instant next() const { return heap_.empty() ? base::Instant::never() : heap_.front().at; }
  // Takes out every id that is due and appends it to `into`.
  void take_due(base::Instant now, std::vector<std::size_t>& into) {
    while (!heap_.empty() && heap_.front().at <= now) {
      into.push_back(heap_.front().id);
      set(heap_.front().id, base::Instant::never());
    }
  }

 private:
  struct Node {
    base::Instant at;
    std::size_t id;
  };
  static constexpr std::size_t kNowhere = SIZE_MAX;
  void swap(std::size_t a, std::size_t b) {
    std::swap(heap_[a], heap_[b]);
    where_[heap_[a].id] = a;
    where_[heap_[b].id] = b;
  }
  void up(std::size_t i) {
    for (; i > 0 && heap_[i].at < heap_[(i - 1) / 2].at; i = (i - 1) / 2) swap(i, (i - 1) / 2);
  }
  void down(std::size_t i) {
    for (;;) {
      auto least = i;
      for (const auto child : {2 * i + 1, 2 * i + 2})
        if (child < heap_.size() && heap_[child].at < heap_[least].at) least = child;
      if (least == i) return;
      swap(i, least);
      i = least;
    }
  }
  std::vector<Node> heap_;
  std::vector<std::size_t> where_;
};

}  // namespace media
