// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "command_options.hpp"
#include "commands.hpp"
#include "time_text.hpp"

namespace plugin {

void add_login(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("login", "Sign in anew, and keep a token for docker push and pull");
  const auto options = add_command_options(*command, context);
  command->callback([options, &context] {
    auto& registries = context.registries;
    const auto connection = connection_of(*options, context);
    const auto host = snowflake::registry_of(connection, registries.settings());
    const auto token = registries.sign_in(connection);
    context.out << "Signed in to " << host.name() << ".\n"
                << "The registry token is good for " << in_words(token.expires_at - context.clock.now())
                << " and is renewed by itself.\n"
                << "Kept in: " << registries.stores().kept->name() << ".\n";
  });
}

}  // namespace plugin
