// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace docker {

/// `host` or `host:port` from the server URL that a caller of the helper sends, in lower case and without
/// white space, scheme, user, path, trailing dot and the port 443 (`docker/PROTOCOL.md` 1.3). Absent when no
/// host is left, or it contains a character that no host name has.
std::optional<std::string> normalized_host(std::string_view server_url);

/// The host of a registry that Snowflake runs, or that the user's own settings name. This type cannot hold
/// any other host, so tokens cannot be looked up for, or sent to, anyone else.
class RegistryHost {
public:
  /// Accepts `<label>.registry.snowflakecomputing.{com,cn}` and the same with `privatelink`, comparing whole
  /// labels. An underscore in the label, which no TLS certificate covers, becomes the hyphen that the
  /// registry uses instead (`snowflake/PROTOCOL.md` 1.3). Absent for every other host.
  static std::optional<RegistryHost> parse(std::string_view server_url);
  /// Accepts also the hosts in `named`, each in the form that `normalized_host` returns.
  static std::optional<RegistryHost> parse(std::string_view server_url,
                                           const std::vector<std::string>& named);

  /// `host` or `host:port`, as in Docker's `credHelpers`.
  const std::string& name() const noexcept { return name_; }
  /// The first label: `<organization>-<account>`. Empty for a host outside Snowflake's domains.
  std::string_view account_label() const noexcept { return std::string_view{name_}.substr(0, label_size_); }
  /// `com` or `cn`; empty for a host outside Snowflake's domains.
  std::string_view top_level_domain() const noexcept;

  auto operator<=>(const RegistryHost&) const = default;

private:
  RegistryHost(std::string name, std::size_t label_size) : name_(std::move(name)), label_size_(label_size) {}

  std::string name_;
  std::size_t label_size_;
};

/// A credential of the credential-helper protocol (`docker/PROTOCOL.md` 1.1).
struct Credential {
  std::string server_url;
  std::string username;
  base::Secret secret;
};

/// Messages that callers of a helper compare byte for byte (`docker/PROTOCOL.md` 1.1, 1.3).
inline constexpr std::string_view not_found_text = "credentials not found in native keychain";
inline constexpr std::string_view no_server_url_text = "no credentials server URL";
inline constexpr std::string_view no_username_text = "no credentials username";

/// Parses the input of `store`. Throws `usage` when it is not JSON, or lacks a server or a user name.
Credential parse_credential(std::string_view json);
/// The answer to `get`: one line, without the line end.
base::Secret to_json(const Credential&);

}  // namespace docker
