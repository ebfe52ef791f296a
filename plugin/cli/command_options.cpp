// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace plugin::cli {
namespace {

using base::Error;
using base::Kind;

using Option = config::ConnectionKey::Option;

constexpr const char* connection_group = "Connection";
constexpr const char* output_group = "Output";
constexpr const char* hidden_group = "";

void set(config::ConnectionSelection& selection, const std::string& key, const std::string& value) {
  selection.options.insert_or_assign(key, base::Secret{value});
}

/// Whether the Snowflake CLI has this command.
bool is_of_snow(const CLI::App& command) {
  const auto group = command.get_parent() == nullptr ? std::string{} : command.get_parent()->get_name();
  return group == "image-registry" || group == "image-repository" || group == "object";
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
            options->format = is_template ? output::Format::table : output::parse_format(word);
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

void add_output_option(CLI::App& command, const std::shared_ptr<output::Format>& format) {
  command.add_option_function<std::string>(
      "-o,--output", [format](const std::string& word) { *format = output::parse_output(word); },
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
  if (!options.row_template.empty() && output::is_for_users(options.format))
    return list.print_by(options.row_template, context.out);
  list.print(context.out, options.format, terminal);
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

output::Printer printer_of(const CommandOptions& options, Context& context) {
  return {context.out, options.format, context.terminal};
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

CLI::Option* require_range(CLI::Option* option, int least, int most) {
  return option->check([option, least, most](const std::string& value) -> std::string {
    const auto number = base::whole_number(value);
    if (number && std::cmp_less_equal(least, *number) && std::cmp_less_equal(*number, most)) return {};
    throw Error(Kind::usage,
                "Invalid value for '" + option->get_name() + "': '" + base::printable(value, 100) +
                    "' is not a number from " + std::to_string(least) + " to " + std::to_string(most) + ".",
                "write it in digits");
  });
}

}  // namespace plugin::cli
