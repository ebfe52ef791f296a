// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

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

/// What a user calls a value of the connection, by where it was set: `--authenticator`,
/// `SNOWFLAKE_AUTHENTICATOR`, or `authenticator in the connection`. A value that is not set belongs to where
/// the value of `beside` was set.
std::string name_of_value(const Connection&, std::string_view key, std::string_view beside = {});
/// How to set a value, in the form in which the user set it before: `use --authenticator OAUTH`,
/// `set SNOWFLAKE_AUTHENTICATOR=OAUTH`, or `set authenticator = "OAUTH" in the connection`.
std::string how_to_set(const Connection&, std::string_view key, const std::string& value,
                       std::string_view beside = {});

/// Checks only the values that make up the address of an account: account, host, region and port.
void check_address(const Connection&);

}  // namespace config
