// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace helper {

/// Whether `command` is `kubelet-install`, `kubelet-check` or `kubelet-undo`, the commands that an
/// administrator or a DaemonSet runs on a node.
bool is_kubelet_node_command(std::string_view command);

/// Runs one of them with its options and returns the exit status: 0, or 1 with the reason and the next step
/// on standard error.
///
/// Install copies this program to the kubelet's provider directory, and adds an entry to the kubelet's
/// CredentialProviderConfig. It first validates the whole file by the kubelet's rules, because a kubelet does
/// not start with an invalid file. With --restart, it restarts the kubelet, watches it for a minute, and
/// undoes its changes if it does not stay up. They are also undone when the program does not run on the node,
/// and after any other error. Undo restores the file, its mode and owner, and the directories, as they were
/// before the first install; if the file has changed since, it only removes this program's entry.
int run_kubelet_node_command(std::string_view command, const std::vector<std::string_view>& options);

}  // namespace helper
