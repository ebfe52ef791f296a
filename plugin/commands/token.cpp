// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "base/json.hpp"
#include "commands.hpp"
#include "connection_options.hpp"

namespace plugin {

void add_token(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("token", "Print a registry token as JSON, for other programs");
  const auto choice = add_connection_options(*command);
  command->callback([choice, &context] {
    auto& registries = context.registries;
    const auto token = registries.token_for(registries.connections().chosen(*choice));
    const base::OrderedJson json = {{"token", std::string{token.value.reveal()}},
                                    {"expires_in", (token.expires_at - context.clock.now()).count()}};
    context.out << json.dump(4) << '\n';
  });
}

}  // namespace plugin
