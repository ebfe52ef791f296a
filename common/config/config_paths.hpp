// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"

namespace config {

/// The files that decide about connections. Nothing is opened; they need not exist.
struct ConfigPaths {
  std::filesystem::path
      settings;  ///< this project's own: `DOCKER_SNOWFLAKE_CONFIG`, else `docker-snowflake/config.toml`
  std::filesystem::path config;       ///< the Snowflake CLI's `config.toml`
  std::filesystem::path connections;  ///< the Snowflake CLI's `connections.toml`
};

/// The Snowflake CLI's rule: `SNOWFLAKE_HOME` or `~/.snowflake` if that exists, else `snowflake` in the XDG
/// folder for configuration
/// (https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-cli).
ConfigPaths find_config_paths(const base::Environment&);

/// Changes whenever one of the files, or a variable that counts beside them, changes.
struct ConfigFingerprint {
  std::string value;            ///< of everything; belongs into stores of secrets only
  std::string without_secrets;  ///< leaves out what variables say that may hold a secret

  bool operator==(const ConfigFingerprint&) const = default;
};

/// A cached token with the same fingerprint may be handed out without reading anything; costs three `stat`.
ConfigFingerprint fingerprint(const base::Environment&, const ConfigPaths&);

}  // namespace config
