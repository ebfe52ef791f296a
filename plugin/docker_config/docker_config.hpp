// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace plugin::docker_config {

/// An entry of `auths`.
struct Login {
  /// The members that have a string, by the name that Docker knows them by, else as written.
  std::map<std::string, base::Secret, std::less<>> fields;

  /// False for `{}`, which marks a registry whose login is in a store.
  bool has_credential() const;
};

/// The parts of a config.json that Docker uses, its own or one in the same format (podman's auth.json, Helm's
/// registry/config.json, DOCKER_AUTH_CONFIG). The rules are those of Go's encoding/json, which Docker reads
/// it with (https://pkg.go.dev/encoding/json#Unmarshal): keys in any case, objects that occur twice are
/// merged, of other values the last one counts, null clears an object and leaves a string as it is, a value
/// of the wrong type is skipped.
struct DockerConfig {
  std::map<std::string, std::string, std::less<>> helpers;   ///< `credHelpers`: registry to helper
  std::string store;                                         ///< `credsStore`
  std::map<std::string, Login, std::less<>> logins;          ///< `auths`
  std::map<std::string, base::Secret, std::less<>> headers;  ///< `HttpHeaders`
  std::vector<std::string> plugin_directories;               ///< `cliPluginsExtraDirs`
  /// `plugins`: what a plugin is told, such as `hooks`.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> plugins;
  std::vector<std::string> keys;  ///< of the outermost object, as written

  /// Set when Docker cannot parse the text, warns on every command and goes on as if the file were empty.
  std::optional<base::Error> error;
  /// What Docker warns about and skips: sentences with file, line and column.
  std::vector<std::string> mismatches;

  /// Never throws: what is wrong is in `error` and `mismatches`. An empty text and `null` are an empty
  /// config.
  static DockerConfig read(const std::string& text, const std::string& name);

  /// The helper `docker-credential-<name>` that Docker asks for a registry; empty when it uses `auths`. Only
  /// the exact spelling of `registry` counts.
  std::string helper_for(const std::string& registry) const;
  /// Whether the file says anything about credentials. While it does not, Docker looks for a store by itself.
  bool has_credentials() const { return !store.empty() || !helpers.empty() || !logins.empty(); }
  /// The names of all helpers, each once.
  std::vector<std::string> helper_names() const;
};

/// Whether a text holds no settings at all for Docker: white space, or `null`.
bool is_blank(const std::string& text);

}  // namespace plugin::docker_config
