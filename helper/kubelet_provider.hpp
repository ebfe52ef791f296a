// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "token/registry_token.hpp"

namespace helper {

/// The word by which this program is an image credential provider of a kubelet, and the end of the name of
/// links that mean the same: `<name>-kubelet-credential-provider`.
inline constexpr std::string_view kubelet_provider_word = "kubelet-credential-provider";

/// How long a kubelet may hand out a token again without asking: half of what is left of its life, at most 25
/// minutes, in whole seconds. Then the pull still has as much time as the kubelet's cache had.
std::chrono::seconds kubelet_cache_duration(const token::RegistryToken&, base::TimePoint now);

/// Answers one request of a kubelet, from standard input to standard output, and returns the exit status.
/// Every failure is status 1 with one line on standard error and nothing on standard output: an answer
/// without a credential would be cached as such. Ends within 45 seconds whatever hangs; a kubelet gives up
/// after 60.
int run_kubelet_provider(const std::vector<std::string_view>& arguments);

}  // namespace helper
