// SPDX-License-Identifier: Apache-2.0
// A list of at most N values that lives inside its owner: what a parsed message holds instead of a vector, so that reading
// a packet allocates nothing and a hostile count cannot grow memory. Invariant: size() <= N.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>

namespace wire {

template <class T, std::size_t N>
class FixedList {
 public:
  FixedList() = default;
  FixedList(std::initializer_list<T> values) {
    for (const T& v : values) (void)push_back(v);
  }
  // False, and nothing added, where the list is full.
  bool push_back(const T& value) {
    if (size_ == N) return false;
    items_[size_++] = value;
    return true;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == N; }
  [[nodiscard]] static constexpr std::size_t capacity() { return N; }
  [[nodiscard]] const T* begin() const { return items_.data(); }
  [[nodiscard]] const T* end() const { return items_.data() + size_; }
  [[nodiscard]] T* begin() { return items_.data(); }
  [[nodiscard]] T* end() { return items_.data() + size_; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return std::span<const T>(begin(), size_)[i]; }
  [[nodiscard]] T& operator[](std::size_t i) { return std::span<T>(begin(), size_)[i]; }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
  bool operator==(const FixedList& o) const { return std::equal(begin(), end(), o.begin(), o.end()); }

 private:
  std::array<T, N> items_;  // left uninitialised past size_ where T is trivial
  std::size_t size_ = 0;
};

}  // namespace wire
