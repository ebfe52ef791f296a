// SPDX-License-Identifier: Apache-2.0
#include "docker_config/container_tools.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::docker_config {
namespace {

using base::Error;
using base::Kind;

std::filesystem::path below_home(const std::filesystem::path& path) {
  if (!path.is_relative()) return path;
  throw Error(Kind::config, "there is no home directory: HOME is not set",
              "set HOME, or name Docker's directory with --docker-config");
}

/// Throws `config` for a DOCKER_CONFIG that a shell should have expanded: Docker would create
/// a directory called `~`.
void require_expanded(const std::string& path) {
  const bool has_blanks = path != base::trim(path);
  if (!has_blanks && path.find_first_of("~$\"'") != 0) return;
  throw Error(Kind::config,
              "DOCKER_CONFIG is '" + base::printable(path, 200) + "', which " +
                  (has_blanks ? "begins or ends with a space" : "no shell has expanded"),
              "set it to an absolute path: export DOCKER_CONFIG=\"$HOME/.docker\"");
}

std::filesystem::path absolute_of(const std::string& path) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(path, error);
  if (!error) return absolute;
  throw Error(Kind::config, "'" + base::printable(path, 200) + "' is not a valid path: " + error.message(),
              "use an absolute path");
}

}  // namespace

std::filesystem::path docker_file(const base::Environment& environment,
                                  const std::optional<std::string>& given) {
  if (given) return absolute_of(*given) / "config.json";
  if (const auto directory = environment.non_empty("DOCKER_CONFIG")) {
    require_expanded(*directory);
    return absolute_of(*directory) / "config.json";
  }
  return below_home(environment.home() / ".docker/config.json");
}

std::filesystem::path containers_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("REGISTRY_AUTH_FILE")) return absolute_of(*file);
  return below_home(environment.config_home() / "containers/auth.json");
}

std::optional<std::filesystem::path> containers_runtime_file(const base::Environment& environment) {
  if (environment.non_empty("REGISTRY_AUTH_FILE")) return std::nullopt;
  if (const auto directory = environment.non_empty("XDG_RUNTIME_DIR"))
    return std::filesystem::path{*directory} / "containers/auth.json";
  return "/run/containers/" + std::to_string(geteuid()) + "/auth.json";
}

std::filesystem::path helm_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("HELM_REGISTRY_CONFIG")) return absolute_of(*file);
  if (const auto directory = environment.non_empty("HELM_CONFIG_HOME"))
    return absolute_of(*directory) / "registry/config.json";
  return below_home(environment.config_home() / "helm/registry/config.json");
}

bool has_container_tool(const base::Environment& environment) {
  constexpr std::array tools = {"podman", "buildah", "skopeo"};
  return std::ranges::any_of(
      tools, [&](const char* tool) { return base::find_program(tool, environment).has_value(); });
}

std::optional<std::string> default_store(const base::Environment& environment) {
  const std::string store = base::find_program("pass", environment) ? "pass" : "secretservice";
  if (!base::find_program("docker-credential-" + store, environment)) return std::nullopt;
  return store;
}

std::vector<std::string> missing_helpers(const DockerConfig& config, const base::Environment& environment) {
  std::vector<std::string> missing;
  for (const auto& name : config.helper_names()) {
    const auto program = "docker-credential-" + name;
    if (!base::find_program(program, environment)) missing.push_back(program);
  }
  return missing;
}

}  // namespace plugin::docker_config
