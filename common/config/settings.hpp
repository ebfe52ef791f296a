// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/connection.hpp"

namespace config {

/// Which secret stores may be used.
enum class StoreChoice { automatic, keyring, secret_service, none };

/// Whether Docker takes the first part of an image's name for the host of a registry: one with a dot or a
/// port, or `localhost` (https://pkg.go.dev/github.com/distribution/reference).
bool is_registry_host(std::string_view host);
inline constexpr const char* why_not_a_registry_host =
    "Docker takes a name without a dot and without a port for a part of an image's name";

/// The settings of one registry host.
struct RegistrySettings {
  std::optional<std::string> connection;
  std::optional<std::string> role;
  TokenSource token_source = TokenSource::session;
};

/// This project's own settings file (TOML):
///
///     store = "auto"          # auto | keyring | secret-service | none
///     interactive = "never"   # never | terminal: whether the credential helper may ask the user
///     [registries."myorg-myacct.registry.snowflakecomputing.com"]
///     connection = "dev"
///     role = "PUSHER"
///     through = "snow"        # snow: tokens from the Snowflake CLI | pat: the connection's own token
struct Settings {
  std::filesystem::path file;
  StoreChoice store = StoreChoice::automatic;
  bool helper_may_prompt = false;                                   ///< `interactive`
  std::map<std::string, RegistrySettings, std::less<>> registries;  ///< by `docker::normalized_host`

  /// Sentences for the user about settings that have no effect.
  std::vector<std::string> warnings = {};

  /// Defaults when the file does not exist, or is in a directory that cannot be entered, which
  /// `RegistryResolver` warns about. Throws `config` with file, line and key for invalid TOML, an unknown
  /// key, a wrong type or an invalid host; and when the file belongs to another user, or others may write to
  /// it.
  static Settings read(const std::filesystem::path& file);
  /// Parses the text that is about to be written to `file`. Throws like `read`.
  static Settings parse(std::string_view text, const std::filesystem::path& file);

  bool uses_kernel_keyring() const noexcept {
    return store == StoreChoice::automatic || store == StoreChoice::keyring;
  }
  bool uses_secret_service() const noexcept {
    return store == StoreChoice::automatic || store == StoreChoice::secret_service;
  }
  /// The hosts of `registries`.
  std::vector<std::string> named_hosts() const;
};

}  // namespace config
