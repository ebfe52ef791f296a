// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>

#include "base/error.hpp"

namespace plugin {

/// What is wrong with a command line, in the words of the Snowflake CLI where it has some
/// (`snowflake/PROTOCOL.md` 10.5), with the option that was probably meant.
base::Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace plugin
