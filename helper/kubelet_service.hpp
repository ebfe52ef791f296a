// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace helper {

/// The kubelet of this node, or the program that has it inside (k3s, RKE2), as a unit of systemd. From a
/// container that sees the node's processes, systemctl is run on the node.
class KubeletService {
public:
  /// Throws `config` when no such unit is active.
  static KubeletService find();

  const std::string& unit() const noexcept { return unit_; }
  void restart() const;
  /// Whether it is active all the time from a few seconds after a restart until a minute has passed.
  bool stays_up(base::Clock&) const;

private:
  explicit KubeletService(std::string unit) : unit_(std::move(unit)) {}
  std::string unit_;
};

/// `kubelet --version` of the program on the PATH, such as "Kubernetes v1.34.4"; absent when there is none.
std::optional<std::string> installed_kubelet_version();

}  // namespace helper
