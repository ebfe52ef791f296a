// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "config/connections.hpp"
#include "config/settings.hpp"
#include "docker/registry.hpp"

namespace config {

/// Maps registry hosts to connections and back, from this project's settings and the Snowflake CLI's
/// connections. Files are read when they are first needed; every function that needs them throws `config`
/// when they cannot be read.
class RegistryResolver {
public:
  explicit RegistryResolver(const base::Environment&);

  /// Uses another `config.toml` of the Snowflake CLI. Call this first. Throws `usage` when it does not exist.
  void use_config_file(const std::filesystem::path& file);

  /// Reads the files again when they are next needed. Call this after writing one of them.
  void reread() {
    settings_.reset();
    connections_.reset();
  }

  const ConfigPaths& paths() const noexcept { return paths_; }
  /// Valid until `reread`.
  const Settings& settings();
  /// Valid until `reread`.
  const Connections& connections();
  /// Why the settings could not be read, except for what `connections` warns about. Empty before the first
  /// call of `settings`.
  std::vector<std::string> warnings_of_settings() const;

  /// The registry at `server_url`, if it is a Snowflake registry or one in the settings. Absent for every
  /// other host.
  std::optional<docker::RegistryHost> find(std::string_view server_url);

  /// The connection for a host: the one in the settings, else the first whose account has that registry,
  /// trying the default connection first and the connection from variables alone last. A role in the settings
  /// replaces the connection's. Throws `not_found` when there is none, and `config` when the settings name a
  /// connection that does not exist, or one of a different account.
  Connection connection_for(const docker::RegistryHost&);

  /// Throws like `connection_for`, and `config` when the account of the connection is not valid.
  void check(const docker::RegistryHost& host);

  /// The registry of a connection: a Snowflake registry that the settings bind to it, else the registry of
  /// its account, else (when the account is a locator) any host that the settings bind to it. The registry of
  /// the account wins when the settings bind it, too. Throws `config` when there is none.
  docker::RegistryHost registry_of(const Connection&);

  /// The registry of a connection, if the settings name another connection for it.
  std::optional<docker::RegistryHost> host_bound_elsewhere(const Connection&);

  /// Where the settings say that the credential of a host comes from.
  TokenSource token_source_of(const docker::RegistryHost&);

  /// The connection with the role and the token source that the settings have for its registry, as Docker's
  /// logins use it. A role on the command line takes precedence. Unchanged when the connection does not
  /// determine its registry.
  Connection with_registry_settings(Connection, const ConnectionSelection&);

  /// The registries of all connections and those in the settings, sorted. Skips connections without a valid
  /// registry.
  std::vector<std::string> hosts();

private:
  /// Null when the settings have nothing about the host.
  const RegistrySettings* settings_of(const docker::RegistryHost&);

  const base::Environment& environment_;
  ConfigPaths paths_;
  std::optional<Settings> settings_;
  std::optional<Connections> connections_;
};

}  // namespace config
