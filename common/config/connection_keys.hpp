// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace config {

/// One key of a connection that this project knows: the one table from which command-line options, variables
/// and the redaction of secrets derive.
struct ConnectionKey {
  enum class Option { none, value, hidden_value, flag };

  std::string_view name;
  std::string_view alias;        ///< another name in the files; empty when there is none
  bool may_hold_secret = false;  ///< never shown, and not handed to other programs
  bool from_variable = false;    ///< SNOWFLAKE_<NAME> fills it where no file sets it
  Option option = Option::none;  ///< how the command line takes it
  const char* flags = "";        ///< as the Snowflake CLI calls the option
  const char* description = "";  ///< of the option
};

/// Every key that is known.
std::span<const ConnectionKey> connection_keys();

/// By name or alias; null for a key that is not known.
const ConnectionKey* find_connection_key(std::string_view key);

/// The name that `key` goes by in `Connection::fields`: an alias becomes the name it stands for.
std::string_view canonical_key(std::string_view key);

/// Whether the value of `key` may be a secret. Unknown keys may be.
bool may_hold_secret(std::string_view key);

/// Whether a variable may hold a secret of a connection: SNOWFLAKE_<KEY>, SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>,
/// SNOWFLAKE_CONNECTIONS and PRIVATE_KEY_PASSPHRASE.
bool may_hold_secret_variable(std::string_view variable);

/// Whether a variable says which job of a CI system, or which role of a cloud, a program runs as. Two jobs
/// that differ in one may be different identities in Snowflake, though they use the same connection.
bool is_ci_identity_variable(std::string_view variable);

}  // namespace config
