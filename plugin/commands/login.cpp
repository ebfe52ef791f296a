// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/error.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "kept_text.hpp"
#include "registry/client.hpp"

namespace plugin {
namespace {

/// Whether the role is said on the command line, beside what the settings say.
config::Connection for_registry(config::Connection connection, bool has_role, Context& context) {
  return has_role ? connection : context.resolver.in_role_of_settings(std::move(connection));
}

void sign_in(const config::Connection& connection, Context& context) {
  const auto host = context.resolver.registry_of(connection).name();
  const auto token = context.wiring.registry_token(connection, snowflake::Refresh::login);
  context.out << "Signed in to " << host << ".\n";
  const auto now = context.clock.now();
  registry::try_credential(context.wiring.http(), host, token.credential_for(host, now));
  context.out << "The registry takes the token, which is renewed by itself as long as the session lasts.\n";
  if (!context.wiring.host_served_by(connection))
    context.out << "Docker itself signs in there with another connection or role: docker snowflake status\n";
  const auto kept = context.wiring.session(connection).cached();
  for (const auto& credential : kept) context.out << "  " << in_words(credential, now) << '\n';
  if (kept.empty())
    context.out << "Nothing of it can be kept, so each push signs in anew: docker snowflake status\n";
}

void sign_in_everywhere(Context& context) {
  const auto names = context.resolver.connections().names();
  if (names.empty()) throw no_connection(context);
  std::size_t failures = 0;
  for (const auto& name : names) {
    context.out << name << ": " << std::flush;
    try {
      sign_in(for_registry(context.resolver.connections().named(name), false, context), context);
    } catch (const base::Error& error) {
      ++failures;
      context.out << "not signed in." << std::endl;
      context.err << "Error: " << error.what() << '\n';
      if (!error.hint().empty()) context.err << "Next: " << error.hint() << '\n';
    }
  }
  if (failures == 0) return;
  throw base::Error(
      base::Kind::denied,
      std::to_string(failures) + " of " + std::to_string(names.size()) + " connections did not sign in",
      "correct them, then docker snowflake login -c <connection>");
}

}  // namespace

void add_login(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("login", "Sign in anew, and keep a token for docker push and pull");
  const auto options = add_command_options(*command, context);
  const auto all = std::make_shared<bool>(false);
  command->add_flag("--all", *all, "With every connection, one after the other");
  command->callback([options, all, &context] {
    const auto& selection = options->selection;
    if (!*all) {
      const bool has_role = selection.options.contains("role");
      return sign_in(for_registry(connection_of(*options, context), has_role, context), context);
    }
    if (selection.name || selection.temporary || !selection.options.empty()) {
      throw base::Error(base::Kind::usage, "--all is every connection as it is: it takes no option of one",
                        "leave --all out, or the rest");
    }
    sign_in_everywhere(context);
  });
}

}  // namespace plugin
