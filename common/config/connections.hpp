// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "config/config_paths.hpp"
#include "config/connection.hpp"

namespace config {

/// What a command line says of the connection (`snowflake/PROTOCOL.md` 9.3).
struct ConnectionSelection {
  std::optional<std::string> name;                           ///< -c
  bool temporary = false;                                    ///< -x
  std::map<std::string, base::Secret, std::less<>> options;  ///< --account, --user, ... by key of the files
};

/// The connections of the Snowflake CLI, as its files and variables have them, with its precedence
/// (`snowflake/PROTOCOL.md` 9.1 to 9.3): option, then SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>, then file, then
/// SNOWFLAKE_<KEY>.
class Connections {
public:
  /// No files are no connections. Throws `config`, naming file, line and column: bad TOML, and files that
  /// others may read or write (`snowflake/PROTOCOL.md` 9.5).
  static Connections read(const base::Environment&, const ConfigPaths&);

  /// Throws `config` with the names there are when there is none of that name.
  Connection named(const std::string& name) const {
    return chosen({.name = name, .temporary = false, .options = {}});
  }
  /// SNOWFLAKE_DEFAULT_CONNECTION_NAME, or default_connection_name, or "default".
  const std::string& default_name() const noexcept { return default_name_; }
  /// In the order of the file, but the default connection first if it exists.
  std::vector<std::string> names() const;
  /// The connection that a command line means. Throws `config` as `named` does.
  Connection chosen(const ConnectionSelection&) const;
  /// Sentences for a person about what is odd but no error.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
  base::Environment environment_;
  std::string default_name_ = "default";
  std::vector<Connection> connections_;
  std::vector<std::string> hidden_;  ///< in config.toml, where connections.toml hides them
  std::filesystem::path file_;       ///< where a connection would have to be written
  std::vector<std::string> warnings_;
};

}  // namespace config
