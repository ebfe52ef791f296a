// SPDX-License-Identifier: Apache-2.0
// Replaces the global `operator delete`, so that no block that C++ code frees keeps its contents: JSON values
// and strings hold tokens on their way, and those cannot be wiped one by one. Linked into the programs, not
// into `common`, because sanitizers bring operators of their own.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  explicit_bzero(block, malloc_usable_size(block));
  std::free(block);
}
void operator delete[](void* block) noexcept { operator delete(block); }
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { operator delete(block); }
