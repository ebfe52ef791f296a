// SPDX-License-Identifier: Apache-2.0
#include "docker_config/config_paths.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::docker_config {
namespace {

std::filesystem::path below_home(const std::filesystem::path& path) {
  if (!path.is_relative()) return path;
  throw base::Error(base::Kind::config, "there is no home folder: HOME is not set",
                    "set HOME, or name Docker's folder with --docker-config");
}

std::filesystem::path absolute_of(const std::string& path) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(path, error);
  if (!error) return absolute;
  throw base::Error(base::Kind::config,
                    "'" + base::printable(path, 200) + "' is not a valid path: " + error.message(),
                    "use an absolute path");
}

}  // namespace

std::filesystem::path docker_file(const base::Environment& environment,
                                  const std::optional<std::string>& given) {
  if (given) return absolute_of(*given) / "config.json";
  if (const auto folder = environment.non_empty("DOCKER_CONFIG")) return absolute_of(*folder) / "config.json";
  return below_home(environment.home() / ".docker/config.json");
}

std::filesystem::path containers_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("REGISTRY_AUTH_FILE")) return absolute_of(*file);
  return below_home(environment.config_home() / "containers/auth.json");
}

std::optional<std::filesystem::path> containers_runtime_file(const base::Environment& environment) {
  if (environment.non_empty("REGISTRY_AUTH_FILE")) return std::nullopt;
  if (const auto folder = environment.non_empty("XDG_RUNTIME_DIR"))
    return std::filesystem::path{*folder} / "containers/auth.json";
  return "/run/containers/" + std::to_string(geteuid()) + "/auth.json";
}

std::filesystem::path helm_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("HELM_REGISTRY_CONFIG")) return absolute_of(*file);
  if (const auto folder = environment.non_empty("HELM_CONFIG_HOME"))
    return absolute_of(*folder) / "registry/config.json";
  return below_home(environment.config_home() / "helm/registry/config.json");
}

bool has_container_tool(const base::Environment& environment) {
  constexpr std::array tools = {"podman", "buildah", "skopeo"};
  return std::ranges::any_of(tools,
                             [&](const char* tool) { return find_program(tool, environment).has_value(); });
}

std::optional<std::string> default_store(const base::Environment& environment) {
  const std::string store = find_program("pass", environment) ? "pass" : "secretservice";
  if (!find_program("docker-credential-" + store, environment)) return std::nullopt;
  return store;
}

std::vector<std::string> missing_helpers(const DockerConfig& config, const base::Environment& environment) {
  std::vector<std::string> missing;
  for (const auto& name : config.helper_names()) {
    const auto program = "docker-credential-" + name;
    if (!find_program(program, environment)) missing.push_back(program);
  }
  return missing;
}

std::optional<std::filesystem::path> find_program(const std::string& name,
                                                  const base::Environment& environment) {
  for (const auto& folder : base::split(environment.get("PATH").value_or(""), ':')) {
    // Go, which Docker and the others are written in, runs nothing from the current folder.
    if (!folder.starts_with('/')) continue;
    const auto program = std::filesystem::path{folder} / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(program, ignored) && access(program.c_str(), X_OK) == 0)
      return program;
  }
  return std::nullopt;
}

}  // namespace plugin::docker_config
