// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "config/config_paths.hpp"
#include "config/connection.hpp"

namespace config {

struct TomlValue;

/// How a command line selects a connection (`snowflake/PROTOCOL.md` 9.3).
struct ConnectionSelection {
  std::optional<std::string> name;                           ///< -c
  bool temporary = false;                                    ///< -x
  std::map<std::string, base::Secret, std::less<>> options;  ///< --account, --user, ... by connection key

  bool has_connection() const { return name || temporary; }
  bool empty() const { return !has_connection() && options.empty(); }
};

/// The connections in the Snowflake CLI's files and variables, with its precedence
/// (`snowflake/PROTOCOL.md` 9.1 to 9.3): option, then SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>, then file, then
/// SNOWFLAKE_<KEY>.
class Connections {
public:
  /// Files need not exist. Throws `config` with file, line and column for invalid TOML, and for files that
  /// others may read or write (`snowflake/PROTOCOL.md` 9.5).
  static Connections read(const base::Environment&, const ConfigPaths&);

  /// Throws `config`, listing the existing names, when there is no connection with that name.
  Connection named(const std::string& name) const {
    return select({.name = name, .temporary = false, .options = {}});
  }
  /// SNOWFLAKE_DEFAULT_CONNECTION_NAME, or default_connection_name, or "default".
  const std::string& default_name() const noexcept { return default_name_; }
  /// Whether there is a connection with that name.
  bool has_default() const { return positions_.contains(default_name_); }
  /// SNOWFLAKE_DEFAULT_CONNECTION_NAME says which one it is: a file cannot change that.
  bool default_is_from_variable() const noexcept { return default_is_from_variable_; }
  /// What the user does when there are connections, and none of them is the default.
  base::NextStep how_to_choose() const;
  /// The default connection first, if it exists; the others in the order of the file.
  std::vector<std::string> names() const;
  /// The connection that a command line selects. Throws like `named`.
  Connection select(const ConnectionSelection&) const;
  /// The connection from the SNOWFLAKE_<KEY> variables alone; absent without SNOWFLAKE_ACCOUNT.
  std::optional<Connection> from_variables() const;
  /// The connections of config.toml that are ignored because there is a connections.toml.
  const std::vector<Connection>& ignored() const noexcept { return ignored_; }
  /// The connections.toml, whether it exists or not.
  const std::filesystem::path& file() const noexcept { return file_; }
  /// Mistakes that are not errors, as sentences for the user.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  /// The first warning about a file or a table that is not read, which may be why a connection is missing.
  /// Empty when there is none.
  const std::string& why_connection_is_missing() const noexcept { return why_missing_; }

private:
  void warn_of_missing(std::string warning);
  /// The connections of a config.toml.
  std::vector<Connection> read_config(const TomlValue& root, const std::filesystem::path& file);
  /// Replaces those, `in_config`, by the ones of a connections.toml.
  void read_connections(const TomlValue& root, std::vector<Connection> in_config);

  base::Environment environment_;
  std::string default_name_ = "default";
  bool default_is_from_variable_ = false;
  std::vector<Connection> connections_;
  std::map<std::string, std::size_t> positions_;  ///< in `connections_`, by name
  std::vector<Connection> ignored_;
  std::filesystem::path file_;
  std::vector<std::string> warnings_;
  std::string why_missing_;
};

}  // namespace config
