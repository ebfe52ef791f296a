// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace config {

/// A known key of a connection. Command-line options, variables and the redaction of secrets are all derived
/// from the table of these keys.
struct ConnectionKey {
  /// Decides how a value is repaired and checked (`value_repair.hpp`, `connection_values.hpp`).
  enum class Kind {
    account,
    host,
    user,
    identifier,  ///< of a role, database, schema or warehouse; may be in double quotes
    word,        ///< a keyword, or an id without spaces
    number,
    path,
    url,
    token,     ///< printable ASCII without spaces
    password,  ///< or another secret that may contain spaces and quotes
    key,       ///< a private key
    text,
  };
  /// The kind of a command-line option.
  enum class Option { none, value, hidden_value, flag };

  std::string_view name;
  std::string_view alias = {};  ///< another name in the files; empty when there is none
  Kind kind = Kind::text;
  bool may_hold_secret = false;  ///< never shown, and not passed to other programs
  bool from_variable = false;    ///< SNOWFLAKE_<NAME> sets it where no file does
  Option option = Option::none;
  const char* flags = "";        ///< the option's names, as in the Snowflake CLI
  const char* description = "";  ///< of the option, for --help

  /// The first of the option's names; empty when there is no option.
  std::string_view first_flag() const {
    const std::string_view all = flags;
    return all.substr(0, all.find(','));
  }
};

/// All known keys.
std::span<const ConnectionKey> connection_keys();

/// By name or alias; null for an unknown key.
const ConnectionKey* find_connection_key(std::string_view key);

/// The name of `key` in `Connection::fields`: for an alias, the key that it stands for.
std::string_view canonical_key(std::string_view key);

/// The kind of a key; `text` for an unknown one.
ConnectionKey::Kind kind_of(std::string_view key);

/// Whether the value of `key` may be a secret. True for unknown keys.
bool may_hold_secret(std::string_view key);

/// Whether a variable may hold a secret of a connection: SNOWFLAKE_<KEY>, SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>,
/// SNOWFLAKE_CONNECTIONS and PRIVATE_KEY_PASSPHRASE.
bool variable_may_hold_secret(std::string_view variable);
/// Whether a variable is not passed to other programs, because it may hold a secret, if only by mistake.
bool is_hidden_from_children(std::string_view variable);

/// Whether a variable identifies the CI job or the cloud role of this process. Jobs in which such a variable
/// differs may have different identities in Snowflake, though they use the same connection.
bool is_ci_identity_variable(std::string_view variable);

}  // namespace config
