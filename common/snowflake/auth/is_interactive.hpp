// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "config/connection.hpp"

namespace snowflake {

/// Whether logging in with this connection takes a user, once nothing is stored that stands for one.
bool is_interactive(const config::Connection&);
/// Whether it may: a key may be encrypted with a passphrase, which is known once it is opened.
bool may_be_interactive(const config::Connection&);

/// Whether a stored secret of this kind stands for the user at a login with this connection.
bool stands_for_user(const config::Connection&, std::string_view kind);

}  // namespace snowflake
