// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "docker_config/docker_config.hpp"

// The container tools of this machine: where their config files are, and which of them are installed.
namespace plugin::docker_config {

/// Docker's config.json: in the directory `given`, else in `DOCKER_CONFIG`, else in `~/.docker`
/// (https://docs.docker.com/reference/cli/docker/#configuration-files). Throws `config` when there is no home
/// directory, and for a `DOCKER_CONFIG` such as ~/.docker that a shell should have expanded.
std::filesystem::path docker_file(const base::Environment&, const std::optional<std::string>& given);

/// Where podman, buildah and skopeo look for `credHelpers`: `REGISTRY_AUTH_FILE`, else `containers/auth.json`
/// in the directory for configuration (containers-auth.json(5)). Throws like `docker_file`.
std::filesystem::path containers_file(const base::Environment&);
/// The file that they read before that one and write logins to; it does not survive a reboot. Absent when
/// `REGISTRY_AUTH_FILE` replaces all other files.
std::optional<std::filesystem::path> containers_runtime_file(const base::Environment&);

/// Helm's own file, which it reads before Docker's: `HELM_REGISTRY_CONFIG`, else `registry/config.json` in
/// `HELM_CONFIG_HOME`, else in `helm` in the directory for configuration. Throws like `docker_file`.
std::filesystem::path helm_file(const base::Environment&);

/// The store that Docker and Helm use on Linux while their config says nothing about credentials: `pass`
/// where that is installed, else `secretservice`; absent when its helper is not on the PATH
/// (https://docs.docker.com/reference/cli/docker/login/#default-behavior). It need not work here.
std::optional<std::string> default_store(const base::Environment&);

/// The helpers that a config names and that are not on the PATH: `docker-credential-<name>`. Docker fails for
/// the registries that need them, and a build asks all of them.
std::vector<std::string> missing_helpers(const DockerConfig&, const base::Environment&);

/// Whether podman, buildah or skopeo is installed.
bool has_container_tool(const base::Environment&);

}  // namespace plugin::docker_config
