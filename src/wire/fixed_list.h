// SPDX-License-Identifier: Apache-2.0
// A list of at most N values that lives inside its owner: what a parsed message holds instead of a vector, so that
// reading a packet allocates nothing and a hostile count cannot grow memory. Making and copying one costs what it
// holds, not what it could hold. Invariant: size() <= N, and only the first size() items exist.
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>

namespace wire {

template <class T, std::size_t N>
class FixedList {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  FixedList() {}  // not "= default": that would be allowed to fill the room with zeros
  FixedList(std::initializer_list<T> values) { fill(values); }
  FixedList(const FixedList& o) { fill(o); }
  FixedList& operator=(const FixedList& o) {
    if (this != &o) {
      size_ = 0;
      fill(o);
    }
    return *this;
  }
  // False, and nothing added, where the list is full.
  bool push_back(const T& value) {
    if (size_ == N) return false;
    std::construct_at(items_ + size_++, value);
    return true;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == N; }
  [[nodiscard]] static constexpr std::size_t capacity() { return N; }
  [[nodiscard]] const T* begin() const { return items_; }
  [[nodiscard]] const T* end() const { return items_ + size_; }
  [[nodiscard]] T* begin() { return items_; }
  [[nodiscard]] T* end() { return items_ + size_; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return std::span<const T>(begin(), size_)[i]; }
  [[nodiscard]] T& operator[](std::size_t i) { return std::span<T>(begin(), size_)[i]; }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
  bool operator==(const FixedList& o) const { return std::equal(begin(), end(), o.begin(), o.end()); }

 private:
  void fill(const auto& values) {
    for (const T& v : values) (void)push_back(v);
  }
  union {  // room, not items
    T items_[N];
  };
  std::size_t size_ = 0;
};

}  // namespace wire
