// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace kubelet {

/// A kubelet that runs on this node, as its command line says.
struct RunningKubelet {
  std::string config;   ///< --image-credential-provider-config; empty when it has none
  std::string bin_dir;  ///< --image-credential-provider-bin-dir
  base::TimePoint started_at;
};
/// Absent when none is visible, as in a container without the node's processes, or where it is part of k3s.
std::optional<RunningKubelet> find_running_kubelet();

/// The file that has this program's entry, or will get it: `config` itself, or a file in that directory.
/// Kubelets since 1.34 read every file of a directory. Throws `config` when a file there cannot be read.
std::filesystem::path config_file_in(const std::filesystem::path& config);

/// Something that keeps the kubelet of this node from running this program.
struct NodeProblem {
  std::string message;
  bool is_note = false;           ///< information, not a mistake
  bool is_missing_entry = false;  ///< the program was not installed here, or was removed
};
/// The problems of every file, as "FILE:LINE: ...", and of the kubelet, as "the running kubelet ...": why it
/// would not start (`rejections`), or not run this program. `config` and `bin_dir` are the values of the
/// kubelet's flags --image-credential-provider-config and
/// --image-credential-provider-bin-dir. Throws `config` when there is no file, or it is not valid YAML or
/// JSON.
std::vector<NodeProblem> check_node(const std::filesystem::path& config,
                                    const std::filesystem::path& bin_dir);

}  // namespace kubelet
