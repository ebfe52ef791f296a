// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kubelet/yaml_text.hpp"

namespace kubelet {

/// A problem in a CredentialProviderConfig, with its path as in the kubelet's own messages.
struct Problem {
  std::size_t line;
  std::string message;   ///< "providers[0].name: ..."
  bool is_note = false;  ///< information, not a mistake
};

/// Why a kubelet 1.34 or later would not start with this file, by the kubelet's own rules (k8s.io/kubernetes,
/// pkg/credentialprovider/plugin/config.go and plugins.go). Programs must be in `bin_dir`, except for
/// `to_be_installed`.
std::vector<Problem> rejections(const YamlValue& root, const std::filesystem::path& bin_dir,
                                std::string_view to_be_installed = {});

}  // namespace kubelet
