// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/environment.hpp"

namespace config {

/// Where the files lie that decide about connections. Nothing is opened; whether they exist is another
/// question.
struct ConfigPaths {
  std::filesystem::path
      settings;  ///< this project's own: `DOCKER_SNOWFLAKE_CONFIG`, else `docker-snowflake/config.toml`
  std::filesystem::path config;       ///< the Snowflake CLI's `config.toml`
  std::filesystem::path connections;  ///< the Snowflake CLI's `connections.toml`
};

/// The Snowflake CLI's rule (`snowflake/PROTOCOL.md` 9.1): `SNOWFLAKE_HOME` or `~/.snowflake` if that exists,
/// else `snowflake` in the XDG folder for configuration.
ConfigPaths find_config_paths(const base::Environment&);

/// Changes whenever one of these files, or a variable that counts beside them, changes. A kept token with the
/// same fingerprint may be handed out without reading anything; costs three `stat`.
std::string fingerprint(const base::Environment&, const ConfigPaths&);

}  // namespace config
