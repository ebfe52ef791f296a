// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "snowflake/auth/requirements.hpp"

namespace plugin::cli {
namespace {

using base::Error;
using base::Kind;

using Option = config::ConnectionKey::Option;

constexpr const char* connection_group = "Connection";
constexpr const char* output_group = "Output";
constexpr const char* hidden_group = "";

/// Those that say how to log in: whoever sets one wants a connection from variables.
constexpr std::array variables_of_login = {"SNOWFLAKE_USER",
                                           "SNOWFLAKE_PASSWORD",
                                           "SNOWFLAKE_AUTHENTICATOR",
                                           "SNOWFLAKE_PRIVATE_KEY_FILE",
                                           "SNOWFLAKE_TOKEN",
                                           "SNOWFLAKE_TOKEN_FILE_PATH",
                                           "SNOWFLAKE_PRIVATE_KEY_PATH",
                                           "SNOWFLAKE_PRIVATE_KEY_RAW"};

void set(config::ConnectionSelection& selection, const std::string& key, const std::string& value) {
  selection.options.insert_or_assign(key, base::Secret{value});
}

/// Whether the Snowflake CLI has this command.
bool is_of_snow(const CLI::App& command) {
  const auto group = command.get_parent() == nullptr ? std::string{} : command.get_parent()->get_name();
  return group == "image-registry" || group == "image-repository" || group == "object";
}

/// In the words of the Snowflake CLI (`snowflake/PROTOCOL.md` 9.6).
void check_given_session(const config::ConnectionSelection& selection) {
  const bool session = selection.options.contains("session_token");
  const bool master = selection.options.contains("master_token");
  const std::string hint = "give --session-token, --master-token and -x together";
  if ((session || master) && !selection.temporary) {
    throw Error(Kind::config, "When using a session or master token, you must use a temporary connection",
                hint);
  }
  if (session && !master) {
    throw Error(Kind::config, "When using a session token, you must provide the corresponding master token",
                hint);
  }
  if (master && !session) {
    throw Error(Kind::config, "When using a master token, you must provide the corresponding session token",
                hint);
  }
}

/// A token that the connection's way to log in does not use: what the user typed would have no effect.
void check_token_is_used(const config::ConnectionSelection& selection, const config::Connection& connection) {
  constexpr std::array uses_token = {"OAUTH", "PROGRAMMATIC_ACCESS_TOKEN", "PAT_WITH_EXTERNAL_SESSION",
                                     "WORKLOAD_IDENTITY"};
  const auto authenticator = connection.authenticator();
  if (connection.token_source == config::TokenSource::programmatic_access_token ||
      std::ranges::find(uses_token, authenticator) != uses_token.end())
    return;
  for (const auto& [key, option] :
       {std::pair{"token", "--token"}, std::pair{"token_file_path", "--token-file-path"}}) {
    if (!selection.options.contains(key)) continue;
    throw Error(
        Kind::usage,
        std::string{option} + " has no effect: the connection logs in with authenticator " +
            base::printable(authenticator, 100),
        std::string{"add --authenticator PROGRAMMATIC_ACCESS_TOKEN or OAUTH, or leave out "} + option);
  }
}

/// A schema is one identifier; a database beside it has an option of its own.
void check_schema(const config::ConnectionSelection& selection) {
  const auto found = selection.options.find("schema");
  if (found == selection.options.end()) return;
  const std::string_view schema = found->second.reveal();
  const bool quoted = schema.size() > 1 && schema.starts_with('"') && schema.ends_with('"');
  if (quoted || schema.find('.') == std::string_view::npos) return;
  throw Error(Kind::config, "Invalid schema " + base::printable(schema, 200),
              "name the database with --database");
}

void add_option(CLI::App& command, const std::shared_ptr<config::ConnectionSelection>& selection,
                const config::ConnectionKey& key) {
  const std::string name{key.name};
  if (key.option == Option::flag) {
    command
        .add_flag_callback(
            key.flags, [selection, name] { set(*selection, name, "true"); }, key.description)
        ->group(connection_group);
  } else if (key.option != Option::none) {
    command
        .add_option_function<std::string>(
            key.flags,
            [selection, name, flags = key.flags](const std::string& value) {
              if (name == "port") whole_number(flags, value);
              set(*selection, name, value);
            },
            key.description)
        ->group(key.option == Option::hidden_value ? hidden_group : connection_group);
  }
}

void add_output_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options, Context& context) {
  command
      .add_option_function<std::string>(
          "--format",
          [options](const std::string& word) {
            const bool is_template = options->takes_template && word.find("{{") != std::string::npos;
            options->row_template = is_template ? word : "";
            options->format = is_template ? output::Format::table : format_of(word);
          },
          "TABLE, PLAIN, JSON, JSON_EXT or CSV")
      ->group(output_group);
  command.add_flag("--silent", options->silent, "No warnings")->group(output_group);
  command.add_flag("-v,--verbose", options->verbose, "Accepted for scripts of the Snowflake CLI")
      ->group(hidden_group);
  add_debug_option(command, options, context);
  command
      .add_flag("--enhanced-exit-codes", context.enhanced_exit_codes,
                "Exit with 5 when Snowflake refuses a statement")
      ->group(output_group);
  const std::string accepted = "Accepted for scripts of the Snowflake CLI";
  command.add_flag("--enable-diag", accepted)->group(hidden_group);
  for (const char* option : {"--decimal-precision", "--diag-log-path", "--diag-allowlist-path"}) {
    command.add_option(option, accepted)->expected(1)->group(hidden_group);
  }
}

}  // namespace

