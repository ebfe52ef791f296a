// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace helper {

/// The systemd unit of this node's kubelet, or of the program that contains it (k3s, RKE2). In a container
/// with the node's process namespace, systemctl runs on the node.
class KubeletService {
public:
  /// The unit that is active; else the one that is enabled, because a kubelet that refuses its configuration
  /// is not active. Throws `config` when there is none.
  static KubeletService find();

  const std::string& unit() const noexcept { return unit_; }
  /// Throws `config` when systemctl fails.
  void restart() const;
  /// Whether it is active for a minute after a restart, not counting the first five seconds.
  bool stays_up(base::Clock&) const;

private:
  explicit KubeletService(std::string unit) : unit_(std::move(unit)) {}
  std::string unit_;
};

/// Why a program does not run on this node, such as an old C library; empty when it does. In a container with
/// the node's process namespace, runs it on the node.
std::string why_not_runnable(const std::filesystem::path& program);

/// `kubelet --version` of the program on the PATH, such as "Kubernetes v1.34.4"; absent when there is none.
std::optional<std::string> installed_kubelet_version();

}  // namespace helper
