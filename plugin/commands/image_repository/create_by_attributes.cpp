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
  std::string type;
  std::vector<std::string> attributes;
  std::optional<std::string> json;
};

/// A value is JSON when it can be, else text.
Json value_of(const std::string& text) { return base::parse_json(text).value_or(Json(text)); }

/// In the words of the Snowflake CLI.
[[noreturn]] void refuse_attribute(const std::string& text) {
  throw Error(Kind::config, "Invalid variable: '" + base::printable(text, 200) + "'",
              "write an attribute as KEY=VALUE: name=" + base::printable(text, 200));
}

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
  } else if (!given.attributes.empty()) {
    for (const auto& attribute : given.attributes) {
      if (attribute.find('=') == std::string::npos) refuse_attribute(attribute);
      const auto [key, value] = project_file::parse_override(attribute);
      definition[key] = value_of(value);
    }
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
[[noreturn]] void refuse(const snowflake::RestAnswer& answer, const snowflake::SessionContext& context) {
  const auto& message = base::member(answer.body, "message");
  const std::string theirs =
      message.is_string() ? " (" + base::printable(message.get<std::string>(), 300) + ")" : "";
  const auto fail = [&](Kind kind, const std::string& sentence, const std::string& hint) {
    throw Error(kind, sentence + theirs, hint);
  };
  switch (answer.status) {
    case 400:
      fail(Kind::config,
           "400 bad request: Incorrect object definition (arguments misspelled or malformatted).",
           "an image repository has a name and nothing else");
      break;
    case 401:
    case 403:
      fail(Kind::denied,
           std::string{answer.status == 401 ? "401 unauthorized" : "403 forbidden"} +
               ": role you are using does not have permissions to create this object.",
           "GRANT CREATE IMAGE REPOSITORY ON SCHEMA to the role, or choose another one with --role");
      break;
    case 404:
      fail(Kind::config,
           "Database '" + context.database + "' or its schema '" + context.schema +
               "' does not exist, or the role may not use it.",
           "name others with --database and --schema");
      break;
    case 408:
      fail(Kind::network, "408 timeout: the request timed out and was not completed by the server.",
           "try again");
      break;
    case 409:
      fail(Kind::config, "409 conflict: object you're trying to create already exists.",
           "--if-not-exists leaves it as it is; --replace drops it with its images");
      break;
    case 429:
      fail(Kind::network, "429 too many requests. The number of requests hit the rate limit.",
           "wait, and try again");
      break;
    default:
      fail(Kind::network, std::to_string(answer.status) + " internal server error.", base::outage_hint);
  }
  throw Error(Kind::internal, "");
}

}  // namespace

void add_create_by_attributes(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("create", "Create an image repository from attributes");
  const auto given = std::make_shared<RepositoryAttributes>();
  command->add_option("type", given->type, "image-repository")->required()->option_text("OBJECT_TYPE");
  command->add_option("attributes", given->attributes, "Attributes, such as name=repo")
      ->option_text("[KEY=VALUE]...");
  command->add_option("--json", given->json, "Attributes as a JSON object")->option_text("JSON");
  add_create_modes(*command);
  const auto options = cli::add_command_options(*command, context);
  command->callback([given, options, command, &context] {
    require_image_repository(given->type);
    const auto definition = definition_of(*given);
    const auto mode = create_mode_of(*command);
    auto session = cli::session_of(*options, context);
    const auto answer = session.call({path_for(session.context(), mode), definition});
    const auto& status = base::member(answer.body, "status");
    if (answer.status != 200 || !status.is_string()) refuse(answer, session.context());
    cli::printer_of(*options, context).message(status.get<std::string>());
  });
}

}  // namespace plugin::commands::image_repository
