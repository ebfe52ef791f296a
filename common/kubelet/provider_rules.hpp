// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kubelet/yaml_text.hpp"

namespace kubelet {

/// Something in a CredentialProviderConfig, with its path as the kubelet's own messages write it.
struct Problem {
  std::size_t line;
  std::string message;   ///< "providers[0].name: ..."
  bool is_note = false;  ///< information, not a mistake
};

/// Everything for which a kubelet of 1.34 and later would not start with this file (its own rules:
/// k8s.io/kubernetes, pkg/credentialprovider/plugin/config.go and plugins.go; the tests repeat what that code
/// says). `bin_dir`: where programs must be; the program `to_be_installed` need not be there yet.
std::vector<Problem> rejections(const YamlValue& root, const std::filesystem::path& bin_dir,
                                std::string_view to_be_installed = {});

}  // namespace kubelet
