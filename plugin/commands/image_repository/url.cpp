// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"
#include "snowflake/codes.hpp"

namespace plugin::image_repository {

std::string url_of(const ObjectName& name, snowflake::SessionCache& session) {
  const auto& context = session.context();
  require_namespace(name, context);
  // Always where the name points to: without that Snowflake looks through the whole database, and shows each
  // name only once (`snowflake/PROTOCOL.md` 10.3).
  const std::string database = name.database().value_or("");
  const std::string schema =
      name.schema().value_or(name.database() ? "PUBLIC" : quoted_identifier(context.schema));
  const std::string where =
      database.empty() ? (name.schema() ? schema : quoted_identifier(context.database) + "." + schema)
                       : database + "." + schema;
  const auto result =
      session.run("show image repositories like " + sql_pattern(name.stored_name()) + " in schema " + where);
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    if (result.at(row, "name") == name.stored_name()) return result.at(row, "repository_url").value_or("");
  }
  throw snowflake::StatementError(
      "", "Image repository '" + name.completed(context) + "' does not exist or not authorized.",
      "docker snowflake repositories shows those that the role can see; --role chooses another");
}

void add_url(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("url", "Print the URL of an image repository");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, repository_syntax)->required()->option_text("NAME");
  const auto options = add_command_options(*command, context);
  command->callback([name, options, &context] {
    const auto repository = ObjectName::parse_repository(*name);
    auto session = session_of(*options, context);
    printer_of(*options, context).message(url_of(repository, session));
  });
}

}  // namespace plugin::image_repository
