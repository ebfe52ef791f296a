// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "command_options.hpp"
#include "commands.hpp"

namespace plugin {

void add_logout(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("logout", "Forget the session and the token of a connection");
  const auto options = add_command_options(*command, context);
  command->callback([options, &context] {
    auto& registries = context.registries;
    const auto connection = connection_of(*options, context);
    registries.forget(connection);
    // The server's session goes on until its time is over: a push in another terminal may be using it.
    context.out << "Forgot what was kept for "
                << snowflake::registry_of(connection, registries.settings()).name() << " on this machine.\n";
  });
}

}  // namespace plugin
