// SPDX-License-Identifier: Apache-2.0
#include "config/config_paths.hpp"

#include <sys/stat.h>

#include <optional>

#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

/// The path in a variable; absent when it is relative.
std::optional<std::filesystem::path> path_in(const base::Environment& environment, const char* variable) {
  const auto set = environment.non_empty(variable);
  if (!set) return std::nullopt;
  auto path = environment.expand_home(*set);
  return path.is_relative() && !path.empty() ? std::nullopt : std::optional{std::move(path)};
}

std::filesystem::path snowflake_directory(const base::Environment& environment) {
  const auto set = path_in(environment, "SNOWFLAKE_HOME");
  const auto directory = set ? *set : environment.expand_home("~/.snowflake");
  struct stat status {};
  if (!directory.empty() && stat(directory.c_str(), &status) == 0) return directory;
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
  // Without a home directory there are no files: a relative path would be looked up in the current directory.
  const auto below = [](const std::filesystem::path& directory, const char* name) {
    return directory.empty() ? directory : directory / name;
  };
  const auto snowflake = snowflake_directory(environment);
  const auto named = path_in(environment, "DOCKER_SNOWFLAKE_CONFIG");
  return {.settings = named ? *named : below(environment.config_home(), "docker-snowflake/config.toml"),
          .config = below(snowflake, "config.toml"),
          .connections = below(snowflake, "connections.toml")};
}

std::vector<std::string> warnings_about_paths(const base::Environment& environment) {
  std::vector<std::string> warnings;
  for (const char* variable : {"SNOWFLAKE_HOME", "DOCKER_SNOWFLAKE_CONFIG"}) {
    if (environment.non_empty(variable) && !path_in(environment, variable))
      warnings.push_back(std::string{variable} + " is a relative path and is ignored: use an absolute path");
  }
  const auto home = path_in(environment, "SNOWFLAKE_HOME");
  std::error_code ignored;
  if (home && !std::filesystem::is_directory(*home, ignored))
    warnings.push_back("SNOWFLAKE_HOME is not a directory and is ignored: " +
                       base::printable(home->native()));
  if (const auto other = ignored_connections_directory(environment))
    warnings.push_back(other->native() + " is ignored because " + snowflake_directory(environment).native() +
                       " exists: move its files there, or remove that directory");
  return warnings;
}

std::optional<std::filesystem::path> ignored_connections_directory(const base::Environment& environment) {
  const auto home = environment.config_home();
  if (home.empty() || path_in(environment, "SNOWFLAKE_HOME")) return std::nullopt;
  const auto has_files = [](const std::filesystem::path& directory) {
    std::error_code ignored;
    return std::filesystem::exists(directory / "connections.toml", ignored) ||
           std::filesystem::exists(directory / "config.toml", ignored);
  };
  const auto used = snowflake_directory(environment);
  auto other = home / "snowflake";
  return used != other && !has_files(used) && has_files(other) ? std::optional{std::move(other)}
                                                               : std::nullopt;
}

ConfigFingerprint fingerprint(const base::Environment& environment, const ConfigPaths& files) {
  base::Fingerprint whole;
  for (const auto& file : {files.settings, files.config, files.connections}) add_file(whole, file);
  base::Fingerprint without_secrets = whole;
  for (const auto& [name, value] : environment.all()) {
    if (!affects_connections(name)) continue;
    whole.add(name).add(value);
    // The identity of a CI job may be a token, too.
    if (!variable_may_hold_secret(name) && !is_ci_identity_variable(name))
      without_secrets.add(name).add(value);
  }
  return {whole.hex(), without_secrets.hex()};
}

}  // namespace config
