// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "net/url.hpp"
#include "project_file/project_file.hpp"

namespace plugin::commands::image_repository {
namespace {

using base::Error;
using base::Json;
using base::Kind;

struct RepositoryAttributes {
  std::vector<std::string> attributes;
  std::optional<std::string> json;
};

Json definition_of(const RepositoryAttributes& given) {
  if (!given.attributes.empty() && given.json) {
    throw Error(
        Kind::usage,
        "Parameters 'object_attributes' and '--json' are incompatible and cannot be used simultaneously.",
        "leave one of them out");
  }
  Json definition = Json::object();
  if (given.json) {
    definition = base::parse_json(*given.json).value_or(Json{});
    if (!definition.is_object())
      throw Error(Kind::usage, "Invalid value for '--json': not a JSON object",
                  R"(write --json '{"name": "repo"}')");
  }
  for (const auto& attribute : given.attributes) {
    if (attribute.find('=') == std::string::npos) {
      const auto shown = base::printable(attribute, 200);
      throw Error(Kind::config, "Invalid variable: '" + shown + "'",
                  "write an attribute as KEY=VALUE: name=" + shown);
    }
    const auto [key, value] = project_file::parse_override(attribute);
    // JSON when it can be, else text.
    definition[key] = base::parse_json(value).value_or(Json(value));
  }
  if (definition.empty()) {
    throw Error(Kind::config, "Provide either list of object attributes, or object definition in JSON format",
                "write name=<repository>");
  }
  return definition;
}

/// Where repositories of the session's schema are made (`snowflake/PROTOCOL.md` 7).
std::string path_for(const snowflake::SessionContext& context, CreateMode mode) {
  const auto require = [](const std::string& value, const std::string& what, const std::string& option) {
    if (!value.empty()) return;
    throw Error(Kind::config,
                what + " not defined in connection. Please try again with `" + option + "` flag.",
                "or write it into the connection");
  };
  require(context.database, "Database", "--database");
  require(context.schema, "Schema", "--schema");
  std::string path = "/api/v2/databases/" + net::percent_encode(context.database) + "/schemas/" +
                     net::percent_encode(context.schema) + "/image-repositories/";
  if (mode == CreateMode::replace) path += "?createMode=orReplace";
  if (mode == CreateMode::if_not_exists) path += "?createMode=ifNotExists";
  return path;
}

/// In the words of the Snowflake CLI, followed by Snowflake's.
Error refusal_of(const snowflake::RestAnswer& answer, const snowflake::SessionContext& context) {
  const auto message = base::text_at(answer.body, "message");
  const std::string theirs = message ? " (" + base::printable(*message, 300) + ")" : "";
  const auto error = [&](Kind kind, const std::string& sentence, const std::string& hint) {
    return Error(kind, sentence + theirs, hint);
  };
  switch (answer.status) {
    case 400:
      return error(Kind::config,
                   "400 bad request: Incorrect object definition (arguments misspelled or malformatted).",
                   "an image repository has a name and nothing else");
    case 401:
    case 403:
      return error(Kind::denied,
                   std::string{answer.status == 401 ? "401 unauthorized" : "403 forbidden"} +
                       ": role you are using does not have permissions to create this object.",
                   "GRANT CREATE IMAGE REPOSITORY ON SCHEMA to the role, or choose another one with --role");
    case 404:
      return error(Kind::config,
                   "Database '" + context.database + "' or its schema '" + context.schema +
                       "' does not exist, or the role may not use it.",
                   "name others with --database and --schema");
    case 408:
      return error(Kind::network, "408 timeout: the request timed out and was not completed by the server.",
                   "try again");
    case 409:
      return error(Kind::config, "409 conflict: object you're trying to create already exists.",
                   "--if-not-exists leaves it as it is; --replace drops it with its images");
    case 429:
      return error(Kind::network, "429 too many requests. The number of requests hit the rate limit.",
                   "wait, and try again");
    default:
      return error(Kind::network, std::to_string(answer.status) + " internal server error.",
                   base::outage_hint);
  }
}

}  // namespace

void add_create_by_attributes(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("create", "Create an image repository from attributes");
  const auto given = std::make_shared<RepositoryAttributes>();
  const auto type = add_type(*command);
  command->add_option("attributes", given->attributes, "Attributes, such as name=repo")
      ->option_text("[KEY=VALUE]...");
  command->add_option("--json", given->json, "Attributes as a JSON object")->option_text("JSON");
  add_create_modes(*command);
  const auto options = cli::add_command_options(*command, context);
  command->callback([type, given, options, command, &context] {
    require_image_repository(*type);
    const auto definition = definition_of(*given);
    const auto mode = create_mode_of(*command);
    auto session = cli::session_of(*options, context);
    const auto answer = session.call({path_for(session.context(), mode), definition});
    const auto status = base::text_at(answer.body, "status");
    if (answer.status != 200 || !status) throw refusal_of(answer, session.context());
    cli::printer_of(*options, context).message(*status);
  });
}

}  // namespace plugin::commands::image_repository
