// SPDX-License-Identifier: Apache-2.0
// For tests only, in one file of a program: counts what operator new and OpenSSL allocate while `counting` is on. Under
// ThreadSanitizer, which has an operator new of its own, nothing is counted and can_count is false.
#pragma once
#include <openssl/crypto.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace crypto::test {

inline std::atomic<bool> counting{false};
inline std::atomic<std::uint64_t> allocations{0};
inline void note_allocation() {
  if (counting) ++allocations;
}

// OpenSSL takes these only before its first allocation: so from a static object.
inline const bool counts_openssl = CRYPTO_set_mem_functions(
    [](std::size_t size, const char*, int) {
      note_allocation();
      return std::malloc(size);
    },
    [](void* p, std::size_t size, const char*, int) {
      note_allocation();
      return std::realloc(p, size);
    },
    [](void* p, const char*, int) { std::free(p); }) == 1;

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QUIETROOM_COUNTS_NO_NEW
#endif
#endif

#ifdef QUIETROOM_COUNTS_NO_NEW
inline constexpr bool can_count = false;
#else
inline constexpr bool can_count = true;
inline void* counted(std::size_t size) {
  note_allocation();
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
inline void* counted(std::size_t size, std::align_val_t alignment) {
  note_allocation();
  const auto a = static_cast<std::size_t>(alignment);
  if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a)) return p;
  throw std::bad_alloc();
}
#endif

}  // namespace crypto::test

#ifndef QUIETROOM_COUNTS_NO_NEW
void* operator new(std::size_t size) { return crypto::test::counted(size); }
void* operator new[](std::size_t size) { return crypto::test::counted(size); }
void* operator new(std::size_t size, std::align_val_t a) { return crypto::test::counted(size, a); }
void* operator new[](std::size_t size, std::align_val_t a) { return crypto::test::counted(size, a); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif
