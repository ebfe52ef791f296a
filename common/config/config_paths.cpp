// SPDX-License-Identifier: Apache-2.0
#include "config/config_paths.hpp"

#include <sys/stat.h>

#include "base/fingerprint.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

std::filesystem::path snowflake_folder(const base::Environment& environment) {
  const auto set = environment.non_empty("SNOWFLAKE_HOME");
  const auto folder = environment.expand_home(set.value_or("~/.snowflake"));
  struct stat status {};
  if (!folder.empty() && stat(folder.c_str(), &status) == 0) return folder;
  const auto home = environment.config_home();
  return home.empty() ? home : home / "snowflake";
}

void add_file(base::Fingerprint& fingerprint, const std::filesystem::path& path) {
  struct stat status {};
  fingerprint.add(path.native());
  if (stat(path.c_str(), &status) != 0) return;
  fingerprint.add(std::uint64_t{status.st_ino})
      .add(static_cast<std::uint64_t>(status.st_size))
      .add(static_cast<std::uint64_t>(status.st_mtim.tv_sec))
      .add(static_cast<std::uint64_t>(status.st_mtim.tv_nsec))
      // Permissions decide whether the file may be used at all.
      .add(std::uint64_t{status.st_mode});
}

bool affects_connections(std::string_view variable) {
  return variable.starts_with("SNOWFLAKE_") || variable == "PRIVATE_KEY_PASSPHRASE" ||
         is_ci_identity_variable(variable);
}

}  // namespace

ConfigPaths find_config_paths(const base::Environment& environment) {
  // Without a home folder there are no files: a relative path would be looked up in the current folder.
  const auto below = [](const std::filesystem::path& folder, const char* name) {
    return folder.empty() ? folder : folder / name;
  };
  const auto snowflake = snowflake_folder(environment);
  const auto named = environment.non_empty("DOCKER_SNOWFLAKE_CONFIG");
  return {.settings = named ? environment.expand_home(*named)
                            : below(environment.config_home(), "docker-snowflake/config.toml"),
          .config = below(snowflake, "config.toml"),
          .connections = below(snowflake, "connections.toml")};
}

ConfigFingerprint fingerprint(const base::Environment& environment, const ConfigPaths& files) {
  base::Fingerprint whole;
  for (const auto& file : {files.settings, files.config, files.connections}) add_file(whole, file);
  base::Fingerprint without_secrets = whole;
  for (const auto& [name, value] : environment.all()) {
    if (!affects_connections(name)) continue;
    whole.add(name).add(value);
    // The identity of a CI job may be a token, too.
    if (!may_hold_secret_variable(name) && !is_ci_identity_variable(name))
      without_secrets.add(name).add(value);
  }
  return {whole.hex(), without_secrets.hex()};
}

}  // namespace config
