// SPDX-License-Identifier: Apache-2.0
// Asks for memory before it is used, so that several waits for it pass at once. A hint: it changes nothing but time, and any
// address will do. Not here: when that pays (where more is touched than the caches of a core hold).
#pragma once
#include <cstddef>

namespace base {

inline constexpr std::size_t kCacheLine = 64;

inline void prefetch(const void* at, std::size_t bytes) {
  const auto* p = static_cast<const char*>(at);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(p + i);
}

}  // namespace base
