// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/image_repository/image_repository.hpp"

namespace plugin::commands {
namespace {

void add_describe(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("describe", "Not available for image repositories");
  struct DescribeOptions {
    std::string type;
    std::string name;
  };
  const auto words = std::make_shared<DescribeOptions>();
  command->add_option("type", words->type, "image-repository")->required()->option_text("OBJECT_TYPE");
  command->add_option("name", words->name, names::repository_syntax)->required()->option_text("NAME");
  cli::add_command_options(*command, context);
  command->callback([words] {
    image_repository::require_image_repository(words->type);
    throw base::Error(base::Kind::config,
                      "Describe is currently not supported for object of type image-repository",
                      "docker snowflake image-repository list --like <name> shows what there is to know");
  });
}

}  // namespace

void add_object(CLI::App& app, Context& context) {
  auto& group = add_group(app, "object", "The same for objects of type image-repository");
  image_repository::add_list(group, context, true);
  image_repository::add_drop(group, context, true);
  image_repository::add_create_by_attributes(group, context);
  add_describe(group, context);
}

}  // namespace plugin::commands
