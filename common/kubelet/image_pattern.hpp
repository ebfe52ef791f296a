// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// The patterns of `matchImages`
// (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/).
namespace kubelet {

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
