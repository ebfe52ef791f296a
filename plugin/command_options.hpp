// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "base/error.hpp"
#include "config/connections.hpp"
#include "context.hpp"
#include "image_reference.hpp"
#include "output/printer.hpp"
#include "snowflake/session_cache.hpp"

namespace plugin {

/// What was given of the options that every command has (`snowflake/PROTOCOL.md` 9.3).
struct CommandOptions {
  config::ConnectionSelection selection;
  output::Format format = output::Format::table;
  bool silent = false;
  bool verbose = false;
  bool debug = false;
  /// A command of the Snowflake CLI, which only uses a connection that is named or called the default.
  bool as_snow = false;
};

/// Puts the options of the Snowflake CLI's commands on `command`. They stand in the result after parsing.
/// `default_format`: for commands of ours that are not the Snowflake CLI's.
std::shared_ptr<CommandOptions> add_command_options(CLI::App& command, Context&,
                                                    output::Format default_format = output::Format::table);

/// Puts `-o` on a command that is not the Snowflake CLI's: table, wide, name, json, yaml or csv. The last one
/// of
/// `-o` and `--format` counts.
void add_output_option(CLI::App& command, const std::shared_ptr<output::Format>& format);

/// The value of an option that takes whole numbers. Throws `usage` in the words of the Snowflake CLI.
int whole_number(const char* option, const std::string& text);

/// The value of `--format`. Throws `usage` in the words of the Snowflake CLI.
output::Format format_of(const std::string& word);

/// The connection that was chosen: when nothing says which one is the default, the only one there is. Throws
/// as `config::Connections::chosen`.
config::Connection chosen_connection(config::ConnectionSelection, Context&);

/// The same for a command, with its checks. Throws as `config::Connections::chosen`, and `config` for a
/// schema with dots.
config::Connection connection_of(const CommandOptions&, Context&);
/// The connection for what a NAME argument says: that of its `@connection:` or of its registry host, else as
/// above. Throws `usage` when the options name another one.
config::Connection connection_of(const ImageReference&, CommandOptions, Context&);
/// The error of commands that work on all connections when there are none.
base::Error no_connection();
/// Its session. Nothing is asked before the first statement.
snowflake::SessionCache session_of(const CommandOptions&, Context&);
output::Printer printer_of(const CommandOptions&, Context&);

}  // namespace plugin
