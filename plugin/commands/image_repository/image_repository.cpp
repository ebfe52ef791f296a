// SPDX-License-Identifier: Apache-2.0
#include "commands/image_repository/image_repository.hpp"

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/result_rows.hpp"
#include "snowflake/codes.hpp"

namespace plugin::commands::image_repository {
namespace {

void add_describe(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("describe", "Not available for image repositories");
  const auto type = add_type(*command);
  const auto name = add_name(*command);
  cli::add_command_options(*command, context);
  command->callback([type, name] {
    require_image_repository(*type);
    throw base::Error(base::Kind::config,
                      "Describe is currently not supported for object of type image-repository",
                      "docker snowflake image-repository list --like <name> shows its properties");
  });
}

}  // namespace

std::shared_ptr<std::string> add_name(CLI::App& command) {
  auto name = std::make_shared<std::string>();
  command.add_option("name", *name, names::repository_syntax)->required()->option_text("NAME");
  return name;
}

std::shared_ptr<std::string> add_type(CLI::App& command) {
  auto type = std::make_shared<std::string>();
  command.add_option("type", *type, "image-repository")->required()->option_text("OBJECT_TYPE");
  return type;
}

void require_image_repository(const std::string& type) {
  if (base::equals_ignoring_case(type, "image-repository")) return;
  throw base::Error(base::Kind::config,
                    "Object of type " + base::to_lower(base::printable(type, 100)) + " is not supported.",
                    "this plugin supports only image-repository; the Snowflake CLI supports others");
}

std::string url_of(const names::ObjectName& name, snowflake::SessionCache& session) {
  const auto& context = session.context();
  require_namespace(name, context);
  // Always name the schema: without it Snowflake searches the whole database, and shows each name only once
  // (`snowflake/PROTOCOL.md` 10.3).
  const std::string database = name.database().value_or("");
  const std::string schema =
      name.schema().value_or(name.database() ? "PUBLIC" : snowflake::quoted_identifier(context.schema));
  const std::string where =
      database.empty()
          ? (name.schema() ? schema : snowflake::quoted_identifier(context.database) + "." + schema)
          : database + "." + schema;
  const auto result = session.run("show image repositories like " +
                                  snowflake::sql_pattern(name.stored_name()) + " in schema " + where);
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    if (result.at(row, "name") != name.stored_name()) continue;
    auto url = result.at(row, "repository_url").value_or("");
    // An empty host would be Docker Hub to docker.
    if (!url.empty()) return url;
    const auto full_name = base::to_upper(name.completed(context));
    throw base::Error(base::Kind::not_found,
                      "Snowflake did not return the URL of image repository " + full_name,
                      "docker snowflake ref " + full_name + " prints it without asking Snowflake");
  }
  throw snowflake::StatementError(
      "", "Image repository '" + name.completed(context) + "' does not exist or not authorized.",
      "docker snowflake repositories shows those that the role can see; --role chooses another");
}

base::Error no_such_repository(base::Kind kind, const std::string& name, const std::string& role) {
  return {kind,
          "there is no image repository " + base::printable(name, 300) + " that the role " +
              base::printable(role, 100) + " can see",
          "docker snowflake repositories lists those that it can see; docker snowflake image-repository "
          "create " +
              base::printable(name, 300) + " creates it"};
}

void print_rows(const std::string& sql, const cli::CommandOptions& options, Context& context) {
  auto session = cli::session_of(options, context);
  const auto rows = cli::printer_of(options, context).rows();
  ResultRows result{*rows, options.format};
  session.run(sql, result);
  rows->end();
}

void add_url(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("url", "Print the URL of an image repository");
  const auto name = add_name(*command);
  const auto options = cli::add_command_options(*command, context);
  command->callback([name, options, &context] {
    const auto given = cli::repository_argument(*name, *options, context);
    auto session = cli::session_of(given.options, context);
    cli::printer_of(*options, context).message(url_of(given.name, session));
  });
}

}  // namespace plugin::commands::image_repository

namespace plugin::commands {

void add_image_repository(CLI::App& app, Context& context) {
  auto& group = add_group(app, "image-repository", "Create, list and drop image repositories");
  image_repository::add_create(group, context);
  image_repository::add_deploy(group, context);
  image_repository::add_drop(group, context, false);
  image_repository::add_list(group, context, false);
  image_repository::add_list_images(group, context);
  image_repository::add_list_tags(group, context);
  image_repository::add_url(group, context);
}

void add_object(CLI::App& app, Context& context) {
  auto& group = add_group(app, "object", "The same for objects of type image-repository");
  image_repository::add_list(group, context, true);
  image_repository::add_drop(group, context, true);
  image_repository::add_create_by_attributes(group, context);
  image_repository::add_describe(group, context);
}

}  // namespace plugin::commands
