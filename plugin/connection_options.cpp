// SPDX-License-Identifier: Apache-2.0
#include "connection_options.hpp"

#include <CLI/CLI.hpp>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command_options.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

struct Row {
  const char* flags;
  const char* key;
  const char* description;
};

constexpr const char* connection_group = "Connection";
constexpr const char* hidden = "";

constexpr std::array with_value = {
    Row{"--host", "host", "Host address for the connection"},
    Row{"--protocol", "protocol", "https, or http to a loopback address"},
    Row{"--account,--accountname", "account", "Account, as <organization>-<account>"},
    Row{"--user,--username", "user", "User name"},
    Row{"--authenticator", "authenticator", "Way to sign in"},
    Row{"--private-key-file,--private-key-path", "private_key_file", "File with the private key"},
    Row{"--token", "token", "OAuth token, or programmatic access token"},
    Row{"--token-file-path", "token_file_path", "File with such a token"},
    Row{"--database,--dbname", "database", "Database to use"},
    Row{"--schema,--schemaname", "schema", "Schema to use"},
    Row{"--role,--rolename", "role", "Role to use"},
    Row{"--warehouse", "warehouse", "Warehouse to use"},
    Row{"--oauth-client-id", "oauth_client_id", "Client id at the OAuth identity provider"},
    Row{"--oauth-client-secret", "oauth_client_secret", "Client secret at the OAuth identity provider"},
    Row{"--oauth-authorization-url", "oauth_authorization_url", "Where the identity provider authorizes"},
    Row{"--oauth-token-request-url", "oauth_token_request_url", "Where the identity provider gives tokens"},
    Row{"--oauth-redirect-uri", "oauth_redirect_uri",
        "Where the identity provider sends the browser back to"},
    Row{"--oauth-scope", "oauth_scope", "Scope to ask the identity provider for"},
    Row{"--workload-identity-provider", "workload_identity_provider", "AWS, AZURE, GCP or OIDC"},
    Row{"--secondary-roles", "secondary_roles", "ALL, NONE or DEFAULT"},
};

/// For those who opened a session elsewhere.
constexpr std::array hidden_with_value = {
    Row{"--session-token", "session_token", "Token of a session that is open, with --master-token"},
    Row{"--master-token", "master_token", "Token that renews that session"},
};

constexpr std::array flags = {
    Row{"--oauth-disable-pkce", "oauth_disable_pkce", "Without Proof Key for Code Exchange"},
    Row{"--oauth-enable-refresh-tokens", "oauth_enable_refresh_tokens", "Ask for refresh tokens"},
    Row{"--oauth-enable-single-use-refresh-tokens", "oauth_enable_single_use_refresh_tokens",
        "Ask for refresh tokens that work once"},
    Row{"--client-store-temporary-credential", "client_store_temporary_credential",
        "Keep what the sign-in leaves for the next one"},
    Row{"--server-session-keep-alive", "server_session_keep_alive",
        "Sessions are never ended here: no difference"},
};

void set(config::ConnectionSelection& selection, const char* key, const std::string& value) {
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

}  // namespace

void add_connection_options(CLI::App& command,
                            const std::shared_ptr<config::ConnectionSelection>& selection) {
  command.add_option("-c,--connection,--environment", selection->name, "Connection of the Snowflake CLI")
      ->group(connection_group);
  command
      .add_flag("-x,--temporary-connection", selection->temporary,
                "Use options and variables only, no connection")
      ->group(connection_group);
  const auto add = [&](const Row& row, const char* group) {
    command
        .add_option_function<std::string>(
            row.flags, [selection, key = row.key](const std::string& value) { set(*selection, key, value); },
            row.description)
        ->group(group);
  };
  for (const auto& row : with_value) add(row, connection_group);
  for (const auto& row : hidden_with_value) add(row, hidden);
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
  for (const auto& row : flags) {
    command
        .add_flag_callback(
            row.flags, [selection, key = row.key] { set(*selection, key, "true"); }, row.description)
        ->group(connection_group);
  }
  command
      .add_option_function<std::string>(
          "--port",
          [selection](const std::string& value) {
            whole_number("--port", value);
            set(*selection, "port", value);
          },
          "Port for the connection")
      ->group(connection_group);
  command
      .add_option_function<std::string>(
          "--password", [selection](const std::string& value) { set(*selection, "password", value); },
          "Password; better in SNOWFLAKE_PASSWORD, since others can see command lines")
      ->group(connection_group);
}

void check(const config::ConnectionSelection& selection) {
  check_schema(selection);
  check_given_session(selection);
}

}  // namespace plugin
