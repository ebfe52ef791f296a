// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/secret.hpp"

namespace config {

/// Where the credential of a registry comes from.
enum class TokenSource {
  session,                    ///< a session of the connection issues a registry token
  snow,                       ///< an installed Snowflake CLI gets it
  programmatic_access_token,  ///< the connection's own token is handed to the registry
};

/// A connection of the Snowflake CLI, with every value as text (`snowflake/PROTOCOL.md` 9.4). Unknown keys
/// are kept.
struct Connection {
  std::string name;  ///< empty for a temporary connection from options and variables
  std::map<std::string, base::Secret, std::less<>> fields;
  TokenSource through = TokenSource::session;  ///< from the settings of the registry that is asked for
  bool has_typed_secret = false;  ///< its password, passcode or token was given on the command line

  bool has(std::string_view key) const { return fields.contains(key); }
  /// For keys that hold no secret; empty when absent.
  std::string text(std::string_view key) const;
  /// Empty when absent.
  base::Secret secret(std::string_view key) const;
  /// true, false, 1 or 0, in any case; false when absent. Throws `config` for anything else.
  bool flag(std::string_view key) const;
  /// A number of seconds from 1 to a day; absent when the key is absent. Throws `config` for anything else.
  std::optional<std::chrono::seconds> seconds(std::string_view key) const;
  /// In upper case; `SNOWFLAKE` when absent. An Okta URL stays as it is.
  std::string authenticator() const;
};

/// Checks the values of a connection before any of them is sent. Throws `config` for values that cannot be
/// right: a reference such as ${NAME}, which is never expanded, or a password or passcode with a newline or
/// another control character. The message never contains the value.
void check_values(const Connection&, const base::Environment&);

}  // namespace config
