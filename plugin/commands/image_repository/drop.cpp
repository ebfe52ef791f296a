// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"

namespace plugin::image_repository {
namespace {

struct DropOptions {
  std::string type = "image-repository";
  std::string name;
  bool if_exists = false;
};

}  // namespace

void add_drop(CLI::App& group, Context& context, bool typed) {
  auto* command = group.add_subcommand("drop", "Drop an image repository with all its images");
  const auto given = std::make_shared<DropOptions>();
  if (typed)
    command->add_option("type", given->type, "image-repository")->required()->option_text("OBJECT_TYPE");
  command->add_option("name", given->name, repository_syntax)->required()->option_text("NAME");
  command->add_flag("--if-exists", given->if_exists, "No error when there is none");
  const auto options = add_command_options(*command, context);
  command->callback([given, options, typed, &context] {
    require_image_repository(given->type);
    const auto name = typed ? ObjectName::parse(given->name) : ObjectName::parse_repository(given->name);
    print_rows(std::string{"drop image repository"} + (given->if_exists ? " if exists " : " ") +
                   name.in_identifier(),
               *options, context);
  });
}

}  // namespace plugin::image_repository
