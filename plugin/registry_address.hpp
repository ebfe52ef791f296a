// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command_options.hpp"
#include "snowflake/kept_session.hpp"

namespace plugin {

/// The host of the account's registry, as its image repositories tell it: first those that everybody can see,
/// then those of the account (`snowflake/PROTOCOL.md` 10.2). Throws `not_found`
/// when the role sees none, or when there is no host for private connectivity.
std::string ask_registry_host(snowflake::KeptSession&, bool private_link);

/// The same host as far as the connection and the settings tell it; nothing is asked. Throws `config` when
/// they do not: an account locator is no part of that name.
std::string derived_registry_host(const config::Connection&, const config::Settings&);

/// Prints a registry token and the seconds that are left of it.
void print_token(const CommandOptions&, Context&);

}  // namespace plugin
