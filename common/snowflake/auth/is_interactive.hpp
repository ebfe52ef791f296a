// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "config/connection.hpp"

namespace snowflake {

/// Whether signing in with this connection takes a person, once nothing is kept that stands for one.
bool is_interactive(const config::Connection&);

/// Whether something that is kept stands for the person at a sign-in with this connection.
bool stands_for_person(const config::Connection&, std::string_view kind);

}  // namespace snowflake
