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
/// Relative paths in variables are ignored, with a warning: they would be other files in each directory.
ConfigPaths find_config_paths(const base::Environment&);
std::vector<std::string> warnings_about_paths(const base::Environment&);
/// The directory with connection files that are not read because `~/.snowflake` exists, without any. Absent
/// otherwise.
std::optional<std::filesystem::path> passed_over_directory(const base::Environment&);

/// Changes whenever one of the files, or a variable that affects connections, changes.
struct ConfigFingerprint {
  std::string value;            ///< of everything; to be kept in secret stores only
  std::string without_secrets;  ///< leaves out variables that may hold a secret

  bool operator==(const ConfigFingerprint&) const = default;
};

/// A cached token with the same fingerprint may be returned without reading any file. Takes three stat(2)
/// calls.
ConfigFingerprint fingerprint(const base::Environment&, const ConfigPaths&);

}  // namespace config
