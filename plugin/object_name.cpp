// SPDX-License-Identifier: Apache-2.0
#include "object_name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_identifier = 255;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_inner(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '$'; }

/// The identifier that `text` begins with; empty when it begins with none.
std::string_view leading_identifier(std::string_view text) {
  if (text.starts_with('"')) {
    std::size_t position = 1;
    std::size_t length = 0;
    while (position < text.size()) {
      const bool doubled = text.substr(position).starts_with("\"\"");
      if (text[position] == '"' && !doubled) {
        return length <= max_identifier ? text.substr(0, position + 1) : std::string_view{};
      }
      position += doubled ? 2 : 1;
      ++length;
    }
    return {};
  }
  if (text.empty() || !is_letter(text.front())) return {};
  const auto end = std::ranges::find_if_not(text, is_inner);
  const std::string_view identifier{text.begin(), end};
  return identifier.size() <= max_identifier ? identifier : std::string_view{};
}

bool is_quoted(std::string_view identifier) { return identifier.starts_with('"'); }

std::string unquoted(std::string_view identifier) {
  if (!is_quoted(identifier)) return base::to_upper(identifier);
  std::string result;
  for (std::size_t position = 1; position + 1 < identifier.size(); ++position) {
    result += identifier[position];
    if (identifier[position] == '"') ++position;
  }
  return result;
}

[[noreturn]] void refuse(std::string_view text) {
  throw Error(
      Kind::config, "Specified name '" + base::printable(text, 300) + "' is not valid name.",
      "names begin with a letter or _, and go on with letters, digits, _ and $: [[database.]schema.]name");
}

/// USER$ means the database of the user alone (2.1).
std::string expanded_database(const std::string& database, const std::string& user) {
  if (unquoted(database) != "USER$" || user.empty()) return database;
  const std::string name = "USER$" + user;
  return is_identifier(name) ? name : '"' + name + '"';
}

}  // namespace

bool is_identifier(std::string_view text) {
  return !text.empty() && leading_identifier(text).size() == text.size();
}

std::string quoted_identifier(std::string_view stored_name) {
  if (is_identifier(stored_name) && base::to_upper(stored_name) == stored_name && !is_quoted(stored_name)) {
    return std::string{stored_name};
  }
  std::string result = "\"";
  for (const char c : stored_name) {
    if (c == '"') result += c;
    result += c;
  }
  return result + '"';
}

ObjectName ObjectName::parse(std::string_view text) {
  std::vector<std::string> parts;
  std::string_view rest = text;
  while (true) {
    const auto part = leading_identifier(rest);
    if (part.empty() || parts.size() == 3) refuse(text);
    parts.emplace_back(part);
    rest.remove_prefix(part.size());
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
  }
  ObjectName name;
  const bool signature = rest.size() >= 2 && rest.front() == '(' && rest.back() == ')' &&
                         rest.find('\n') == std::string_view::npos;
  if (!rest.empty() && !signature) refuse(text);
  name.signature_ = rest;
  name.name_ = parts.back();
  if (parts.size() > 1) name.schema_ = parts[parts.size() - 2];
  if (parts.size() > 2) name.database_ = parts[0];
  return name;
}

ObjectName ObjectName::parse_repository(std::string_view text) {
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
                  std::string{"remove "} + key + " beside the name, or from it");
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
  return "IDENTIFIER(" + sql_literal(text()) + ")" + signature_;
}

std::string ObjectName::completed(const snowflake::SessionContext& context) const {
  ObjectName result = *this;
  if (result.database_) result.database_ = expanded_database(*result.database_, context.user);
  if (!result.database_ && !context.database.empty()) result.database_ = context.database;
  if (!result.schema_ && !context.schema.empty()) result.schema_ = context.schema;
  return result.text();
}

std::string ObjectName::stored_name() const { return unquoted(name_); }

std::string sql_literal(std::string_view text) {
  std::string result = "'";
  std::size_t backslashes = 0;
  for (const char c : text) {
    if (c == '\'') result.append(backslashes, '\\').append("'");
    backslashes = c == '\\' ? backslashes + 1 : 0;
    result += c;
  }
  return result + "'";
}

std::string sql_pattern(std::string_view stored_name) {
  std::string pattern;
  for (const char c : stored_name) {
    if (c == '%' || c == '_') pattern += "\\\\";
    pattern += c;
  }
  return sql_literal(pattern);
}

void require_namespace(const ObjectName& name, const snowflake::SessionContext& context) {
  const auto require = [](bool given, const std::string& what, const std::string& key) {
    if (given) return;
    throw Error(Kind::config,
                what + " not specified. Please update connection to add `" + key +
                    "` parameter, or re-run command using `--" + key + "` option.",
                "write " + key +
                    " into the connection, or qualify the name; docker snowflake status lists connections");
  };
  require(name.database() || !context.database.empty(), "Database", "database");
  require(name.schema() || !context.schema.empty(), "Schema", "schema");
}

}  // namespace plugin
