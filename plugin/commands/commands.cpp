// SPDX-License-Identifier: Apache-2.0
#include "commands/commands.hpp"

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "commands/image_repository/image_repository.hpp"

namespace plugin::commands {
namespace {

using AddCommand = void (*)(CLI::App& app, Context&);

struct CommandGroup {
  const char* heading;
  std::vector<AddCommand> commands;
};

/// Grouped as Docker groups its own.
const std::vector<CommandGroup>& command_groups() {
  static const std::vector<CommandGroup> groups = {
      {"Common Commands",
       {add_setup, add_login, add_status, add_doctor, add_images, add_repositories, add_push}},
      {"Management Commands", {add_connection, add_config, add_kubernetes}},
      {"Commands",
       {add_logout, add_whoami, add_token, add_docker_config, add_url, add_ref, add_pull, add_copy, add_tag,
        add_du, add_serve}},
      {"Snowflake CLI Commands",
       {add_image_registry, add_image_repository, add_object, image_repository::add_list_images}}};
  return groups;
}

}  // namespace

void add_all(CLI::App& app, Context& context) {
  for (const auto& [heading, commands] : command_groups()) {
    for (const auto add : commands) {
      add(app, context);
      app.get_subcommands({}).back()->group(heading);
    }
  }
}

std::string who(const snowflake::SessionContext& login) {
  return (login.user.empty() ? "" : " as " + base::printable(login.user)) +
         (login.role.empty() ? "" : ", role " + base::printable(login.role));
}

CLI::App& add_group(CLI::App& app, const char* name, const char* description) {
  auto* group = app.add_subcommand(name, description);
  group->callback([group] {
    if (group->get_subcommands().empty()) throw CLI::CallForHelp{};
  });
  return *group;
}

}  // namespace plugin::commands
