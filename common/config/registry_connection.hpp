// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/connections.hpp"
#include "config/settings.hpp"
#include "docker/registry_host.hpp"

namespace config {

/// The connection that a registry host belongs to: the one that the settings name for it, else the one whose
/// account gives that host, the default connection first. The settings' role replaces the connection's.
/// Throws `not_found` with a hint that says what to write when there is none, and `config` when the settings
/// name a connection that does not exist, or one that is plainly of another account than the host.
Connection connection_for(const docker::RegistryHost&, const Settings&, const Connections&);

/// Every registry host that a connection leads to, and those that the settings name, sorted. Connections that
/// are broken lead nowhere.
std::vector<std::string> registry_hosts(const Settings&, const Connections&);

}  // namespace config
