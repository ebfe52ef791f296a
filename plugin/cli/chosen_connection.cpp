// SPDX-License-Identifier: Apache-2.0
// The connection that a command line chooses, and what is wrong when there is none.
#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace plugin::cli {
namespace {

using base::Error;
using base::Kind;

/// Where one of these is set, a connection from variables is wanted.
constexpr std::array variables_of_login = {"SNOWFLAKE_USER",
                                           "SNOWFLAKE_PASSWORD",
                                           "SNOWFLAKE_AUTHENTICATOR",
                                           "SNOWFLAKE_PRIVATE_KEY_FILE",
                                           "SNOWFLAKE_TOKEN",
                                           "SNOWFLAKE_TOKEN_FILE_PATH",
                                           "SNOWFLAKE_PRIVATE_KEY_PATH",
                                           "SNOWFLAKE_PRIVATE_KEY_RAW"};

/// Throws in the words of the Snowflake CLI (`snowflake/PROTOCOL.md` 9.6).
void check_given_session(const config::ConnectionSelection& selection) {
  const bool session = selection.options.contains("session_token");
  const bool master = selection.options.contains("master_token");
  if ((session && master && selection.temporary) || (!session && !master)) return;
  const auto* mistake = "When using a session token, you must provide the corresponding master token";
  if (!session) mistake = "When using a master token, you must provide the corresponding session token";
  if (!selection.temporary)
    mistake = "When using a session or master token, you must use a temporary connection";
  throw Error(Kind::config, mistake, "give --session-token, --master-token and -x together");
}

/// Refuses a token that the connection's authenticator does not use.
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

/// Refuses a key that cannot be read, also where a cached session needs none.
void check_key_can_be_read(const config::ConnectionSelection& selection, const config::Connection& connection,
                           const base::Environment& environment) {
  if (selection.options.contains("private_key_file"))
    static_cast<void>(snowflake::required_private_key(connection, environment));
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

config::Connection chosen_connection(config::ConnectionSelection selection, Context& context) {
  const auto& connections = context.resolver.connections();
  const auto names = connections.names();
  // Also where the default one has been renamed or removed: Docker uses it, too.
  if (!selection.has_connection() && names.size() == 1) selection.name = names.front();
  const bool has_none = !selection.name && names.empty();
  // Docker uses it without being told, too.
  if (has_none && (selection.options.contains("account") || connections.from_variables()))
    selection.temporary = true;
  try {
    if (has_none && !selection.temporary) throw no_connection(context);
    if (!selection.has_connection() && !connections.has_default()) throw no_default(connections);
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
  check_schema(options.selection);
  check_given_session(options.selection);
  if (options.as_snow) return context.resolver.connections().select(options.selection);
  auto connection = chosen_connection(options.selection, context);
  check_token_is_used(options.selection, connection);
  check_key_can_be_read(options.selection, connection, context.environment);
  return connection;
}

namespace {

/// With the connection that is named in front of a reference, or that belongs to its host.
CommandOptions selected_by(const names::ImageReference& reference, CommandOptions options, Context& context) {
  if (reference.connection) choose(options.selection, *reference.connection, "@" + *reference.connection);
  if (!reference.host || options.selection.has_connection()) return options;
  const auto host = context.resolver.find(*reference.host);
  if (!host) {
    throw Error(Kind::usage,
                "'" + base::printable(*reference.host, 200) + "' is not a Snowflake registry host",
                "docker snowflake url prints the host of a connection");
  }
  const auto connection = context.resolver.connection_for(*host);
  if (!connection.name.empty()) options.selection.name = connection.name;
  return options;
}

}  // namespace

config::Connection connection_of(const names::ImageReference& reference, const CommandOptions& options,
                                 Context& context) {
  const auto selected = selected_by(reference, options, context);
  if (!reference.host || selected.selection.has_connection()) return connection_of(selected, context);
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
  if (const auto connection = context.resolver.connections().from_variables()) {
    try {
      context.resolver.registry_of(*connection);
      return std::nullopt;
    } catch (const Error& error) {
      return error;
    }
  }
  for (const char* variable : variables_of_login) {
    if (!context.environment.non_empty(variable)) continue;
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

void choose(config::ConnectionSelection& selection, const std::string& name, const std::string& shown) {
  if (selection.name && selection.name != name) {
    throw Error(Kind::usage,
                "two connections are named: " + base::printable(shown, 200) + " and " +
                    base::printable(*selection.name, 200),
                "leave one of them out");
  }
  selection.name = name;
}

}  // namespace plugin::cli
