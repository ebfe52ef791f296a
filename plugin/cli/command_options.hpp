// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "base/error.hpp"
#include "config/connections.hpp"
#include "context.hpp"
#include "names/image_reference.hpp"
#include "output/list.hpp"
#include "output/printer.hpp"
#include "output/progress.hpp"
#include "snowflake/session_cache.hpp"

namespace plugin::cli {

/// What was given of the options that every command has (`snowflake/PROTOCOL.md` 9.3).
struct CommandOptions {
  config::ConnectionSelection selection;
  output::Format format = output::Format::table;
  std::string row_template;     ///< of `--format '{{.Name}}'`; empty for none
  bool takes_template = false;  ///< set by commands whose lists can be printed by a template
  bool silent = false;
  bool verbose = false;
  bool debug = false;  ///< traces requests
  bool no_trunc = false;
  /// A command of the Snowflake CLI, which only uses a connection that is named or called the default.
  bool as_snow = false;
};

/// Puts the options of the Snowflake CLI's commands on `command`. The result has their values after parsing.
/// `default_format`: for commands that the Snowflake CLI does not have.
std::shared_ptr<CommandOptions> add_command_options(CLI::App& command, Context&,
                                                    output::Format default_format = output::Format::table);

/// Puts the options that choose a connection, or say what is in it, on `command`, under the names that the
/// Snowflake CLI has for them (`snowflake/PROTOCOL.md` 9.3). After parsing, `selection` has their values.
void add_connection_options(CLI::App& command, const std::shared_ptr<config::ConnectionSelection>& selection);

/// Throws `config` for options that do not go together, and for a schema with dots.
void check(const config::ConnectionSelection&);

/// Lets a command that is not the Snowflake CLI's print a list in every form: `-o`, `--no-trunc`, and
/// templates in `--format`, like Docker's.
void add_list_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options);
/// Prints a list as those options say. Throws `usage` for a template that cannot be read.
void print_list(const output::List&, const CommandOptions&, Context&);

/// Puts `-o` on a command that is not the Snowflake CLI's: table, wide, name, json, yaml or csv. The last
/// one of `-o` and `--format` counts.
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
/// The same, as Docker logs in with it: in the role and by the way that the settings have for its registry. A
/// role on the command line counts more.
config::Connection connection_for_registry(const CommandOptions&, Context&);
/// The connection for what a NAME argument says: that of its `@connection:` or of its registry host, else as
/// above. Throws `usage` when the options name another one.
config::Connection connection_of(const names::ImageReference&, const CommandOptions&, Context&);
/// The repository that a NAME argument names, and the options with the connection that it names.
struct RepositoryArgument {
  names::ObjectName name;
  CommandOptions options;
};
/// Throws as `names::ImageReference::parse_repository` and `connection_of`.
RepositoryArgument repository_argument(const std::string& text, const CommandOptions&, Context&);
/// The error of commands that work on all connections when there are none.
base::Error no_connection();
/// Its session. Nothing is asked before the first statement.
snowflake::SessionCache session_of(const CommandOptions&, Context&);
output::Printer printer_of(const CommandOptions&, Context&);
/// Shows that something is waited for, as long as the result lives (`output/progress.hpp`); null for a
/// connection whose login may ask the user meanwhile.
std::unique_ptr<output::Progress> show_progress(const std::string& what, const config::Connection&, Context&);

}  // namespace plugin::cli
