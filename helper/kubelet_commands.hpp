// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace helper {

/// Runs the command for kubelets that the program's name or its arguments select, and returns the exit
/// status; absent when they select none, as for Docker's requests.
///
/// `kubelet-install` copies this program to the kubelet's provider directory, and adds an entry to the
/// kubelet's CredentialProviderConfig. It first validates the whole file by the kubelet's rules, because a
/// kubelet does not start with an invalid file. With --restart, it restarts the kubelet, watches it for a
/// minute, and undoes its changes if it does not stay up. They are also undone when the program does not run
/// on the node, and after any other error. `kubelet-undo` restores the file, its mode and owner, and the
/// directories, as they were before the first install; if the file has changed since, it only removes this
/// program's entry. `kubelet-check` changes nothing. After an error, the status is 1, with the reason and the
/// next step on standard error.
std::optional<int> run_kubelet_command(std::string_view program,
                                       const std::vector<std::string_view>& arguments);

/// `kubelet-credential-provider`: answers one request of a kubelet, from standard input to standard output.
/// On failure, the status is 1, with one line on standard error and no output, because a kubelet would cache
/// a response without a credential (k8s.io/kubernetes, pkg/credentialprovider/plugin/plugin.go). Always ends
/// within 45 seconds, because a kubelet gives up after 60.
int run_kubelet_provider(const std::vector<std::string_view>& options);

/// The options of a command, by name; a flag has an empty value.
using KubeletOptions = std::map<std::string_view, std::string_view>;
/// Reads `--name VALUE`, `--name=VALUE`, flags, and `-h` as `--help`. Throws `usage` for anything else.
KubeletOptions parse_kubelet_options(std::string_view command, const std::vector<std::string_view>& arguments,
                                     const std::vector<std::string_view>& with_value,
                                     const std::vector<std::string_view>& flags = {});

}  // namespace helper
