// SPDX-License-Identifier: Apache-2.0
#include "command_options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "connection_options.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr const char* output_group = "Output";
constexpr const char* hidden_group = "";

void add_output_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options, Context& context) {
  command
      .add_option_function<std::string>(
          "--format", [options](const std::string& word) { options->format = format_of(word); },
          "TABLE, JSON, JSON_EXT or CSV")
      ->group(output_group);
  command.add_flag("--silent", options->silent, "No warnings")->group(output_group);
  command.add_flag("-v,--verbose", options->verbose, "Accepted for scripts of the Snowflake CLI")
      ->group(hidden_group);
  command.add_flag("--debug", options->debug, "Accepted for scripts of the Snowflake CLI")
      ->group(hidden_group);
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

output::Format format_of(const std::string& word) {
  if (const auto format = output::parse_format(word)) return *format;
  throw Error(Kind::usage,
              "Invalid value for '--format': '" + base::printable(word, 100) +
                  "' is not one of 'TABLE', 'JSON', 'JSON_EXT', 'CSV'.",
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

int whole_number(const char* option, const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  throw Error(Kind::usage,
              std::string{"Invalid value for '"} + option + "': '" + base::printable(text, 100) +
                  "' is not a valid integer.",
              "write it in digits");
}

std::shared_ptr<CommandOptions> add_command_options(CLI::App& command, Context& context,
                                                    output::Format default_format) {
  auto options = std::make_shared<CommandOptions>();
  options->format = default_format;
  const auto group = command.get_parent() == nullptr ? std::string{} : command.get_parent()->get_name();
  options->as_snow = group == "image-registry" || group == "image-repository" || group == "object";
  add_connection_options(command, {options, &options->selection});
  add_output_options(command, options, context);
  return options;
}

config::Connection chosen_connection(config::ConnectionSelection selection, Context& context) {
  const auto& connections = context.resolver.connections();
  const auto names = connections.names();
  const bool has_default = connections.default_name() != "default";
  if (!selection.name && !selection.temporary && !has_default && names.size() == 1)
    selection.name = names.front();
  try {
    return connections.chosen(selection);
  } catch (const Error&) {
    // One of them may tell why it is not found.
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
  if (options.as_snow) return context.resolver.connections().chosen(options.selection);
  return chosen_connection(options.selection, context);
}

config::Connection connection_of(const ImageReference& reference, CommandOptions options, Context& context) {
  auto& name = options.selection.name;
  if (reference.connection) {
    if (name && name != reference.connection) {
      throw Error(Kind::usage,
                  "two connections are named: @" + base::printable(*reference.connection, 200) + " and " +
                      base::printable(*name, 200),
                  "leave one of them out");
    }
    name = reference.connection;
  }
  if (!reference.host || name || options.selection.temporary) return connection_of(options, context);
  const auto host = context.resolver.find(*reference.host);
  if (!host) {
    throw Error(Kind::usage,
                "'" + base::printable(*reference.host, 200) + "' is not a Snowflake registry host",
                "docker snowflake url prints the host of a connection");
  }
  auto connection = context.resolver.connection_for(*host);
  if (connection.name.empty()) return connection;
  name = connection.name;
  return connection_of(options, context);
}

base::Error no_connection() {
  return {base::Kind::config, "there is no Snowflake connection yet",
          "docker snowflake connection add, which asks at a terminal; else give it --account "
          "<organization>-<account> and --user <user>"};
}

snowflake::SessionCache session_of(const CommandOptions& options, Context& context) {
  return context.wiring.session(connection_of(options, context));
}

output::Printer printer_of(const CommandOptions& options, Context& context) {
  return {context.out, options.format, context.terminal};
}

}  // namespace plugin
