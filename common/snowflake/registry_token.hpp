// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "docker/registry.hpp"
#include "snowflake/session_cache.hpp"
#include "token/token_cache.hpp"

namespace snowflake {

/// How much of the cache to bypass for a registry token.
enum class Refresh {
  when_stale,  ///< none: return a cached token if it is fresh
  token,       ///< a new token, from the cached session
  login,       ///< a new login, because the user asks for it
};

/// A fresh registry token for a login: a cached one, or one that its session issues. `ready_for`: the host
/// for which to make it ready for the next `get`, or null. When Snowflake cannot be reached, a cached token
/// that is no longer fresh but still valid is returned. Throws everything that logging in throws.
token::RegistryToken registry_token(SessionCache&, const docker::RegistryHost* ready_for,
                                    Refresh = Refresh::when_stale);

/// The same, but first asks Snowflake whether the session of a cached token still exists, so that no token of
/// an ended session is returned.
token::RegistryToken checked_registry_token(SessionCache&, const docker::RegistryHost* ready_for);

/// Erases the registry token of a login, not its session. Throws `keyring`.
void forget_registry_token(const SessionCache&);

}  // namespace snowflake
