// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.hpp"
#include "config/connection.hpp"

namespace config {

/// Checks all values of a connection before any of them is sent. Throws `config` for those that cannot be
/// right: references such as ${NAME}, which are never expanded; placeholders such as <password>; keys and
/// tokens in place of a name; characters that cannot be seen; spaces and quotes in a token. The message has
/// the key and the origin of the value, and never the value itself.
void check_values(const Connection&, const base::Environment&);

/// Checks only the values that make up the address of an account: account, host, region and port.
void check_address(const Connection&);

}  // namespace config
