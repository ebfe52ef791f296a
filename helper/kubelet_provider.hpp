// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "token/token_cache.hpp"

namespace helper {

/// The argument that runs this program as a kubelet's image credential provider. Not needed when the program
/// is started through a link named `<name>-kubelet-credential-provider`.
inline constexpr std::string_view kubelet_provider_command = "kubelet-credential-provider";

/// How long a kubelet may use a token without asking again: half of the time until it expires, at most 25
/// minutes, in whole seconds. A pull that starts at the end of that time has at least as much time left.
std::chrono::seconds kubelet_cache_duration(const token::RegistryToken&, base::TimePoint now);

/// Answers one request of a kubelet, from standard input to standard output, and returns the exit status.
/// On failure, the status is 1, with one line on standard error and no output, because a kubelet would cache
/// a response without a credential (k8s.io/kubernetes, pkg/credentialprovider/plugin/plugin.go). Always ends
/// within 45 seconds, because a kubelet gives up after 60.
int run_kubelet_provider(const std::vector<std::string_view>& arguments);

}  // namespace helper
