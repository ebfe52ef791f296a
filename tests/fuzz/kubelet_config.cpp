// SPDX-License-Identifier: Apache-2.0
// A CredentialProviderConfig of a node: our entry comes and goes, and every other byte stays.
#include <cstdlib>

#include "base/error.hpp"
#include "kubelet/provider_entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const std::string text{data, size};
  try {
    const auto root = kubelet::parse_yaml(text, "config.yaml");
    if (kubelet::find_our_provider(root) != nullptr) return 0;
    const auto with = kubelet::with_our_provider(text, root, {}, true);
    const auto again = kubelet::parse_yaml(with, "config.yaml");
    const auto* own = kubelet::find_our_provider(again);
    if (own == nullptr) std::abort();
    const auto without = kubelet::without_provider(with, again, *own);
    // Where there was no list of providers, an empty one stays.
    const auto* providers = root.find("providers");
    if (providers != nullptr && !providers->items.empty() && without != text) std::abort();
  } catch (const base::Error&) {
  }
  return 0;
}
