// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"

namespace snowflake {

/// The registry takes tokens of sessions that say they are Snowflake's Python connector, and refused those of
/// another client (`snowflake/PROTOCOL.md` 2.4): the next generation of official drivers signs in under this
/// name as well.
inline constexpr const char* client_app_id = "PythonConnector";
/// Of the connector whose requests these are. Feature gates want digits and dots.
inline constexpr const char* client_app_version = "4.7.5";

/// `PythonConnector/<version> (Linux-<machine>) docker-credential-snowflake/<version>`
std::string user_agent();
/// CLIENT_ENVIRONMENT of a sign-in: free text for Snowflake's statistics, in which we use our own name.
base::Json client_environment();

}  // namespace snowflake
