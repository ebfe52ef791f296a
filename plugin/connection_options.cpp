// SPDX-License-Identifier: Apache-2.0
#include "connection_options.hpp"

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command_options.hpp"
#include "config/connection_keys.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

using Option = config::ConnectionKey::Option;

constexpr const char* connection_group = "Connection";
constexpr const char* hidden = "";

void set(config::ConnectionSelection& selection, const std::string& key, const std::string& value) {
  selection.options.insert_or_assign(key, base::Secret{value});
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
        ->group(key.option == Option::hidden_value ? hidden : connection_group);
  }
}

}  // namespace

void add_connection_options(CLI::App& command,
                            const std::shared_ptr<config::ConnectionSelection>& selection) {
  command.add_option("-c,--connection,--environment", selection->name, "Connection of the Snowflake CLI")
      ->group(connection_group);
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
      ->group(connection_group);
}

void check(const config::ConnectionSelection& selection) {
  check_schema(selection);
  check_given_session(selection);
}

}  // namespace plugin
