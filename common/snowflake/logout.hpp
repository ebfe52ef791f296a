// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "config/connection.hpp"
#include "snowflake/session_cache.hpp"

namespace snowflake {

/// Erases everything that is stored for the user of a connection at its account, whatever the role, schema,
/// authenticator or credential: an edited connection must not leave behind what it can no longer find. Does
/// not end the sessions at Snowflake, because a push in another terminal may be using one. False when nothing
/// was stored. Throws `config` when the account is not valid, and `keyring` when a store that may hold some
/// of it fails; the rest has been erased by then.
bool log_out(const config::Connection&, const SessionParts&);

/// Ends all of these sessions at Snowflake, and with them every registry token that came from them. False
/// when none is stored, or all had already ended. Throws `network`, and `config` as above.
bool end_sessions(const config::Connection&, const SessionParts&);

/// The lock of a login, or none when another process does not release it in time: logging out must not fail
/// when one hangs.
std::optional<token::LoginLock> lock_to_forget(const token::StoreKey& login, const SessionParts&);

}  // namespace snowflake
