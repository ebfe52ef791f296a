// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snowflake/session.hpp"

namespace plugin {

/// How the help writes the name of an image repository. Completion knows by this what an argument is.
inline constexpr const char* repository_syntax = "[[database.]schema.]repository";

/// The name of something at Snowflake, as far as somebody wrote it: `[[database.]schema.]name`
/// (`snowflake/PROTOCOL.md` 10.1). The only way for a person's word into a statement.
class ObjectName {
public:
  /// Throws `config` in the words of the Snowflake CLI when it is none.
  static ObjectName parse(std::string_view text);
  /// The same for an image repository, whose names are never quoted.
  static ObjectName parse_repository(std::string_view text);
  /// Completes what a project file says apart. Throws `config` when the name has it already.
  ObjectName with(const std::optional<std::string>& database, const std::optional<std::string>& schema) const;

  /// As written. A database without a schema means its schema PUBLIC.
  std::string text() const;
  /// As it stands inside of IDENTIFIER(...).
  std::string in_identifier() const;
  /// `database.schema.name`, completed from where a session stands. For sentences.
  std::string completed(const snowflake::SessionContext&) const;

  const std::optional<std::string>& database() const noexcept { return database_; }
  const std::optional<std::string>& schema() const noexcept { return schema_; }
  const std::string& name() const noexcept { return name_; }
  /// As Snowflake keeps it: upper case, or what the quotes hold.
  std::string stored_name() const;

private:
  std::optional<std::string> database_;
  std::optional<std::string> schema_;
  std::string name_;
  std::string signature_;  ///< `(...)`, which those of functions have
};

/// Whether it is one identifier, quoted or not.
bool is_identifier(std::string_view text);

/// A stored name as it has to stand in a statement: in quotes unless it is simple.
std::string quoted_identifier(std::string_view stored_name);

/// A literal of SQL, in its quotes. A quote in it is doubled, and backslashes before that, too (2.7).
std::string sql_literal(std::string_view text);

/// A pattern for LIKE that means just this stored name, as a literal (2.6).
std::string sql_pattern(std::string_view stored_name);

/// Throws `config` in the words of the Snowflake CLI unless name and session together say where (2.1).
void require_namespace(const ObjectName&, const snowflake::SessionContext&);

}  // namespace plugin
