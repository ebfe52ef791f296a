// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace plugin::cli {

/// Parses the words of a command line and runs the command that they choose. Connection options may be in
/// front of the command. Throws `CLI::Success` where help or the version was asked for, and `usage` for a
/// mistake: as the Snowflake CLI words it where it has a message (`snowflake/PROTOCOL.md` 10.5), with the
/// command or option that was probably meant.
void parse(CLI::App& app, std::vector<std::string> words);

/// Lays out the help texts of `app` and of the commands that are added after this: a command's own options
/// and its examples, and with `--help-all` the options that most commands share as well. Lines are wrapped at
/// the width of a terminal, and nowhere else. In `help.cpp`.
void set_help(CLI::App& app, const output::Terminal& terminal);

/// Answers a shell, in the form that Docker's own completion understands (`docker/PROTOCOL.md` 2.6):
/// commands, options, names of connections, formats, and the image repositories that were listed before.
/// `words` are those typed so far, the last one being completed. Sends nothing. In `completion.cpp`.
void complete(const CLI::App& app, std::vector<std::string> words, Context&);

}  // namespace plugin::cli
