// SPDX-License-Identifier: Apache-2.0
// What Docker and its relatives write to the helper's stdin: addresses and credentials.
#include "base/error.hpp"
#include "docker/registry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const std::string_view text{data, size};
  if (const auto host = docker::RegistryHost::parse(text)) {
    // A host that is ours stays ours when it is written as we write it.
    const auto again = docker::RegistryHost::parse(host->name());
    if (!again || again->name() != host->name() || host->account_label().empty()) __builtin_trap();
  }
  try {
    docker::to_json(docker::parse_credential(text));
  } catch (const base::Error&) {
  }
  return 0;
}
