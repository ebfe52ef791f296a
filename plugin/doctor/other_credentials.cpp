// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"
#include "docker_config/config_paths.hpp"
#include "doctor/checks.hpp"
#include "doctor/docker_logins.hpp"

namespace plugin::doctor {
namespace {

/// Where podman, buildah and skopeo look, the first that is found (`docker/PROTOCOL.md` 3.2).
std::vector<std::filesystem::path> files_of_containers(const base::Environment& environment) {
  std::vector<std::filesystem::path> files;
  if (const auto file = docker_config::containers_runtime_file(environment)) files.push_back(*file);
  files.push_back(docker_config::containers_file(environment));
  return files;
}

}  // namespace

Finding look_at_docker_auth_config(Examination& examination) {
  const auto value = examination.context.environment.non_empty("DOCKER_AUTH_CONFIG");
  if (!value) return good("not set");
  const auto json = base::parse_json(*value);
  if (!json) return odd("DOCKER_AUTH_CONFIG is set, and is not JSON", "unset DOCKER_AUTH_CONFIG");
  if (examination.host && has_login(*json, examination.host->name())) {
    return broken("DOCKER_AUTH_CONFIG has a login for " + examination.host->name() +
                      ", which Docker uses instead of asking the helper",
                  "unset DOCKER_AUTH_CONFIG, or take that entry out of it");
  }
  return good("set, for other registries");
}

Finding look_at_buildx(Examination& examination) {
  if (!examination.host) return skipped("it is not known which registry is meant");
  const auto set = examination.context.environment.non_empty("BUILDX_CONFIG");
  const auto folder = (set ? std::filesystem::path{*set} : examination.docker_folder() / "buildx") /
                      "config" / examination.host->name();
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return good("builds use Docker's own config");
  return odd("builds use " + folder.string() + " for this registry, and not Docker's own config",
             "rm -r " + folder.string() + ", unless it is meant");
}

Finding look_at_containers(Examination& examination) {
  if (!examination.host) return skipped("it is not known which registry is meant");
  for (const auto& file : files_of_containers(examination.context.environment)) {
    const auto text = base::read_file(file);
    if (!text) continue;
    const auto json = base::parse_json(*text);
    if (!json)
      return odd(file.string() + " is not JSON", "correct it: podman, buildah and skopeo stop at it");
    examination.redaction.add_docker_config(*json);
    const auto& host = examination.host->name();
    const auto helper = base::text_at(base::member(*json, "credHelpers"), host);
    if (helper == "snowflake") return good(file.string() + " names the helper");
    if (has_login(*json, host)) {
      return odd(
          "podman, buildah and skopeo use a token in " + file.string() + " instead of asking the helper",
          "podman logout " + host);
    }
  }
  return good("podman, buildah and skopeo find what Docker finds");
}

}  // namespace plugin::doctor
