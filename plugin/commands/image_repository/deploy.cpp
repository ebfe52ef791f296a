// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"
#include "project_file/project_file.hpp"

namespace plugin::image_repository {
namespace {

struct DeployOptions {
  std::optional<std::string> entity;
  bool replace = false;
  std::string project = ".";
  std::vector<std::string> variables;
};

}  // namespace

void add_deploy(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("deploy", "Create the image repository that snowflake.yml describes");
  const auto given = std::make_shared<DeployOptions>();
  command->add_option("entity_id", given->entity, "Which one, when snowflake.yml describes several")
      ->option_text("[ENTITY_ID]");
  command->add_flag("--replace", given->replace, "Replace it, with all its images, if it is there");
  command->add_option("-p,--project", given->project, "Folder of snowflake.yml")->option_text("PATH");
  command
      ->add_option("--env", given->variables, "Value of ctx.env.KEY in templates; may be given several times")
      ->option_text("KEY=VALUE")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  const auto options = add_command_options(*command, context);
  command->callback([given, options, &context] {
    project_file::Overrides overrides;
    for (const auto& variable : given->variables)
      overrides.insert_or_assign(project_file::parse_override(variable).first,
                                 project_file::parse_override(variable).second);
    const auto project = project_file::ProjectFile::read(given->project, overrides, context.environment);
    create(project.choose(given->entity).name, given->replace ? CreateMode::replace : CreateMode::plain,
           *options, context);
  });
}

}  // namespace plugin::image_repository
