// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "config/connections.hpp"

namespace plugin {

/// The options with which the Snowflake CLI's commands choose a connection (`snow-cli-behaviour.md` 1.6), on
/// `command`. What was given stands in the result after parsing.
std::shared_ptr<config::Choice> add_connection_options(CLI::App& command);

}  // namespace plugin
