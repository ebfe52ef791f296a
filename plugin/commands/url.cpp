// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "connection_options.hpp"

namespace plugin {

void add_url(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("url", "Print the registry's host name");
  const auto choice = add_connection_options(*command);
  command->callback([choice, &context] {
    auto& registries = context.registries;
    context.out
        << snowflake::registry_of(registries.connections().chosen(*choice), registries.settings()).name()
        << '\n';
  });
}

}  // namespace plugin
