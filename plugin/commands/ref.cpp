// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "image_reference.hpp"

namespace plugin {
namespace {

void print_reference(const std::string& text, const CommandOptions& options, Context& context) {
  const auto reference = ImageReference::parse(text);
  const auto connection = connection_of(reference, options, context);
  const auto host =
      reference.host ? base::to_lower(*reference.host) : context.resolver.registry_of(connection).name();
  const snowflake::SessionContext names{connection.text("user"), connection.text("role"),
                                        connection.text("database"), connection.text("schema")};
  printer_of(options, context).message(reference.at(host, names));
}

}  // namespace

void add_ref(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("ref", "Print the image reference that Docker takes, from SQL names");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, image_syntax)->required()->option_text("NAME");
  const auto options = add_command_options(*command, context);
  command->callback([name, options, &context] { print_reference(*name, *options, context); });
}

}  // namespace plugin
