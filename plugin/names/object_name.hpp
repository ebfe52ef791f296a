// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snowflake/session.hpp"
#include "snowflake/sql_text.hpp"

namespace plugin::names {

/// How help texts write the name of an image repository. Completion recognizes such an argument by this text.
inline constexpr const char* repository_syntax =
    "database.schema.repository, or the same with slashes and perhaps the registry host; "
    "@connection: in front chooses a connection";

/// The name of a Snowflake object as the user wrote it: `[[database.]schema.]name`, each part an
/// identifier (`snowflake/PROTOCOL.md` 10.1). Names from users reach SQL statements only through this class.
class ObjectName {
public:
  /// Throws `config` in the words of the Snowflake CLI when `text` is not a name.
  static ObjectName parse(std::string_view text);
  /// The same for an image repository, whose names are never quoted. A path with slashes is refused, with the
  /// name that was probably meant.
  static ObjectName parse_repository(std::string_view text);
  /// Adds a database and a schema that are given separately. Throws `config` when the name already has one,
  /// or when one of them is not a single identifier.
  ObjectName with(const std::optional<std::string>& database, const std::optional<std::string>& schema) const;

  /// As written. A database without a schema means its schema PUBLIC.
  std::string text() const;
  /// As an argument of a statement: IDENTIFIER('...').
  std::string in_identifier() const;
  /// `database.schema.name`, completed from the session, with quotes where SQL needs them: for statements
  /// that a user may paste, and for messages.
  std::string completed(const snowflake::SessionContext&) const;

  const std::optional<std::string>& database() const noexcept { return database_; }
  const std::optional<std::string>& schema() const noexcept { return schema_; }
  const std::string& name() const noexcept { return name_; }
  /// As Snowflake stores it: upper case, or what is between the quotes.
  std::string stored_name() const { return snowflake::stored_name_of(name_); }

private:
  std::optional<std::string> database_;
  std::optional<std::string> schema_;
  std::string name_;
  std::string signature_;  ///< `(...)`, which names of functions have
};

/// Throws `config` in the words of the Snowflake CLI unless the name or the session has a database and a
/// schema.
void require_namespace(const ObjectName&, const snowflake::SessionContext&);

}  // namespace plugin::names
