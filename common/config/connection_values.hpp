// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"

namespace config {

/// Checks all values of a connection before any of them is sent. Throws `config` for values that cannot be
/// right: references such as ${NAME}, which are never expanded; placeholders such as <password>; keys and
/// tokens in place of a name; invisible characters; spaces and quotes in a token. The message has the key and
/// the origin of the value, but never the value itself.
void check_values(const Connection&, const base::Environment&);

/// Checks a token that was read from `file` in the same way.
void check_token_from_file(const Connection&, const base::Secret& token, std::string file);

/// Checks only the values that make up the address of an account: account, host, region and port.
void check_address(const Connection&);

/// Text in place of a value, which another program should have replaced with the value.
struct ValueReference {
  /// `a reference to a variable`, `a reference to a secret in a vault`, `a masked copy of a value`, ... for a
  /// sentence; empty when the value is not one of them.
  std::string what;
  std::string variable;  ///< the name of the variable, if it is a reference to one

  bool empty() const noexcept { return what.empty(); }
};

/// Recognizes a value that consists of a reference of a shell, CI system, template language or secret
/// manager; of `***` from a log or a web page; or of a word for a missing value, such as `None`. A password
/// may be almost anything, so `$NAME`, `%NAME%` and `__NAME__` are references there only if they are long and
/// in upper case, which Snowflake's default password policy does not allow.
ValueReference find_reference(std::string_view value, bool is_password);

}  // namespace config
