// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "connection_file/new_connection.hpp"
#include "context.hpp"

/// The questions that describe a new connection. An answer that cannot be right is asked for again, three
/// times at most; then its error is thrown. All throw `usage` where there is no terminal.
namespace plugin::commands::setup {

/// Until the name is free.
void ask_name(connection_file::NewConnection&, Context&);
/// What is not set yet. A password may be left out: then each login asks for it.
void ask_rest(connection_file::NewConnection&, Context&);
/// Asks again for the value of `key` (account, user, password, token or role), which did not work. Enter
/// alone keeps an account or a user as it is. False for a key that is not asked for.
bool ask_again(std::string_view key, connection_file::NewConnection&, Context&);
/// Whether `connection add` asks these questions, and not `setup`.
bool is_connection_add(const Context&);
/// The command that asks these questions.
std::string command_that_asks(const Context&);

}  // namespace plugin::commands::setup
