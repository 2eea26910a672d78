// SPDX-License-Identifier: Apache-2.0
// Memory that C++ gives back is overwritten first, in both processes: what a room said, sealed as it is, its candidates, and what was
// read from a record do not linger in freed memory until something else is written there. Replaces the global operators
// ([new.delete]); the aligned ones and the allocator itself stay as they are. Not in builds with a sanitizer, which has its own.
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

void operator delete(void* p) noexcept { erase_and_free(p); }
void operator delete[](void* p) noexcept { erase_and_free(p); }
void operator delete(void* p, std::size_t) noexcept { erase_and_free(p); }
void operator delete[](void* p, std::size_t) noexcept { erase_and_free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { erase_and_free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { erase_and_free(p); }
