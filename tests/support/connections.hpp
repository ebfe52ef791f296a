// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/file_change.hpp"
#include "config/connections.hpp"
#include "support/fakes.hpp"

namespace fakes {

/// A connection with these fields; empty ones are left out.
inline config::Connection connection(const std::map<std::string, std::string>& fields) {
  config::Connection result;
  for (const auto& [key, value] : fields) {
    if (!value.empty()) result.fields.emplace(key, base::Secret{value});
  }
  return result;
}

/// A home directory with files of the Snowflake CLI.
class SnowflakeHome {
public:
  SnowflakeHome() { std::filesystem::create_directory(directory_.path() / ".snowflake"); }

  std::filesystem::path write(const std::string& name, const std::string& content) const {
    const auto path = directory_.path() / ".snowflake" / name;
    base::write_file(path, content);
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    return path;
  }
  std::filesystem::path directory() const { return directory_.path() / ".snowflake"; }
  /// The environment of a user with this home directory.
  base::Environment environment(base::Environment::Variables variables = {}) const {
    variables["HOME"] = directory_.path();
    return base::Environment{variables};
  }
  config::Connections read(base::Environment::Variables variables = {}) const {
    const auto environment = this->environment(std::move(variables));
    return config::Connections::read(environment, config::find_config_paths(environment));
  }

private:
  TemporaryDirectory directory_;
};

}  // namespace fakes
