// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace config {

/// Whether a host in lower case belongs to Snowflake: a name below snowflakecomputing.com, .cn or .mil, made
/// of letters, digits, hyphens and underscores (`snowflake/PROTOCOL.md` 1.2).
bool is_snowflake_host(std::string_view host);

}  // namespace config
