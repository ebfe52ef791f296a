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

// image_pattern.cpp: the patterns of `matchImages`
// (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/).

/// Whether a kubelet accepts the pattern: with https:// in front, it must be a valid URL.
bool is_valid_pattern(std::string_view pattern);

/// Whether a pattern matches an image by the kubelet's rules: the same number of labels and the same port,
/// globs within labels, and a path that begins with the pattern's.
bool matches(std::string_view pattern, std::string_view image);

/// Why a pattern that a kubelet accepts does not match images of a Snowflake registry as intended: "never
/// matches, ...". Empty when it does, or when the pattern is for other registries.
std::string why_no_match(std::string_view pattern);
/// Whether a pattern is for Snowflake registries.
bool is_for_snowflake(std::string_view pattern);

}  // namespace kubelet
