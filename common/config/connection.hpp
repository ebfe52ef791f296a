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

/// One connection of the Snowflake CLI, every key as text (`snowflake/PROTOCOL.md` 9.4). Keys that nobody
/// knows are carried along.
struct Connection {
  std::string name;  ///< empty for one that was made on the command line
  std::map<std::string, base::Secret, std::less<>> fields;
  bool has_typed_secret = false;  ///< a password, passcode or token of it was given on the command line

  bool has(std::string_view key) const { return fields.contains(key); }
  /// For keys that hold no secret; empty when absent.
  std::string text(std::string_view key) const;
  /// Empty when absent.
  base::Secret secret(std::string_view key) const;
  /// true, false, 1, 0 in any case; absent reads as false. Throws `config` for anything else.
  bool flag(std::string_view key) const;
  /// A number of seconds above zero; absent when the key is. Throws `config` for anything else.
  std::optional<std::chrono::seconds> seconds(std::string_view key) const;
  /// Upper case; `SNOWFLAKE` when absent. An Okta address stays as it is.
  std::string authenticator() const;
};

/// Judges what a connection says by what it can mean, before any of it is sent. Throws `config` for what
/// cannot be right: a reference such as ${NAME} that nothing expands, or a password or passcode with a line
/// end or another control character. Nothing of a value that may be a secret is in the message.
void check_values(const Connection&, const base::Environment&);

}  // namespace config
