// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "output/format.hpp"
#include "output/list.hpp"
#include "registry/client.hpp"
#include "settings_file/settings_file.hpp"
#include "settings_file/toml_edit.hpp"
#include "ui/progress_line.hpp"
#include "ui/tty.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;
using connection_file::LoginMethod;
using connection_file::NewConnection;

/// The registry of a connection; empty when the connection does not determine it.
std::string registry_shown(const config::Connection& connection, Context& context) {
  try {
    return context.resolver.registry_of(connection).name();
  } catch (const Error&) {
    return "";
  }
}

/// `file:line` where a connection begins in its file; empty when no line is known.
std::string file_of(const config::Connection& connection) {
  std::string first;
  std::optional<std::int64_t> first_line;
  for (const auto& [key, origin] : connection.origins) {
    const auto line = base::whole_number(origin.substr(origin.rfind(':') + 1));
    if (!line || *line < 1 || (first_line && *line >= *first_line)) continue;
    first_line = line;
    first = origin;
  }
  return first;
}

void print_connections(const cli::CommandOptions& options, bool quiet, Context& context) {
  const auto& connections = context.resolver.connections();
  for (const auto& warning : connections.warnings()) context.err << "Warning: " << warning << '\n';
  const auto names = connections.names();
  if (quiet) {
    for (const auto& name : names) context.out << base::printable(name) << '\n';
    return;
  }
  if (names.empty() && output::is_for_users(options.format)) {
    if (const auto variables = connections.from_variables()) {
      context.out << "The SNOWFLAKE_ variables define the only connection, for "
                  << registry_shown(*variables, context) << ".\n";
    } else {
      context.out << "There are no connections. To add one: docker snowflake connection add\n";
    }
    return;
  }
  output::List list{{{"NAME"},
                     {.header = "USER", .may_be_left_out = true},
                     {.header = "AUTHENTICATOR", .may_be_left_out = true},
                     {.header = "ROLE", .wide_only = true},
                     {"REGISTRY"},
                     {"DEFAULT"},
                     {.header = "FILE", .wide_only = true}}};
  for (const auto& name : names) {
    const auto connection = connections.named(name);
    const bool is_default = name == connections.default_name() || names.size() == 1;
    auto default_value = output::text_value(is_default ? "true" : "false");
    default_value.text = is_default ? "*" : "";
    list.add({output::text_value(name), output::text_value(base::printable(connection.text("user"), 100)),
              output::text_value(base::printable(connection.authenticator(), 100)),
              output::text_value(base::printable(connection.text("role"), 100)),
              output::text_value(registry_shown(connection, context)), std::move(default_value),
              output::text_value(base::printable(file_of(connection)))});
  }
  list.print(context.out, options.format, context.terminal);
}

void test_connection(const cli::CommandOptions& options, Context& context) {
  const auto connection =
      context.resolver.with_registry_settings(cli::connection_of(options, context), options.selection);
  const auto host = context.resolver.registry_of(connection).name();
  auto session = context.wiring.session(connection);
  {
    const ui::ProgressLine progress{"Logging in to " + host, context.environment};
    const auto token = snowflake::registry_token(session, nullptr, snowflake::Refresh::login);
    registry::try_credential(context.wiring.http(connection), host,
                             token.credential_for(host, context.clock.now()));
  }
  const auto& login = session.context();
  output::print_card(context.out, {{"connection", output::text_value(connection.name)},
                                   {"user", output::text_value(login.user)},
                                   {"role", output::text_value(login.role)},
                                   {"registry", output::text_value(host)},
                                   {"result", output::text_value("works")}});
}

/// A host of Snowflake only gets a token of its own account.
void require_same_account(const std::string& host, const config::Connection& connection) {
  const auto registry = docker::RegistryHost::parse(host);
  const auto own = config::registry_name_of(connection);
  if (!registry || own.is_from_locator() || own.label == registry->account_label()) return;
  throw Error(Kind::usage,
              "connection '" + base::printable(connection.name, 100) +
                  "' belongs to a different account than " + registry->name() + ": its registry is " +
                  own.host(),
              "docker snowflake connection list shows the registry of each connection");
}

