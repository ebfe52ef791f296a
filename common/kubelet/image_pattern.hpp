// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// The patterns of `matchImages`
/// (https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/).
namespace kubelet {

/// Whether a kubelet takes the pattern at all: it must be a URL's host and path when "https://" is put in
/// front.
bool is_valid_pattern(std::string_view pattern);

/// Whether a pattern matches an image, as a kubelet does it: the same number of labels and the same port,
/// globs within labels, and a path that begins with the pattern's.
bool matches(std::string_view pattern, std::string_view image);

/// Why a pattern, which a kubelet takes, matches no image of a Snowflake registry although it is meant to, or
/// fewer than it seems to: "never matches, ...". Empty when there is no reason, or the pattern is for other
/// registries.
std::string why_no_match(std::string_view pattern);
/// Whether it is for Snowflake registries.
bool is_for_snowflake(std::string_view pattern);

}  // namespace kubelet
