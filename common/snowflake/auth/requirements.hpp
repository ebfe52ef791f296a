// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"

namespace snowflake {

/// The connection's user. Throws `config` with the message of the Snowflake CLI (251005) when there is none.
std::string required_user(const config::Connection&);

/// The connection's token, without surrounding white space: from `token_file_path`, which is read each time,
/// else `token`. Throws `config` when there is none, or the file is missing or empty.
base::Secret required_token(const config::Connection&, const base::Environment&);

/// The text of the connection's private key, which may be DER: from `private_key_file`, which is read each
/// time, else `private_key_raw`. Throws `config` when there is none, or the file is missing or a directory.
base::Secret required_private_key(const config::Connection&, const base::Environment&);

/// Throws `config` for an expired JWT, which is never sent (RFC 7519, 4.1.4). `whose` is "the token of ..."
/// for the message, and `next` the next step.
void require_not_expired(const base::Secret& token, base::TimePoint now, const std::string& whose,
                         const base::NextStep& next);

/// ` -c <name>` for commands in hints; ` -x` for a temporary connection.
std::string connection_option(const config::Connection&);
/// The command that logs in with this connection.
std::string login_command(const config::Connection&);
/// The same as a next step, followed by `rest`.
base::NextStep login_step(const config::Connection&, std::string_view rest = {});

/// Whether logging in with this connection needs a user when no credentials are stored.
bool is_interactive(const config::Connection&);
/// Whether it may need a user: a key pair does if the key has a passphrase, which only reading the key shows.
bool may_be_interactive(const config::Connection&);

/// Whether a stored secret of this kind makes a login with this connection possible without a user.
bool allows_login_without_user(const config::Connection&, std::string_view kind);

}  // namespace snowflake