/// Makes it the default where there is none, for the Snowflake CLI too.
void make_default(const std::string& name, Context& context) {
  const auto& connections = context.resolver.connections();
  if (connections.has_default()) return;
  if (connections.default_is_from_variable()) {
    context.out << "There is no connection '" << base::printable(connections.default_name(), 100)
                << "', which SNOWFLAKE_DEFAULT_CONNECTION_NAME names.\nNext: "
                << connections.how_to_choose().text << '\n';
    return;
  }
  const auto path = context.resolver.paths().config;
  base::UserFile::change(path, [&](const base::UserFile& file) {
    return file.replace(
        settings_file::with_value(file.text.value_or(""), path.string(), {"default_connection_name"}, name));
  });
  context.out << "Connection '" << base::printable(name) << "' is the default now, in " << path.string()
              << ".\n";
}

/// Binds the registry of a connection to it, for accounts with several connections.
void use_connection(const std::string& name, const std::string& role, const std::string& given_host,
                    Context& context) {
  const auto connection = context.resolver.connections().named(name);
  if (given_host.empty()) make_default(name, context);
  const auto host = given_host.empty() ? context.resolver.registry_of(connection).name() : given_host;
  require_same_account(host, connection);
  const auto path = context.resolver.paths().settings;
  const auto file = base::UserFile::read(path);
  const auto setting = [&](const char* key) {
    return settings_file::Setting::parse("registries.\"" + host + "\"." + key);
  };
  setting("connection").require_registry_host();
  auto text = settings_file::set(file.text.value_or(""), path.string(), setting("connection"), name);
  // A role of another connection would be refused.
  text = role.empty() ? settings_file::unset(text, path.string(), setting("role"))
                      : settings_file::set(text, path.string(), setting("role"), role);
  if (text != file.text && !file.replace(text))
    throw Error(Kind::config, path.string() + " was changed by another program just now", "run this again");
  context.out << "Docker uses connection '" << base::printable(name) << "' for " << setting("role").host
              << (role.empty() ? "" : ", with role " + base::printable(role)) << ".\n";
}

/// Connections are used from any directory, so their paths must be absolute.
std::filesystem::path absolute_path(const std::string& given, Context& context) {
  return std::filesystem::absolute(context.environment.expand_home(given));
}

struct AddOptions {
  NewConnection connection;
  std::string account;
  std::string method;
  std::string key;
  std::string token_file;
};

/// Throws `usage` for options that do not fit together.
NewConnection new_connection(const AddOptions& given, Context& context) {
  auto connection = given.connection;
  connection.has_method = !given.method.empty() || !given.key.empty() || !given.token_file.empty();
  if (!given.method.empty()) {
    const auto method = connection_file::login_method_of(given.method);
    if (!method) throw output::not_one_of("browser, key-pair, token, password", "--login", given.method);
    connection.method = *method;
  }
  if (!given.key.empty() && !given.token_file.empty())
    throw Error(Kind::usage,
                "Parameters '--private-key-file' and '--token-file-path' are incompatible and cannot be "
                "used simultaneously.",
                "choose one of them");
  if (!given.key.empty()) {
    connection.method = LoginMethod::key_pair;
    connection.private_key = absolute_path(given.key, context);
    std::error_code ignored;
    if (!std::filesystem::exists(connection.private_key, ignored))
      throw Error(Kind::usage, "there is no " + base::shown_path(connection.private_key.string()),
                  "correct the path, or leave out --private-key-file to generate a key");
  }
  if (!given.token_file.empty()) {
    connection.method = LoginMethod::access_token;
    connection.token_file = absolute_path(given.token_file, context);
  }
  if (given.account.empty()) return connection;
  if (connection.method == LoginMethod::access_token && given.token_file.empty() && !ui::has_tty())
    throw Error(Kind::usage, "there is no terminal to ask for the programmatic access token",
                "add --token-file-path <file>; or, without a connection, set SNOWFLAKE_ACCOUNT, "
                "SNOWFLAKE_USER, SNOWFLAKE_AUTHENTICATOR=PROGRAMMATIC_ACCESS_TOKEN and SNOWFLAKE_TOKEN");
  connection.account = connection_file::account_in(given.account);
  connection.host = connection_file::host_in(given.account, connection.account);
  if (connection.user.empty())
    throw Error(Kind::usage, "--account needs --user", "add --user <user>, or leave both out to be asked");
  return connection;
}

