// SPDX-License-Identifier: Apache-2.0
#include "names/object_name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::names {
namespace {

using base::Error;
using base::Kind;

bool is_quoted(std::string_view identifier) { return identifier.starts_with('"'); }

[[noreturn]] void refuse_name(
    std::string_view text,
    const std::string& hint =
        "names start with a letter or _, followed by letters, digits, _ and $: [[database.]schema.]name") {
  throw Error(Kind::config, "Specified name '" + base::printable(text, 300) + "' is not valid name.", hint);
}

/// USER$ is the personal database of the user.
std::string expanded_database(const std::string& database, const std::string& user) {
  if (snowflake::stored_name_of(database) != "USER$" || user.empty()) return database;
  const std::string name = "USER$" + user;
  return snowflake::is_identifier(name) ? name : snowflake::quoted_identifier(name);
}

/// The dotted name for a path such as db/schema/repo; empty when there is none.
std::string name_of_path(std::string_view path) {
  const auto parts = base::split(path, '/');
  const bool is_name = parts.size() <= 3 && std::ranges::all_of(parts, snowflake::is_identifier);
  return is_name ? base::join(parts, ".") : "";
}

}  // namespace

ObjectName ObjectName::parse(std::string_view text) {
  std::vector<std::string> parts;
  std::string_view rest = text;
  while (true) {
    const auto part = snowflake::leading_identifier(rest);
    if (part.empty() || parts.size() == 3) refuse_name(text);
    parts.emplace_back(part);
    rest.remove_prefix(part.size());
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  ObjectName name;
  const bool signature = rest.size() >= 2 && rest.front() == '(' && rest.back() == ')' &&
                         rest.find('\n') == std::string_view::npos;
  if (!rest.empty() && !signature) refuse_name(text);
  name.signature_ = rest;
  name.name_ = parts.back();
  if (parts.size() > 1) name.schema_ = parts[parts.size() - 2];
  if (parts.size() > 2) name.database_ = parts[0];
  return name;
}

ObjectName ObjectName::parse_repository(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    if (const auto meant = name_of_path(text); !meant.empty())
      refuse_name(text, "did you mean " + meant + "?");
  }
  auto name = parse(text);
  const auto bad = [](const std::optional<std::string>& part) { return part && is_quoted(*part); };
  if (bad(name.database_) || bad(name.schema_) || is_quoted(name.name_)) {
    throw Error(
        Kind::config,
        "'" + base::printable(name.text(), 300) +
            "' is not a valid image repository name. Note that image repository names must be unquoted "
            "identifiers. The same constraint also applies to database and schema names where you create an "
            "image repository.",
        "write the name without quotes");
  }
  return name;
}

ObjectName ObjectName::with(const std::optional<std::string>& database,
                            const std::optional<std::string>& schema) const {
  ObjectName result = *this;
  const auto add = [this](std::optional<std::string>& own, const std::optional<std::string>& added,
                          const char* what, const char* key) {
    if (!added || added->empty()) return;
    if (own) {
      throw Error(Kind::config,
                  std::string{what} + " provided but name '" + text() + "' is fully qualified name.",
                  std::string{"remove "} + key + ", or its part of the name");
    }
    if (!snowflake::is_identifier(*added)) {
      throw Error(
          Kind::config,
          "Specified " + std::string{key} + " '" + base::printable(*added, 200) + "' is not valid name.",
          "write one name; a name that needs double quotes has them inside the quotes of YAML: '\"my "
          "schema\"'");
    }
    own = added;
  };
  add(result.database_, database, "Database", "database");
  add(result.schema_, schema, "Schema", "schema");
  return result;
}

std::string ObjectName::text() const {
  if (database_) return *database_ + "." + schema_.value_or("PUBLIC") + "." + name_;
  return schema_ ? *schema_ + "." + name_ : name_;
}

std::string ObjectName::in_identifier() const {
  return "IDENTIFIER(" + snowflake::sql_literal(text()) + ")" + signature_;
}

std::string ObjectName::completed(const snowflake::SessionContext& context) const {
  ObjectName result = *this;
  if (result.database_) result.database_ = expanded_database(*result.database_, context.user);
  if (!result.database_ && !context.database.empty())
    result.database_ = snowflake::quoted_identifier(context.database);
  if (!result.schema_ && !context.schema.empty())
    result.schema_ = snowflake::quoted_identifier(context.schema);
  return result.text();
}

void require_namespace(const ObjectName& name, const snowflake::SessionContext& context) {
  const auto require = [&](bool given, const std::string& what, const std::string& key) {
    if (given) return;
    throw Error(Kind::config,
                what + " not specified. Please update connection to add `" + key +
                    "` parameter, or re-run command using `--" + key + "` option.",
                "write the full name <database>.<schema>." + name.name() +
                    " (docker snowflake repositories --in-account lists them), or add " + key +
                    " to the connection");
  };
  require(name.database() || !context.database.empty(), "Database", "database");
  require(name.schema() || !context.schema.empty(), "Schema", "schema");
}

}  // namespace plugin::names
