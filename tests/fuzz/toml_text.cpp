// SPDX-License-Identifier: Apache-2.0
// Connection files and settings.
#include "base/error.hpp"
#include "config/config_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  try {
    config::parse_toml({data, size}, "fuzz.toml");
  } catch (const base::Error&) {
  }
  return 0;
}
