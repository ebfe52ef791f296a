// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "config/connection.hpp"
#include "config/settings.hpp"
#include "config/sources.hpp"
#include "docker/registry_host.hpp"

namespace config {

/// What a command line says of the connection (`snow-cli-behaviour.md` 1.4, 1.6).
struct Choice {
  std::optional<std::string> name;                           ///< -c
  bool temporary = false;                                    ///< -x
  std::map<std::string, base::Secret, std::less<>> options;  ///< --account, --user, ... by key of the files
};

/// The connections of the Snowflake CLI, as its files and variables have them, with its precedence
/// (`snow-cli-behaviour.md` 1.2 to 1.4): flag, then SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>, then file, then
/// SNOWFLAKE_<KEY>.
class Connections {
public:
  /// No files are no connections. Throws `config`, naming file, line and column: bad TOML, and files that
  /// others may read or write (`snow-cli-behaviour.md` 1.7).
  static Connections read(const base::Environment&, const Files&);

  /// Throws `config` with the names there are when there is none of that name.
  Connection named(std::string_view name) const;
  /// SNOWFLAKE_DEFAULT_CONNECTION_NAME, or default_connection_name, or "default".
  const std::string& default_name() const noexcept { return default_name_; }
  /// In the order of the file.
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// The connection that a command line means. Throws `config` as `named` does.
  Connection chosen(const Choice&) const;
  /// Sentences for a person about what is odd but no error: a file others may read, [connections.x] that
  /// another file hides.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
  base::Environment environment_;
  std::string default_name_ = "default";
  std::vector<std::string> names_;
  std::map<std::string, Connection, std::less<>> connections_;
  std::vector<std::string> warnings_;
};

/// The connection that a registry host belongs to: the one that the settings name for it, else the one whose
/// account gives that host, the default connection first. The settings' role replaces the connection's.
/// Throws `not_found` with a hint that says what to write when there is none, and `config` when the settings
/// name a connection that does not exist, or one that is plainly of another account than the host.
Connection connection_for(const docker::RegistryHost&, const Settings&, const Connections&);

/// Every registry host that a connection leads to, and those that the settings name, sorted. Connections that
/// are broken lead nowhere.
std::vector<std::string> registry_hosts(const Settings&, const Connections&);

}  // namespace config
