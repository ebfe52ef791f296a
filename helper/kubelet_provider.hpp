// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "token/registry_token.hpp"

namespace helper {

/// The argument that makes this program an image credential provider of a kubelet. A link whose name ends in
/// it needs no argument: `<name>-kubelet-credential-provider`.
inline constexpr std::string_view kubelet_provider_word = "kubelet-credential-provider";

/// How long a kubelet may use a token without asking again: half of the time until it expires, at most 25
/// minutes, in whole seconds. A pull at the end of that time then has as long again.
std::chrono::seconds kubelet_cache_duration(const token::RegistryToken&, base::TimePoint now);

/// Answers one request of a kubelet, from standard input to standard output, and returns the exit status.
/// Every failure is status 1 with one line on standard error and nothing on standard output: the kubelet
/// would cache an answer without a credential. Ends within 45 seconds in any case; a kubelet gives up
/// after 60.
int run_kubelet_provider(const std::vector<std::string_view>& arguments);

}  // namespace helper
