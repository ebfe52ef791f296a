// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "config/connections.hpp"

namespace plugin {

/// Puts the options that choose a connection, or say what is in it, on `command`, under the names that the
/// Snowflake CLI has for them (`snowflake/PROTOCOL.md` 9.3). They stand in `selection` after parsing.
void add_connection_options(CLI::App& command, const std::shared_ptr<config::ConnectionSelection>& selection);

/// Throws `config` for options that do not go together, and for a schema with dots.
void check(const config::ConnectionSelection&);

}  // namespace plugin
