// SPDX-License-Identifier: Apache-2.0
#include "command_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"

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
constexpr const char* output_group = "Output";
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

void set(config::Choice& choice, const char* key, const std::string& value) {
  choice.options.insert_or_assign(key, base::Secret{value});
}

output::Format format_of(const std::string& word) {
  if (const auto format = output::parse_format(word)) return *format;
  throw Error(Kind::usage,
              "Invalid value for '--format': '" + base::printable(word, 100) +
                  "' is not one of 'TABLE', 'JSON', 'JSON_EXT', 'CSV'.",
              "choose one of them");
}

void add_connection_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options) {
  auto& choice = options->choice;
  command.add_option("-c,--connection,--environment", choice.name, "Connection of the Snowflake CLI")
      ->group(connection_group);
  command
      .add_flag("-x,--temporary-connection", choice.temporary,
                "Use options and variables only, no connection")
      ->group(connection_group);
  const auto add = [&](const Row& row, const char* group) {
    command
        .add_option_function<std::string>(
            row.flags,
            [options, key = row.key](const std::string& value) { set(options->choice, key, value); },
            row.description)
        ->group(group);
  };
  for (const auto& row : with_value) add(row, connection_group);
  for (const auto& row : hidden_with_value) add(row, hidden);
  command
      .add_option_function<std::vector<std::string>>(
          "--mfa-passcode",
          [options](const std::vector<std::string>& values) {
            const bool given = !values.empty() && !values.front().empty();
            set(options->choice, given ? "passcode" : "passcode_at_terminal",
                given ? values.front() : "true");
          },
          "Passcode of the second factor; asked for when it is not given here")
      ->expected(0, 1)
      ->group(connection_group);
  for (const auto& row : flags) {
    command
        .add_flag_callback(
            row.flags, [options, key = row.key] { set(options->choice, key, "true"); }, row.description)
        ->group(connection_group);
  }
  command
      .add_option_function<std::string>(
          "--port",
          [options](const std::string& value) {
            whole_number("--port", value);
            set(options->choice, "port", value);
          },
          "Port for the connection")
      ->group(connection_group);
  command
      .add_option_function<std::string>(
          "--password", [options](const std::string& value) { set(options->choice, "password", value); },
          "Password; better in SNOWFLAKE_PASSWORD, since others can see command lines")
      ->group(connection_group);
}

void add_output_options(CLI::App& command, const std::shared_ptr<CommandOptions>& options, Context& context) {
  command
      .add_option_function<std::string>(
          "--format", [options](const std::string& word) { options->format = format_of(word); },
          "TABLE, JSON, JSON_EXT or CSV")
      ->group(output_group);
  command.add_flag("--silent", options->silent, "No warnings")->group(output_group);
  command.add_flag("-v,--verbose", options->verbose, "Accepted for scripts of the Snowflake CLI")
      ->group(hidden);
  command.add_flag("--debug", options->debug, "Accepted for scripts of the Snowflake CLI")->group(hidden);
  command
      .add_flag("--enhanced-exit-codes", context.enhanced_exit_codes,
                "Exit with 5 when Snowflake refuses a statement")
      ->group(output_group);
  const std::string accepted = "Accepted for scripts of the Snowflake CLI";
  command.add_flag("--enable-diag", accepted)->group(hidden);
  for (const char* option : {"--decimal-precision", "--diag-log-path", "--diag-allowlist-path"}) {
    command.add_option(option, accepted)->expected(1)->group(hidden);
  }
}

/// In the words of the Snowflake CLI (`snow-cli-behaviour.md` 1.5).
void check_given_session(const config::Choice& choice) {
  const bool session = choice.options.contains("session_token");
  const bool master = choice.options.contains("master_token");
  const std::string hint = "give --session-token, --master-token and -x together";
  if ((session || master) && !choice.temporary) {
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
void check_schema(const config::Choice& choice) {
  const auto found = choice.options.find("schema");
  if (found == choice.options.end()) return;
  const std::string_view schema = found->second.reveal();
  const bool quoted = schema.size() > 1 && schema.starts_with('"') && schema.ends_with('"');
  if (quoted || schema.find('.') == std::string_view::npos) return;
  throw Error(Kind::config, "Invalid schema " + base::printable(schema, 200),
              "name the database with --database");
}

}  // namespace

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
  add_connection_options(command, options);
  add_output_options(command, options, context);
  return options;
}

config::Connection connection_of(const CommandOptions& options, Context& context) {
  if (options.verbose && options.debug) {
    throw Error(Kind::usage, "Invalid value: Only one parameter `verbose` or `debug` is possible",
                "leave one of them out");
  }
  if (options.choice.options.contains("password") && !options.silent) {
    context.err << "WARNING! Using --password via the CLI is insecure. Use environment variables instead.\n";
  }
  check_schema(options.choice);
  check_given_session(options.choice);
  return context.registries.connections().chosen(options.choice);
}

snowflake::KeptSession session_of(const CommandOptions& options, Context& context) {
  return context.registries.session(connection_of(options, context));
}

output::Printer printer_of(const CommandOptions& options, Context& context) {
  return {context.out, options.format, context.terminal};
}

}  // namespace plugin
