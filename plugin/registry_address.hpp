// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command_options.hpp"
#include "snowflake/session_cache.hpp"

namespace plugin {

/// The host of the account's registry, as its image repositories tell it: first those that everybody can see,
/// then those of the account (`snowflake/PROTOCOL.md` 10.2). Throws `not_found`
/// when the role sees none, or when there is no host for private connectivity.
std::string ask_registry_host(snowflake::SessionCache&, bool private_link);

/// Prints a registry token and the seconds that are left of it.
void print_token(const CommandOptions&, Context&);

}  // namespace plugin
