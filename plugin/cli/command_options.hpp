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
#include "snowflake/session_cache.hpp"

namespace plugin::cli {

/// The values of the options that every command has (`snowflake/PROTOCOL.md` 9.3).
struct CommandOptions {
  config::ConnectionSelection selection;
  output::Format format = output::Format::table;
  std::string row_template;     ///< of `--format '{{.Name}}'`; empty for none
  bool takes_template = false;  ///< set by commands whose lists can be printed by a template
  bool silent = false;
  bool verbose = false;
  bool debug = false;  ///< traces requests
  bool no_trunc = false;
  /// A command of the Snowflake CLI, which uses only a named connection or the default one.
  bool as_snow = false;
};

/// Adds the options of the Snowflake CLI's commands to `command`. The result has their values after parsing.
/// `default_format`: for commands that the Snowflake CLI does not have.
std::shared_ptr<CommandOptions> add_command_options(CLI::App& command, Context&,
                                                    output::Format default_format = output::Format::table);

/// Adds to `command` the options that choose a connection or set its keys, with the same names as in the
/// Snowflake CLI (`snowflake/PROTOCOL.md` 9.3). After parsing, `selection` has their values. A command that
/// is not on the command line gets none: thirty options for each of fifty commands would be most of a start.
void add_connection_options(CLI::App& command, const std::shared_ptr<config::ConnectionSelection>& selection,
                            const Context&);

/// Adds `--debug`, which prints a line for each request from then on.
void add_debug_option(CLI::App& command, const std::shared_ptr<CommandOptions>& options, Context&);

/// Adds `-o` to a command that the Snowflake CLI does not have: table, wide, name, json, yaml or csv. If both
/// `-o` and `--format` are given, the last one wins.
void add_output_option(CLI::App& command, const std::shared_ptr<output::Format>& format);

/// For a command that the Snowflake CLI does not have: the options of a list, `-o`, `--no-trunc`, and
/// templates in `--format`, like Docker's.
void add_list_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options);
/// Prints a list as those options say. Throws `usage` for a template that cannot be read.
void print_list(const output::List&, const CommandOptions&, Context&);

/// Prints to standard output as the options say.
output::Printer printer_of(const CommandOptions&, Context&);

/// Makes an empty value of an argument or an option a mistake: it is what a script passes for a variable that
/// is not set. Throws `usage`.
CLI::Option* refuse_empty(CLI::Option*);

/// Refuses a value that is not a whole number in that range. Throws `usage`.
CLI::Option* require_range(CLI::Option*, int least, int most);

/// The value of an option for whole numbers. Throws `usage` in the words of the Snowflake CLI.
int whole_number(const char* option, const std::string& text);

// The connection that a command line chooses, in `chosen_connection.cpp`.

/// Chooses the connection that an argument names, `shown` as it was written. Throws `usage` when an option
/// names another one.
void choose(config::ConnectionSelection&, const std::string& name, const std::string& shown);

/// The connection that was chosen: when nothing says which one is the default, the only one there is, and
/// when there is none at all, that of the SNOWFLAKE_ variables or of --account. Throws `no_connection`,
/// `no_default`, and as `config::Connections::select`.
config::Connection chosen_connection(config::ConnectionSelection, Context&);

/// The same for a command, with its checks. Throws like `config::Connections::select`, and `config` for
/// options that cannot be combined, and for a schema with dots.
config::Connection connection_of(const CommandOptions&, Context&);
/// The connection for what a NAME argument says: that of its `@connection:` or of its registry host, else as
/// above. Throws `usage` when the options name another one.
config::Connection connection_of(const names::ImageReference&, const CommandOptions&, Context&);
/// The session of the chosen connection. Nothing is sent before the first statement.
snowflake::SessionCache session_of(const CommandOptions&, Context&);

/// The repository that a NAME argument names, and the options with the connection that it names.
struct RepositoryArgument {
  names::ObjectName name;
  CommandOptions options;
};
/// Throws like `names::ImageReference::parse_repository` and `connection_of`.
RepositoryArgument repository_argument(const std::string& text, const CommandOptions&, Context&);

/// How to get a connection where there is no terminal to ask on: by variables in a job, by options elsewhere.
inline constexpr const char* without_terminal =
    "in a job, set SNOWFLAKE_ACCOUNT, and SNOWFLAKE_AUTHENTICATOR=WORKLOAD_IDENTITY with "
    "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER, or SNOWFLAKE_AUTHENTICATOR=SNOWFLAKE_JWT with SNOWFLAKE_USER and "
    "SNOWFLAKE_PRIVATE_KEY_FILE; elsewhere: docker snowflake connection add <name> "
    "--account <organization>-<account> --user <user> --login key-pair";
/// What is wrong with the connection that the SNOWFLAKE_ variables are meant to define, where no file defines
/// one; absent when none of them is set, or nothing is wrong.
std::optional<base::Error> mistake_in_variables(Context&);
/// The error when no connection is defined: that mistake, or how to define one.
base::Error no_connection(Context&);
/// The error when several connections are defined, none is chosen, and none is the default.
base::Error no_default(const config::Connections&);

}  // namespace plugin::cli
