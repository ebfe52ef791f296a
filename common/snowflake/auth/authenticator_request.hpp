// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

/// Asks the account where the connection's user proves who they are, elsewhere than at Snowflake, and returns
/// the answer's `data` (`snowflake/PROTOCOL.md` 3.5, 3.9). `more` goes into the request's `data`. Throws
/// the refusal, `network`, and `config` when no user is named.
base::Json authenticator_request(const AuthContext&, std::string_view authenticator,
                                 const base::Json& more = base::Json::object());

}  // namespace snowflake
