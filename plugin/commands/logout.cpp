// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "config/account.hpp"
#include "config/registry_resolver.hpp"
#include "snowflake/logout.hpp"

namespace plugin::commands {
namespace {

/// `what`: a registry host in any spelling, else the name of a connection.
config::Connection chosen(const std::optional<std::string>& what, cli::CommandOptions options,
                          Context& context) {
  if (!what) return cli::connection_of(options, context);
  if (options.selection.has_connection()) {
    throw base::Error(base::Kind::usage,
                      "two connections are named: " + base::printable(*what, 200) + " and another",
                      "leave one of them out");
  }
  if (const auto host = context.resolver.find(*what)) return context.resolver.connection_for(*host);
  options.selection.name = *what;
  return cli::connection_of(options, context);
}

/// An account locator does not determine the registry; then the account's host.
std::string registry_or_account(const config::Connection& connection, Context& context) {
  try {
    return context.resolver.registry_of(connection).name();
  } catch (const base::Error&) {
    return config::account_of(connection).host;
  }
}

/// Logs out in the stores that the settings exclude. False when nothing was there.
bool log_out_of_unused_stores(const config::Connection& connection, Context& context) {
  auto stores = context.wiring.unused_stores();
  if (!stores) return false;
  const auto parts = context.wiring.session_parts(connection);
  try {
    return snowflake::log_out(connection, {parts.environment, parts.clock, parts.http, *stores,
                                           parts.lock_locations, parts.config_fingerprint, parts.deadline});
  } catch (const base::Error&) {
    // The settings may exclude it because it does not work.
    return false;
  }
}

void log_out(const config::Connection& connection, bool revoke, Context& context) {
  const auto parts = context.wiring.session_parts(connection);
  if (revoke) {
    // First, while its token is still there: when this fails, it can be tried again.
    const bool ended = snowflake::end_sessions(connection, parts);
    context.out << (ended ? "Ended the session at Snowflake. A push or pull that is using it will fail.\n"
                          : "There was no session to end at Snowflake.\n");
  }
  bool was_logged_in = log_out_of_unused_stores(connection, context);
  was_logged_in = snowflake::log_out(connection, parts) || was_logged_in;
  const auto where = registry_or_account(connection, context);
  if (was_logged_in) {
    context.out << "Removed the stored credentials for " << where << " from this machine.\n";
  } else {
    context.out << "Not logged in to " << where << ".\n";
  }
}

}  // namespace

void add_logout(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("logout", "Remove the stored session and tokens of a connection");
  const auto what = std::make_shared<std::optional<std::string>>();
  cli::refuse_empty(command->add_option("what", *what, "Connection of the Snowflake CLI, or registry host"))
      ->option_text("[CONNECTION|HOST]");
  const auto revoke = std::make_shared<bool>(false);
  command->add_flag("--revoke", *revoke,
                    "End the session at Snowflake as well; a push or pull that uses it fails");
  const auto options = cli::add_command_options(*command, context);
  command->callback(
      [what, revoke, options, &context] { log_out(chosen(*what, *options, context), *revoke, context); });
}

}  // namespace plugin::commands
