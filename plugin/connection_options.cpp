// SPDX-License-Identifier: Apache-2.0
#include "connection_options.hpp"

#include <CLI/CLI.hpp>
#include <array>

namespace plugin {
namespace {

struct Row {
  const char* flags;
  const char* key;
  const char* description;
};

constexpr const char* group = "Connection";

constexpr std::array with_value = {
    Row{"--host", "host", "Host address for the connection"},
    Row{"--port", "port", "Port for the connection"},
    Row{"--protocol", "protocol", "https, or http to a loopback address"},
    Row{"--account,--accountname", "account", "Account, as <organization>-<account>"},
    Row{"--user,--username", "user", "User name"},
    Row{"--password", "password",
        "Password; better in SNOWFLAKE_PASSWORD, since others can see command lines"},
    Row{"--authenticator", "authenticator", "Way to sign in"},
    Row{"--private-key-file,--private-key-path", "private_key_file", "File with the private key"},
    Row{"--token", "token", "OAuth token, or programmatic access token"},
    Row{"--token-file-path", "token_file_path", "File with such a token"},
    Row{"--database,--dbname", "database", "Database to use"},
    Row{"--schema,--schemaname", "schema", "Schema to use"},
    Row{"--role,--rolename", "role", "Role to use"},
    Row{"--warehouse", "warehouse", "Warehouse to use"},
    Row{"--secondary-roles", "secondary_roles", "ALL, NONE or DEFAULT"},
};

}  // namespace

std::shared_ptr<config::Choice> add_connection_options(CLI::App& command) {
  auto choice = std::make_shared<config::Choice>();
  command.add_option("-c,--connection,--environment", choice->name, "Connection of the Snowflake CLI")
      ->group(group);
  command
      .add_flag("-x,--temporary-connection", choice->temporary,
                "Use options and variables only, no connection")
      ->group(group);
  for (const auto& row : with_value) {
    command
        .add_option_function<std::string>(
            row.flags,
            [choice, key = row.key](const std::string& value) {
              choice->options.insert_or_assign(key, base::Secret{value});
            },
            row.description)
        ->group(group);
  }
  return choice;
}

}  // namespace plugin
