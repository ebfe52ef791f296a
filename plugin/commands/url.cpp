// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "command_options.hpp"
#include "commands.hpp"
#include "commands/image_repository/image_repository.hpp"

namespace plugin {

void add_url(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("url", "Print the host of the registry, or the URL of a repository");
  const auto name = std::make_shared<std::optional<std::string>>();
  command->add_option("name", *name, image_syntax)->option_text("[NAME]");
  const auto options = add_command_options(*command, context);
  command->callback([name, options, &context] {
    const auto printer = printer_of(*options, context);
    if (!*name) {
      const auto connection = connection_of(*options, context);
      printer.message(context.resolver.registry_of(connection).name());
      return;
    }
    const auto reference = ImageReference::parse(**name);
    auto session = context.wiring.session(connection_of(reference, *options, context));
    reference.refuse_path(session.context());
    const auto url = image_repository::url_of(reference.repository, session);
    printer.message(url + (reference.image.empty() ? "" : "/" + reference.image) + reference.tag +
                    reference.digest);
  });
}

}  // namespace plugin
