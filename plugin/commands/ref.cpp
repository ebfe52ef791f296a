// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "image_reference.hpp"
#include "registry_address.hpp"

namespace plugin {
namespace {

void print_reference(const std::string& text, CommandOptions& options, Context& context) {
  const auto reference = ImageReference::parse(text);
  auto& selection = options.selection;
  if (reference.connection && selection.name && selection.name != reference.connection) {
    throw base::Error(base::Kind::usage,
                      "two connections are named: @" + *reference.connection + " and " + *selection.name,
                      "leave one of them out");
  }
  if (reference.connection) selection.name = reference.connection;
  const auto connection = connection_of(options, context);
  const auto host = context.resolver.registry_of(connection).name();
  const snowflake::SessionContext stands{connection.text("user"), connection.text("role"),
                                         connection.text("database"), connection.text("schema")};
  printer_of(options, context).message(reference.at(host, stands));
}

}  // namespace

void add_ref(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("ref", "Print what Docker calls an image whose names of SQL you know");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "[@connection:][[database.]schema.]repository[/image][:tag][@digest]")
      ->required()
      ->option_text("NAME");
  const auto options = add_command_options(*command, context);
  command->callback([name, options, &context] { print_reference(*name, *options, context); });
}

}  // namespace plugin
