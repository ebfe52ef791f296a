// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace helper {

/// `kubelet-install`, `kubelet-check` and `kubelet-undo`, run by an administrator, or by a DaemonSet, on a
/// node.
bool is_kubelet_node_word(std::string_view word);

/// Runs one of them with its options and returns the exit status: 0, or 1 with the reason and the next step
/// on standard error.
///
/// Install puts this program into the kubelet's folder of programs and its entry into the kubelet's
/// CredentialProviderConfig. The whole file is checked by the kubelet's own rules first, since a kubelet does
/// not start with a file that it refuses; nothing is restarted without --restart, and with it the kubelet is
/// watched for a minute, and all changes are undone if it does not stay up, as they are after any other
/// error. Undo restores the file, its mode and owner, and the folders; when the file has been changed since,
/// it only removes our entry.
int run_kubelet_node_word(std::string_view word, const std::vector<std::string_view>& options);

}  // namespace helper
