// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/secret.hpp"
#include "config/connection.hpp"

namespace snowflake {

/// The connection's user. Throws `config` in the words of the Snowflake CLI (251005) when there is none.
std::string required_user(const config::Connection&);

/// The token of a connection: from `token_file_path`, read anew each time and without white space around it,
/// else `token`. Throws `config` when there is none, or the file is missing or empty.
base::Secret required_token(const config::Connection&, const base::Environment&);

/// ` -c <name>`, for hints that name a command; ` -x` for a connection that options and variables alone make.
std::string of_connection(const config::Connection&);
/// The command with which a person signs in with this connection.
std::string login_command(const config::Connection&);

/// Whether logging in with this connection takes a user, once nothing is stored that stands for one.
bool is_interactive(const config::Connection&);
/// Whether it may: a key may be encrypted with a passphrase, which is known once it is opened.
bool may_be_interactive(const config::Connection&);

/// Whether a stored secret of this kind stands for the user at a login with this connection.
bool stands_for_user(const config::Connection&, std::string_view kind);

}  // namespace snowflake
