// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "commands/image_repository/image_repository.hpp"
#include "snowflake/codes.hpp"

namespace plugin::image_repository {
namespace {

using base::Error;
using base::Kind;

struct Given {
  std::string name;
  bool replace = false;
  bool if_not_exists = false;
};

std::string statement_for(const Given& given) {
  if (given.replace && given.if_not_exists) {
    throw Error(
        Kind::usage,
        "Parameters '--if-not-exists' and '--replace' are incompatible and cannot be used simultaneously.",
        "leave one of them out");
  }
  if (given.replace) return "create or replace image repository";
  return given.if_not_exists ? "create image repository if not exists" : "create image repository";
}

/// One of several parts is shown as written, as the Snowflake CLI does.
std::string shown(const ObjectName& name) { return name.schema() ? name.text() : name.stored_name(); }

}  // namespace

void create(const ObjectName& name, const std::string& statement, const CommandOptions& options,
            Context& context) {
  auto session = session_of(options, context);
  require_namespace(name, session.context());
  snowflake::Result result;
  try {
    session.run(statement + " " + name.text(), result);
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
  printer_of(options, context).object(fields);
}

void add_create(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("create", "Create an image repository in the current schema");
  const auto given = std::make_shared<Given>();
  command->add_option("name", given->name, "[[database.]schema.]repository")->required()->option_text("NAME");
  command->add_flag("--replace", given->replace, "Replace it, with all its images, if it is there");
  command->add_flag("--if-not-exists", given->if_not_exists, "Leave it as it is if it is there");
  const auto options = add_command_options(*command, context);
  command->callback([given, options, &context] {
    const auto name = ObjectName::parse_repository(given->name);
    create(name, statement_for(*given), *options, context);
  });
}

}  // namespace plugin::image_repository
