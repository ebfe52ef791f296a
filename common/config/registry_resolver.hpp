// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "config/connections.hpp"
#include "config/settings.hpp"
#include "docker/registry_host.hpp"

namespace config {

/// Answers every question about which registry host and which connection belong together, out of this
/// project's settings and the Snowflake CLI's connections. Files are read when they are first needed; then
/// everything throws `config` when they cannot be.
class RegistryResolver {
public:
  explicit RegistryResolver(const base::Environment&);

  /// Another `config.toml` of the Snowflake CLI; before anything is asked. Throws `usage` when it does not
  /// exist.
  void use_config_file(const std::filesystem::path& file);

  const ConfigPaths& paths() const noexcept { return paths_; }
  const Settings& settings();
  const Connections& connections();

  /// The registry that `server_url` names: one of Snowflake's, or one that the settings name. Absent for
  /// every other host.
  std::optional<docker::RegistryHost> find(std::string_view server_url);

  /// The connection that serves a host: the one that the settings name, else the first whose account has that
  /// registry, the default connection before all others and the connection that variables alone make last.
  /// The settings' role replaces the connection's. Throws `not_found` when there is none, and `config` when
  /// the settings name one that does not exist, or one of another account than the host.
  Connection connection_for(const docker::RegistryHost&);

  /// Throws what `connection_for` throws, and `config` when the account of the connection is not sound.
  void check(const docker::RegistryHost& host);

  /// The registry of a connection: the one of its account, unless the settings bind another host of Snowflake
  /// to it; where the account does not tell (a locator), any host that the settings bind to it. Throws
  /// `config` when there is none.
  docker::RegistryHost registry_of(const Connection&);

  /// The connection in the role that the settings name for its registry.
  Connection in_role_of_settings(Connection);

  /// Every registry that a connection leads to, and those that the settings name, sorted. Connections that
  /// are broken are left out.
  std::vector<std::string> hosts();

private:
  const base::Environment& environment_;
  ConfigPaths paths_;
  std::optional<Settings> settings_;
  std::optional<Connections> connections_;
};

}  // namespace config
