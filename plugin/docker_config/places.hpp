// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"

namespace docker_config {

/// Docker's settings: in the folder `given`, else in `DOCKER_CONFIG`, else in `~/.docker`
/// (`docker/PROTOCOL.md` 3.1). Throws `config` when nobody knows the home folder.
std::filesystem::path docker_file(const base::Environment&, const std::optional<std::string>& given);

/// Where podman, buildah and skopeo find `credHelpers` on every day (`docker/PROTOCOL.md` 3.2):
/// `REGISTRY_AUTH_FILE`, else `containers/auth.json` in the folder for configuration. Throws as
/// `docker_file`.
std::filesystem::path containers_file(const base::Environment&);
/// What they read before that, and write logins to, until the next start of the machine. Absent when
/// `REGISTRY_AUTH_FILE` takes the place of all of them.
std::optional<std::filesystem::path> containers_runtime_file(const base::Environment&);
/// Whether one of them is installed.
bool has_container_tool(const base::Environment&);

/// Helm's own settings, which it reads before Docker's: `HELM_REGISTRY_CONFIG`, else `registry/config.json`
/// in `HELM_CONFIG_HOME`, else in `helm` in the folder for configuration. Throws as `docker_file`.
std::filesystem::path helm_file(const base::Environment&);

/// The store for logins that Docker and Helm take on Linux as long as their settings are empty: `pass` where
/// that is installed, else `secretservice`, and none when the helper for it is not there
/// (`docker/PROTOCOL.md` 3.1).
std::optional<std::string> default_store(const base::Environment&);

/// The program of that name that the PATH leads to.
std::optional<std::filesystem::path> find_program(const std::string& name, const base::Environment&);

}  // namespace docker_config
