// SPDX-License-Identifier: Apache-2.0
#include "config/sources.hpp"

#include <sys/stat.h>

#include "base/fingerprint.hpp"
#include "config/workload.hpp"

namespace config {
namespace {

std::filesystem::path snowflake_folder(const base::Environment& environment) {
  const auto set = environment.non_empty("SNOWFLAKE_HOME");
  const auto folder = environment.expand_home(set.value_or("~/.snowflake"));
  struct stat status {};
  if (stat(folder.c_str(), &status) == 0) return folder;
  return environment.config_home() / "snowflake";
}

void add_file(base::Fingerprint& fingerprint, const std::filesystem::path& path) {
  struct stat status {};
  fingerprint.add(path.native());
  if (stat(path.c_str(), &status) != 0) return;
  fingerprint.add(std::uint64_t{status.st_ino})
      .add(static_cast<std::uint64_t>(status.st_size))
      .add(static_cast<std::uint64_t>(status.st_mtim.tv_sec))
      .add(static_cast<std::uint64_t>(status.st_mtim.tv_nsec))
      // The mode decides whether the file may be used at all.
      .add(std::uint64_t{status.st_mode});
}

bool decides_about_connections(std::string_view variable) {
  return variable.starts_with("SNOWFLAKE_") || variable == "PRIVATE_KEY_PASSPHRASE" ||
         is_ci_identity_variable(variable);
}

}  // namespace

ConfigPaths find_config_paths(const base::Environment& environment) {
  const auto snowflake = snowflake_folder(environment);
  const auto named = environment.non_empty("DOCKER_SNOWFLAKE_CONFIG");
  return {.settings = named ? environment.expand_home(*named)
                            : environment.config_home() / "docker-snowflake" / "config.toml",
          .config = snowflake / "config.toml",
          .connections = snowflake / "connections.toml"};
}

std::string fingerprint(const base::Environment& environment, const ConfigPaths& files) {
  base::Fingerprint fingerprint;
  for (const auto& file : {files.settings, files.config, files.connections}) add_file(fingerprint, file);
  for (const auto& [name, value] : environment.all()) {
    if (decides_about_connections(name)) fingerprint.add(name).add(value);
  }
  return fingerprint.hex();
}

}  // namespace config
