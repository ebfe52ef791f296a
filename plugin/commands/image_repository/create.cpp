// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"
#include "project_file/project_file.hpp"
#include "snowflake/codes.hpp"

namespace plugin::commands::image_repository {
namespace {

using base::Error;
using base::Kind;

constexpr const char* replace_description = "Replace it, with all its images, if it exists";
constexpr const char* if_not_exists_description = "Do nothing if it exists";

std::string statement_for(CreateMode mode) {
  switch (mode) {
    case CreateMode::plain:
      return "create image repository";
    case CreateMode::replace:
      return "create or replace image repository";
    case CreateMode::if_not_exists:
      return "create image repository if not exists";
  }
  return {};
}

/// One of several parts is shown as written, as the Snowflake CLI does.
std::string shown(const names::ObjectName& name) { return name.schema() ? name.text() : name.stored_name(); }

struct DeployOptions {
  std::optional<std::string> entity;
  bool replace = false;
  std::string project = ".";
  std::vector<std::string> variables;
};

}  // namespace

void create(const names::ObjectName& name, CreateMode mode, const cli::CommandOptions& options,
            Context& context) {
  auto session = cli::session_of(options, context);
  require_namespace(name, session.context());
  snowflake::Result result;
  try {
    session.run(statement_for(mode) + " " + name.text(), result);
  } catch (const snowflake::StatementError& error) {
    if (error.code() != snowflake::code::already_exists) throw;
    throw Error(Kind::config,
                "Image-repository " + shown(name) + " already exists. Use --replace flag to update objects.",
                "--if-not-exists leaves it as it is; --replace drops it with its images");
  }
  output::Fields fields;
  for (const auto& column : result.columns) {
    fields.emplace_back(
        column.name, output::text_value(result.rows.empty() ? "" : result.at(0, column.name).value_or("")));
  }
  cli::printer_of(options, context).object(fields);
}

void add_create_modes(CLI::App& command) {
  command.add_flag("--replace", replace_description);
  command.add_flag("--if-not-exists", if_not_exists_description);
}

CreateMode create_mode_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const auto* option : command.parse_order()) {
    const std::string name = option->get_name();
    if (name == "--replace" || name == "--if-not-exists") flags.push_back(name);
  }
  if (flags.empty()) return CreateMode::plain;
  if (flags.front() != flags.back()) {
    throw Error(Kind::usage,
                "Parameters '" + flags.back() + "' and '" + flags.front() +
                    "' are incompatible and cannot be used simultaneously.",
                "leave one of them out");
  }
  return flags.front() == "--replace" ? CreateMode::replace : CreateMode::if_not_exists;
}

void add_create(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("create", "Create an image repository in the current schema");
  const auto name = add_name(*command);
  add_create_modes(*command);
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, options, command, &context] {
    const auto given = cli::repository_argument(*name, *options, context);
    create(given.name, create_mode_of(*command), given.options, context);
  });
}

void add_deploy(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("deploy", "Create the image repository that snowflake.yml describes");
  const auto given = std::make_shared<DeployOptions>();
  command->add_option("entity_id", given->entity, "Which one, when snowflake.yml describes several")
      ->option_text("[ENTITY_ID]");
  command->add_flag("--replace", given->replace, replace_description);
  command->add_option("-p,--project", given->project, "Directory of snowflake.yml")->option_text("PATH");
  command
      ->add_option("--env", given->variables, "Value of ctx.env.KEY in templates; may be given several times")
      ->option_text("KEY=VALUE")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  const auto options = cli::add_command_options(*command, context);
  command->callback([given, options, &context] {
    project_file::Overrides overrides;
    for (const auto& variable : given->variables) {
      const auto [key, value] = project_file::parse_override(variable);
      overrides.insert_or_assign(key, value);
    }
    const auto project = project_file::ProjectFile::read(given->project, overrides, context.environment);
    create(project.choose(given->entity).name, given->replace ? CreateMode::replace : CreateMode::plain,
           *options, context);
  });
}

}  // namespace plugin::commands::image_repository