void add_debug_option(CLI::App& command, const std::shared_ptr<CommandOptions>& options, Context& context) {
  command
      .add_flag_callback(
          "--debug",
          [options, &context] {
            options->debug = true;
            context.wiring.record_requests(net::RequestLog{context.err});
          },
          "Trace requests on standard error, without secrets")
      ->group(output_group);
}

output::Format format_of(const std::string& word) {
  if (const auto format = output::parse_format(word)) return *format;
  throw Error(Kind::usage,
              "Invalid value for '--format': '" + base::printable(word, 100) +
                  "' is not one of 'TABLE', 'JSON', 'JSON_EXT', 'CSV', 'PLAIN'.",
              "choose one of them");
}

void add_output_option(CLI::App& command, const std::shared_ptr<output::Format>& format) {
  command.add_option_function<std::string>(
      "-o,--output",
      [format](const std::string& word) {
        const auto parsed = output::parse_output(word);
        if (!parsed) {
          throw Error(Kind::usage,
                      "Invalid value for '--output': '" + base::printable(word, 100) +
                          "' is not one of table, wide, name, json, yaml, csv.",
                      "choose one of them");
        }
        *format = *parsed;
      },
      "table, wide, name, json, yaml or csv");
}

void add_list_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options) {
  options->takes_template = true;
  command.get_option("--format")
      ->description("TABLE, PLAIN, JSON, JSON_EXT, CSV, or a template such as '{{.Repository}}'");
  command.add_flag("--no-trunc", options->no_trunc, "Do not shorten anything");
  add_output_option(command, {options, &options->format});
}

void print_list(const output::List& list, const CommandOptions& options, Context& context) {
  auto terminal = context.terminal;
  if (options.no_trunc) terminal.is_terminal = false;
  if (options.row_template.empty()) return list.print(context.out, options.format, terminal);
  list.print_by(options.row_template, context.out);
}

int whole_number(const char* option, const std::string& text) {
  const auto number = base::whole_number(text);
  if (number && std::in_range<int>(*number)) return static_cast<int>(*number);
  throw Error(Kind::usage,
              std::string{"Invalid value for '"} + option + "': '" + base::printable(text, 100) +
                  "' is not a valid integer.",
              "write it in digits");
}

std::shared_ptr<CommandOptions> add_command_options(CLI::App& command, Context& context,
                                                    output::Format default_format) {
  auto options = std::make_shared<CommandOptions>();
  options->format = default_format;
  options->as_snow = is_of_snow(command);
  add_connection_options(command, {options, &options->selection}, context);
  add_output_options(command, options, context);
  return options;
}

config::Connection chosen_connection(config::ConnectionSelection selection, Context& context) {
  const auto& connections = context.resolver.connections();
  const auto names = connections.names();
  // Also where the default one has been renamed or removed: Docker uses it, too.
  if (!selection.name && !selection.temporary && names.size() == 1) selection.name = names.front();
  const bool has_none = !selection.name && names.empty();
  // Docker uses it without being told, too.
  if (has_none && (selection.options.contains("account") || connections.from_variables()))
    selection.temporary = true;
  try {
    if (has_none && !selection.temporary) throw no_connection(context);
    if (!selection.name && !selection.temporary && !connections.has_default()) throw no_default(connections);
    return connections.select(selection);
  } catch (const Error&) {
    // A warning may explain why the connection was not found.
    for (const auto& warning : connections.warnings()) context.err << "Warning: " << warning << '\n';
    throw;
  }
}

config::Connection connection_of(const CommandOptions& options, Context& context) {
  if (options.verbose && options.debug) {
    throw Error(Kind::usage, "Invalid value: Only one parameter `verbose` or `debug` is possible",
                "leave one of them out");
  }
  if (options.selection.options.contains("password") && !options.silent) {
    context.err << "WARNING! Using --password via the CLI is insecure. Use environment variables instead.\n";
  }
  check(options.selection);
  if (options.as_snow) return context.resolver.connections().select(options.selection);
  auto connection = chosen_connection(options.selection, context);
  check_token_is_used(options.selection, connection);
  return connection;
}

