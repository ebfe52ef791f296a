// SPDX-License-Identifier: Apache-2.0
// snowflake.yml.
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.hpp"
#include "project_file/tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const int file = memfd_create("snowflake.yml", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  try {
    plugin::project_file::read_yaml("/proc/self/fd/" + std::to_string(file));
  } catch (const base::Error&) {
  }
  close(file);
  return 0;
}
