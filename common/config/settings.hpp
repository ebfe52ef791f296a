// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace config {

/// Where secrets may rest.
enum class StoreChoice { automatic, keyring, secret_service, none };

/// What the settings say of one registry host.
struct RegistrySettings {
  std::optional<std::string> connection;
  std::optional<std::string> role;
};

/// This project's own settings file (TOML):
///
///     store = "auto"          # auto | keyring | secret-service | none
///     interactive = "never"   # never | terminal: whether the credential helper may ask the person
///     [registries."myorg-myacct.registry.snowflakecomputing.com"]
///     connection = "dev"
///     role = "PUSHER"
struct Settings {
  std::filesystem::path file;
  StoreChoice store = StoreChoice::automatic;
  bool helper_may_ask = false;                                      ///< `interactive`
  std::map<std::string, RegistrySettings, std::less<>> registries;  ///< by `docker::normalized_host`

  /// Defaults when there is no file. Throws `config` with file, line and key: bad TOML, an unknown key, a
  /// wrong type, a host that is none, a file that others may write to.
  static Settings read(const std::filesystem::path& file);

  /// The hosts of `registries`.
  std::vector<std::string> named_hosts() const;
};

}  // namespace config
