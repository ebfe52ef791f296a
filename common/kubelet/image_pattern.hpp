// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// The patterns of `matchImages`
/// (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/).
namespace kubelet {

/// Whether a kubelet accepts the pattern: it must be a URL's host and path when "https://" is put in
/// front.
bool is_valid_pattern(std::string_view pattern);

/// Whether a pattern matches an image, as a kubelet does it: the same number of labels and the same port,
/// globs within labels, and a path that begins with the pattern's.
bool matches(std::string_view pattern, std::string_view image);

/// Why a pattern that a kubelet accepts does not match images of a Snowflake registry as intended: "never
/// matches, ...". Empty when it does, or when the pattern is for other registries.
std::string why_no_match(std::string_view pattern);
/// Whether it is for Snowflake registries.
bool is_for_snowflake(std::string_view pattern);

}  // namespace kubelet
