// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/error.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "doctor/checks.hpp"
#include "output/units.hpp"
#include "registry/client.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "ui/progress_line.hpp"

namespace plugin::commands {
namespace {

/// Why Docker does not use a login of the connection that the options choose; absent when it does.
std::optional<doctor::Finding> docker_problem(const cli::CommandOptions& options, Context& context) {
  doctor::CheckContext check_context{context, options, std::nullopt};
  auto finding = doctor::next_push(check_context, false).docker;
  if (finding.state != doctor::State::failed) finding = doctor::check_helper(check_context);
  if (finding.state != doctor::State::failed) return std::nullopt;
  return check_context.redaction.clean(std::move(finding));
}

/// When a connection says that its login needs a second factor, docker push waits for the user even if
/// Snowflake asks for none.
void print_needless_authenticator(const config::Connection& connection, snowflake::SecondFactor second_factor,
                                  Context& context) {
  const bool is_needless = connection.authenticator() == "USERNAME_PASSWORD_MFA" &&
                           second_factor == snowflake::SecondFactor::unused &&
                           !connection.secret("password").empty();
  if (!is_needless) return;
  const auto origin = connection.origins.find("authenticator");
  context.out << "Snowflake asked for no second factor. To let docker push log in without you:\n"
              << "  set authenticator = \"snowflake\""
              << (origin == connection.origins.end() ? "" : " in " + origin->second) << '\n';
}

void log_in(const config::Connection& connection, const cli::CommandOptions& options, Context& context) {
  const auto host = context.resolver.registry_of(connection).name();
  const auto ready_for = context.wiring.host_served_by(connection);
  auto session = context.wiring.session(connection);
  const auto token = [&] {
    const ui::ProgressLine progress{"Logging in to " + host, context.environment};
    return snowflake::registry_token(session, ready_for ? &*ready_for : nullptr, snowflake::Refresh::login);
  }();
  const auto& login = session.context();
  context.out << "Logged in to " << host << who(login) << ".\n" << std::flush;
  const auto now = context.clock.now();
  {
    const ui::ProgressLine progress{"Asking the registry", context.environment};
    registry::try_credential(context.wiring.http(connection), host, token.credential_for(host, now));
  }
  const auto cached = session.cached();
  const auto problem = ready_for ? docker_problem(options, context) : std::nullopt;
  context.out << "The registry accepts the token";
  if (cached.empty()) {
    context.out << ". Nothing can be stored, so each push logs in again: docker snowflake status\n";
  } else if (!ready_for || problem) {
    context.out << ".\n";
  } else if (!snowflake::is_interactive(connection)) {
    context.out << ". docker push and docker pull log in by themselves.\n";
  } else {
    const auto end = doctor::login_needed_at(connection, cached, now);
    context.out << ". docker push and docker pull need no login for " << output::time_left(end - now)
                << ".\n";
  }
  for (const auto& credential : cached) context.out << "  " << doctor::describe(credential, now) << '\n';
  print_needless_authenticator(connection, session.second_factor(), context);
  if (!ready_for)
    context.out << "Docker uses another connection or role for this registry: docker snowflake status\n";
  if (problem) context.out << "Docker does not use this login yet: " << problem->sentence << '\n';
  if (problem && !problem->next.empty()) context.out << "Next: " << problem->next << '\n';
}

/// `what`: a registry host in any spelling, else the name of a connection.
void choose(config::ConnectionSelection& selection, const std::string& what, Context& context) {
  const auto host = context.resolver.find(what);
  const auto name = host ? context.resolver.connection_for(*host).name : what;
  // A connection that is defined by variables has no name.
  if (name.empty()) selection.temporary = true;
  if (!name.empty()) cli::choose(selection, name, what);
}

/// With the connection that the options choose.
void log_in_chosen(const cli::CommandOptions& options, Context& context) {
  const auto connection = cli::connection_of(options, context);
  log_in(context.resolver.with_registry_settings(connection, options.selection), options, context);
}

void log_in_everywhere(cli::CommandOptions options, Context& context) {
  const auto names = context.resolver.connections().names();
  if (names.empty()) return log_in_chosen(options, context);
  std::size_t failures = 0;
  for (const auto& name : names) {
    context.out << name << ": " << std::flush;
    options.selection.name = name;
    try {
      const auto connection = context.resolver.connections().named(name);
      log_in(context.resolver.with_registry_settings(connection, options.selection), options, context);
    } catch (const base::Error& error) {
      ++failures;
      context.out << "not logged in." << std::endl;
      context.err << "Error: " << error.what() << '\n';
      if (!error.hint().empty()) context.err << "Next: " << error.hint() << '\n';
    }
  }
  if (failures == 0) return;
  throw base::Error(base::Kind::denied,
                    std::to_string(failures) + " of " + std::to_string(names.size()) + " logins failed",
                    "correct them, then docker snowflake login -c <connection>");
}

}  // namespace

void add_login(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("login", "Log in again, and cache a token for docker push and pull");
  const auto options = cli::add_command_options(*command, context);
  const auto name = std::make_shared<std::string>();
  cli::refuse_empty(
      command->add_option("connection", *name, "Connection of the Snowflake CLI, or registry host"))
      ->option_text("[CONNECTION|HOST]");
  const auto all = std::make_shared<bool>(false);
  command->add_flag("--all", *all, "With every connection, one after the other");
  command->callback([options, name, all, &context] {
    auto& selection = options->selection;
    if (!name->empty()) choose(selection, *name, context);
    if (!*all) return log_in_chosen(*options, context);
    if (!selection.empty()) {
      throw base::Error(base::Kind::usage, "--all cannot be combined with connection options",
                        "leave out --all, or the other options");
    }
    log_in_everywhere(*options, context);
  });
}

}  // namespace plugin::commands
