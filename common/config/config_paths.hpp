// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"

namespace config {

/// The files that define connections. They need not exist.
struct ConfigPaths {
  /// This project's own settings: `DOCKER_SNOWFLAKE_CONFIG`, else `docker-snowflake/config.toml`.
  std::filesystem::path settings;
  std::filesystem::path config;       ///< the Snowflake CLI's `config.toml`
  std::filesystem::path connections;  ///< the Snowflake CLI's `connections.toml`
};

/// By the Snowflake CLI's rules: `SNOWFLAKE_HOME` or `~/.snowflake` if that exists, else `snowflake` in the
/// XDG configuration directory
/// (https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-cli).
/// Relative paths in variables are ignored, because they would name a different file in each working
/// directory.
ConfigPaths find_config_paths(const base::Environment&);
/// Variables that are ignored, and the directory that `ignored_connections_directory` returns, as sentences.
std::vector<std::string> warnings_about_paths(const base::Environment&);
/// `snowflake` in the XDG configuration directory, if it has connection files that are not read because
/// `~/.snowflake` exists but has none.
std::optional<std::filesystem::path> ignored_connections_directory(const base::Environment&);

/// Changes whenever one of the files, or a variable that affects connections, changes.
struct ConfigFingerprint {
  std::string value;            ///< of everything; only for secret stores
  std::string without_secrets;  ///< without the variables that may hold a secret

  bool operator==(const ConfigFingerprint&) const = default;
};

/// A cached token with the same fingerprint may be returned without reading any file. Takes three stat(2)
/// calls.
ConfigFingerprint fingerprint(const base::Environment&, const ConfigPaths&);

}  // namespace config
