// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "base/file_change.hpp"

namespace plugin::docker_config {

/// Docker's config.json: in the directory `given`, else in `DOCKER_CONFIG`, else in `~/.docker`
/// (https://docs.docker.com/reference/cli/docker/#configuration-files). Throws `config` when there is no home
/// directory, and for a `DOCKER_CONFIG` such as ~/.docker that a shell should have expanded.
std::filesystem::path docker_file(const base::Environment&, const std::optional<std::string>& given);

/// Where podman, buildah and skopeo look for `credHelpers`: `REGISTRY_AUTH_FILE`, else `containers/auth.json`
/// in the directory for configuration (containers-auth.json(5)). Throws as `docker_file`.
std::filesystem::path containers_file(const base::Environment&);
/// What they read before that and write logins to; it is gone after a reboot. Absent when
/// `REGISTRY_AUTH_FILE` replaces all other files.
std::optional<std::filesystem::path> containers_runtime_file(const base::Environment&);

/// Helm's own file, which it reads before Docker's: `HELM_REGISTRY_CONFIG`, else `registry/config.json` in
/// `HELM_CONFIG_HOME`, else in `helm` in the directory for configuration. Throws as `docker_file`.
std::filesystem::path helm_file(const base::Environment&);

/// A config file as it is now.
struct ConfigFile {
  std::filesystem::path path;       ///< as the programs name it
  std::filesystem::path target;     ///< where its links lead, whether or not there is a file
  std::optional<std::string> text;  ///< absent when there is no file
  base::FileOwnership ownership = {};

  /// Throws `config` when it exists and cannot be read, when it is a directory, when its links form a loop,
  /// and for root also when a link belongs to another user, who could make root write anywhere.
  static ConfigFile read(const std::filesystem::path& path);
};

/// Throws `config` unless the file may be changed: it is not write-protected, and its directory can be
/// written to.
void require_writable(const ConfigFile& file);

/// Writes `text` to the file, unless that has changed since it was read: then this does nothing and returns
/// false. Missing directories are made, for their owner alone. Root acts as the owner of the directory, so
/// that a user's files stay the user's. Throws `config`, also as `require_writable`.
[[nodiscard]] bool replace(const ConfigFile& file, const std::string& text);
/// The same for removing it.
[[nodiscard]] bool remove(const ConfigFile& file);

/// Calls `change`, which reads a file and replaces it, until it returns true: no other program has written
/// meanwhile. Throws `config` after five attempts.
void retry_change(const std::filesystem::path& file, const std::function<bool()>& change);

/// The path of the backup, next to the file: its original content without secrets.
std::filesystem::path backup_of(const ConfigFile& file);
/// Makes that copy, for its owner alone, unless there is one or `text` is empty.
void back_up(const ConfigFile& file, const std::string& text);

}  // namespace plugin::docker_config
