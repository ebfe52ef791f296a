// SPDX-License-Identifier: Apache-2.0
// Replaces the global `operator delete` to wipe every block that C++ code frees: strings and JSON values hold
// tokens for a while, and cannot all be wiped one by one. Linked into the programs, not into `common`,
// because sanitizers have operators of their own.
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
