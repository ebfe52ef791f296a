// SPDX-License-Identifier: Apache-2.0
// GCC's unwinder, which is linked into the programs, calls `_dl_find_object`, which is new in glibc 2.35.
// This replacement uses `dl_iterate_phdr`, so that the programs also run with glibc 2.34 (RHEL 9, Amazon
// Linux 2023). It is linked into the programs, not into `common`.
#include <dlfcn.h>
#include <link.h>

#include <cstdint>

#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)

namespace {

struct Search {
  std::uintptr_t address;
  dl_find_object* found;
};

int search_object(dl_phdr_info* object, std::size_t, void* data) {
  const auto& search = *static_cast<Search*>(data);
  std::uintptr_t start = 0;
  std::uintptr_t end = 0;
  std::uintptr_t frames = 0;
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    const std::uintptr_t at = object->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_EH_FRAME) frames = at;
    if (segment.p_type == PT_LOAD && search.address >= at && search.address < at + segment.p_memsz) {
      start = at;
      end = at + segment.p_memsz;
    }
  }
  if (start == 0 || frames == 0) return 0;
  // NOLINTBEGIN(performance-no-int-to-ptr): the loader reports addresses as numbers.
  search.found->dlfo_map_start = reinterpret_cast<void*>(start);
  search.found->dlfo_map_end = reinterpret_cast<void*>(end);
  search.found->dlfo_eh_frame = reinterpret_cast<void*>(frames);
  // NOLINTEND(performance-no-int-to-ptr)
  return 1;
}

}  // namespace

/// As documented in the glibc manual ("Dynamic Linker Introspection"), with the fields that the unwinder
/// reads: 0 if `address` belongs to an object with unwinding information, else -1.
extern "C" int _dl_find_object(void* address, dl_find_object* result) {
  *result = {};
  Search search{reinterpret_cast<std::uintptr_t>(address), result};
  return dl_iterate_phdr(search_object, &search) == 1 ? 0 : -1;
}

#endif
#endif
