// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/session_cache.hpp"

namespace plugin::commands {

/// The host of the account's registry, read from the URLs of its image repositories: first those that every
/// role can see, then those of the account (`snowflake/PROTOCOL.md` 10.2). Throws `not_found` when the role
/// sees none, or when there is no host for private connectivity.
std::string ask_registry_host(snowflake::SessionCache&, bool private_link);

}  // namespace plugin::commands
