// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace plugin::cli {

/// Parses the words of a command line and runs the command that they choose. Connection options may be in
/// front of the command. Throws `CLI::Success` where help or the version was asked for, and `usage` for a
/// mistake: as the Snowflake CLI words it where it has a message (`snowflake/PROTOCOL.md` 10.5), with the
/// command or option that was probably meant.
void parse(CLI::App& app, std::vector<std::string> words);

}  // namespace plugin::cli
