// SPDX-License-Identifier: Apache-2.0
// Memory that C++ gives back is overwritten first, in both processes: what a room said, sealed as it is, its candidates, and what was
// read from a record do not linger in freed memory until something else is written there. Replaces the global operators
// ([new.delete]); the aligned ones and the allocator itself stay as they are. With a sanitizer, which keeps what is freed for a while,
// new is malloc's, too, so that each pair is of one kind.
#include <malloc.h>
#include <string.h>  // explicit_bzero

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {
void erase_and_free(void* p) noexcept {
  if (p == nullptr) return;
  ::explicit_bzero(p, ::malloc_usable_size(p));
  std::free(p);
}
}  // namespace

#if __has_feature(address_sanitizer)
void* operator new(std::size_t size) {
  void* p = std::malloc(size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
#endif
void operator delete(void* p) noexcept { erase_and_free(p); }
void operator delete[](void* p) noexcept { erase_and_free(p); }
void operator delete(void* p, std::size_t) noexcept { erase_and_free(p); }
void operator delete[](void* p, std::size_t) noexcept { erase_and_free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { erase_and_free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { erase_and_free(p); }
