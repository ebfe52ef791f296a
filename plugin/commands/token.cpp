// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "registry_address.hpp"

namespace plugin {

void add_token(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("token", "Print a registry token, as JSON unless --format says otherwise");
  const auto options = add_command_options(*command, context, output::Format::json);
  command->callback([options, &context] { print_token(*options, context); });
}

}  // namespace plugin
