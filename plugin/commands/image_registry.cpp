// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "docker_login.hpp"
#include "registry_address.hpp"

namespace plugin {
namespace {

void add_registry_token(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("token", "Print a token for the image registry");
  const auto options = add_command_options(*command, context);
  command->callback([options, &context] { print_token(*options, context); });
}

void add_registry_url(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("url", "Ask Snowflake for the host of the image registry");
  const auto private_link = std::make_shared<bool>(false);
  command->add_flag("--private-link", *private_link, "The host for private connectivity");
  const auto options = add_command_options(*command, context);
  command->callback([private_link, options, &context] {
    auto session = session_of(*options, context);
    printer_of(*options, context).message(ask_registry_host(session, *private_link));
  });
}

void add_registry_login(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("login", "Hand a token to 'docker login'");
  const auto private_link = std::make_shared<bool>(false);
  command->add_flag("--private-link", *private_link, "The host for private connectivity");
  const auto options = add_command_options(*command, context);
  command->callback([private_link, options, &context] {
    auto session = session_of(*options, context);
    const std::string host = ask_registry_host(session, *private_link);
    const auto token = context.wiring.registry_token(connection_of(*options, context));
    printer_of(*options, context).message(docker_login(host, token, context));
  });
}

}  // namespace

void add_image_registry(CLI::App& app, Context& context) {
  auto& group = add_group(app, "image-registry", "The image registry, with the Snowflake CLI's commands");
  add_registry_login(group, context);
  add_registry_token(group, context);
  add_registry_url(group, context);
}

}  // namespace plugin