void add_add_command(CLI::App& group, Context& context) {
  const auto options = std::make_shared<AddOptions>();
  auto* command = group.add_subcommand("add", "Add a connection, with answers at a terminal or by options");
  command->footer(
      "Without --account it asks at a terminal for everything that is not given, logs in to test the "
      "answers, and writes the connection. With --account and --user it writes the connection without "
      "logging in, and asks only for a token, with --login token; docker snowflake connection test then logs "
      "in. The connection goes into the file of the Snowflake CLI.");
  command
      ->add_option("name", options->connection.name,
                   "Name of the new connection (default: default, for the first one)")
      ->option_text("[NAME]");
  command->add_option("--account", options->account,
                      "<organization>-<account>, or a URL that contains it; needs --user");
  command->add_option("--user", options->connection.user, "Name of the Snowflake user");
  command->add_option("--role", options->connection.role, "Role; without it the default role of the user");
  command->add_option("--login", options->method, "browser, key-pair, token or password (default: browser)");
  command->add_option("--private-key-file", options->key, "Use this key instead of a new one");
  command->add_option("--token-file-path", options->token_file,
                      "Log in with the programmatic access token in this file");
  command->callback([options, &context] {
    const auto added = setup::add_connection(new_connection(*options, context), true, context);
    if (!added) return;
    if (added->failure) throw Error{*added->failure};
    if (const auto& verified = added->verified)
      context.out << "Logged in to " << verified->host << who(verified->login) << ".\n";
    context.out << "Next: docker snowflake setup\n";
  });
}

}  // namespace

void add_connection(CLI::App& app, Context& context) {
  auto& group = add_group(app, "connection", "Add, list and test connections to Snowflake");
  add_add_command(group, context);

  const auto quiet = std::make_shared<bool>(false);
  auto* command = group.add_subcommand("list", "List the connections of the Snowflake CLI");
  command->add_flag("-q,--quiet", *quiet, "Names only");
  const auto options = std::make_shared<cli::CommandOptions>();
  cli::add_output_option(*command, {options, &options->format});
  command->callback([quiet, options, &context] { print_connections(*options, *quiet, context); });

  command = group.add_subcommand("test", "Log in with a connection and test its registry");
  const auto chosen = std::make_shared<cli::CommandOptions>();
  cli::refuse_empty(command->add_option("name", chosen->selection.name,
                                        "Name of the connection (default: the default connection)"))
      ->option_text("[CONNECTION]");
  cli::refuse_empty(
      command->add_option("-c,--connection", chosen->selection.name, "The same, as for other commands"));
  command->callback([chosen, &context] { test_connection(*chosen, context); });

  const auto name = std::make_shared<std::string>();
  const auto role = std::make_shared<std::string>();
  const auto host = std::make_shared<std::string>();
  command = group.add_subcommand("use", "Make docker use a connection, and a role, for its registry");
  cli::refuse_empty(command->add_option("name", *name, "Name of the connection"))
      ->required()
      ->option_text("CONNECTION");
  cli::refuse_empty(command->add_option("--role", *role, "Role; without it the one of the connection"));
  cli::refuse_empty(
      command->add_option("--host", *host, "Registry; without it the one of the connection's account"));
  command->callback([name, role, host, &context] { use_connection(*name, *role, *host, context); });
}

}  // namespace plugin::commands
