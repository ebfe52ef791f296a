// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/secret.hpp"

namespace config {

/// Where the credential of a registry comes from.
enum class TokenSource {
  session,                    ///< a session of the connection issues a registry token
  snow,                       ///< the installed Snowflake CLI gets a registry token
  programmatic_access_token,  ///< the registry gets the connection's own token
};

/// A connection of the Snowflake CLI, with every value as text, including those of unknown keys
/// (`snowflake/PROTOCOL.md` 9.4).
struct Connection {
  std::string name;  ///< empty for a temporary connection from options and variables
  std::map<std::string, base::Secret, std::less<>> fields;
  /// Where a value was set, for messages: `<file>:<line>`, a variable or an option.
  std::map<std::string, std::string, std::less<>> origins = {};
  /// Keys whose value in the file is not a string, but a number, a date or the like.
  std::set<std::string, std::less<>> non_text_keys = {};
  TokenSource token_source = TokenSource::session;  ///< from the settings of the registry
  bool has_secret_option = false;  ///< a password, passcode or token is from the command line

  bool has(std::string_view key) const { return fields.contains(key); }
  /// Where a value was set; empty when that is not known, or it is not set.
  std::string origin_of(std::string_view key) const;
  /// For keys that hold no secret; empty when absent.
  std::string text(std::string_view key) const;
  /// Empty when absent. Is masked in messages from now on, unless it `occurs_in_shown_values`.
  base::Secret secret(std::string_view key) const;
  /// Whether a secret is part of a value that is shown, such as the role: masking it would reveal what it is.
  bool occurs_in_shown_values(std::string_view secret) const;
  /// true, false, 1 or 0, in upper or lower case; false when absent. Throws `config` for anything else.
  bool flag(std::string_view key) const;
  /// A number of seconds from 1 to a day; absent when the key is absent. Throws `config` for anything else.
  std::optional<std::chrono::seconds> seconds(std::string_view key) const;
  /// In upper case; `SNOWFLAKE` when absent. The URL of Okta is returned as it is.
  std::string authenticator() const;
};

/// "connection 'dev'", or "the connection of the SNOWFLAKE_ variables" for one without a name.
std::string display_name(const Connection&);

/// The name of a connection as one word of a shell command, in quotes if it needs them.
std::string name_in_command(const std::string& name);

/// The unknown key of a connection that was probably meant to be `key`; empty when there is none.
std::string misspelled_key(const Connection&, std::string_view key);

/// What a user calls a value of the connection: `--authenticator`, `SNOWFLAKE_AUTHENTICATOR`, or
/// `authenticator in the connection`, by where it was set or, if it was not, by where `beside` was set.
std::string name_of_value(const Connection&, std::string_view key, std::string_view beside = {});
/// How to set a value, in the form in which the user set it before: `use --authenticator OAUTH`,
/// `set SNOWFLAKE_AUTHENTICATOR=OAUTH`, or `set authenticator = "OAUTH" in the connection`.
std::string how_to_set(const Connection&, std::string_view key, const std::string& value,
                       std::string_view beside = {});
/// How to do without a value: `leave out --port`, `unset SNOWFLAKE_PORT`, or `remove port from the
/// connection`.
std::string how_to_remove(const Connection&, std::string_view key);

}  // namespace config
