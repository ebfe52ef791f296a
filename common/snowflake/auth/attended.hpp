// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/connection.hpp"

namespace snowflake {

/// Whether signing in with this connection takes a person, once nothing is kept that stands for one.
bool needs_person(const config::Connection&);

}  // namespace snowflake
