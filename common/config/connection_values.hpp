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

/// Checks only the values that make up the address of an account: account, host, region and port.
void check_address(const Connection&);

}  // namespace config