namespace {

/// With the connection that is named in front of a reference, or that belongs to its host.
CommandOptions selected_by(const names::ImageReference& reference, CommandOptions options, Context& context) {
  auto& name = options.selection.name;
  if (reference.connection) choose(options.selection, *reference.connection, "@" + *reference.connection);
  if (!reference.host || name || options.selection.temporary) return options;
  const auto host = context.resolver.find(*reference.host);
  if (!host) {
    throw Error(Kind::usage,
                "'" + base::printable(*reference.host, 200) + "' is not a Snowflake registry host",
                "docker snowflake url prints the host of a connection");
  }
  const auto connection = context.resolver.connection_for(*host);
  if (!connection.name.empty()) name = connection.name;
  return options;
}

}  // namespace

config::Connection connection_of(const names::ImageReference& reference, const CommandOptions& options,
                                 Context& context) {
  const auto selected = selected_by(reference, options, context);
  const bool is_selected = selected.selection.name || selected.selection.temporary;
  if (!reference.host || is_selected) return connection_of(selected, context);
  // A connection that is defined by variables has no name.
  return context.resolver.connection_for(*context.resolver.find(*reference.host));
}

RepositoryArgument repository_argument(const std::string& text, const CommandOptions& options,
                                       Context& context) {
  const auto reference = options.as_snow ? names::ImageReference::parse_repository_as_snow(text)
                                         : names::ImageReference::parse_repository(text);
  return {reference.repository, selected_by(reference, options, context)};
}

std::optional<base::Error> mistake_in_variables(Context& context) {
  const auto variables = context.resolver.connections().from_variables();
  try {
    if (variables) context.resolver.registry_of(*variables);
  } catch (const Error& error) {
    return error;
  }
  for (const char* variable : variables_of_login) {
    if (variables || !context.environment.non_empty(variable)) continue;
    return Error{Kind::config, std::string{variable} + " is set, but SNOWFLAKE_ACCOUNT is not",
                 "set SNOWFLAKE_ACCOUNT=<organization>-<account>; or, for a connection in a file, "
                 "docker snowflake setup"};
  }
  return std::nullopt;
}

base::Error no_connection(Context& context) {
  if (auto mistake = mistake_in_variables(context)) return *std::move(mistake);
  return {Kind::config, "there is no Snowflake connection yet",
          std::string{"docker snowflake setup, which asks at a terminal; "} + without_terminal};
}

base::Error no_default(const config::Connections& connections) {
  constexpr std::size_t max_names = 5;
  auto names = connections.names();
  const auto count = names.size();
  if (count > max_names) names.resize(max_names);
  const std::string more = count > max_names ? " and " + std::to_string(count - max_names) + " more" : "";
  return {base::Kind::config,
          "none of the connections is the default: " + base::printable(base::join(names, ", "), 300) + more,
          connections.how_to_choose()};
}

snowflake::SessionCache session_of(const CommandOptions& options, Context& context) {
  return context.wiring.session(connection_of(options, context));
}

output::Printer printer_of(const CommandOptions& options, Context& context) {
  return {context.out, options.format, context.terminal};
}

std::unique_ptr<output::ProgressLine> show_progress(const std::string& what, Context& context) {
  return std::make_unique<output::ProgressLine>(what, context.environment);
}

void add_connection_options(CLI::App& command, const std::shared_ptr<config::ConnectionSelection>& selection,
                            const Context& context) {
  if (std::ranges::find(context.words, command.get_name()) == context.words.end()) return;
  auto* connection =
      command.add_option("-c,--connection,--environment", selection->name, "Connection of the Snowflake CLI");
  connection->group(connection_group);
  // The Snowflake CLI has an answer of its own.
  if (!is_of_snow(command)) refuse_empty(connection);
  command
      .add_flag("-x,--temporary-connection", selection->temporary,
                "Use options and variables only, no connection")
      ->group(connection_group);
  for (const auto& key : config::connection_keys()) add_option(command, selection, key);
  command
      .add_option_function<std::vector<std::string>>(
          "--mfa-passcode",
          [selection](const std::vector<std::string>& values) {
            const bool given = !values.empty() && !values.front().empty();
            set(*selection, given ? "passcode" : "passcode_at_terminal", given ? values.front() : "true");
          },
          "Passcode of the second factor; asked for when it is not given here")
      ->expected(0, 1)
      ->allow_extra_args(false)
      ->group(connection_group);
}

CLI::Option* refuse_empty(CLI::Option* option) {
  return option->check([option](const std::string& value) -> std::string {
    if (!base::trim(value).empty()) return {};
    auto name = option->get_positional() ? option->get_option_text() : option->get_name();
    std::erase_if(name, [](char c) { return c == '[' || c == ']'; });
    throw Error(Kind::usage, "Invalid value for '" + name + "': it is empty.",
                "leave it out, or write a name");
  });
}

void choose(config::ConnectionSelection& selection, const std::string& name, const std::string& shown) {
  if (selection.name && selection.name != name) {
    throw Error(Kind::usage,
                "two connections are named: " + base::printable(shown, 200) + " and " +
                    base::printable(*selection.name, 200),
                "leave one of them out");
  }
  selection.name = name;
}

void check(const config::ConnectionSelection& selection) {
  check_schema(selection);
  check_given_session(selection);
}

}  // namespace plugin::cli
