// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// Quoting for SQL (https://docs.snowflake.com/en/sql-reference/identifiers-syntax and
// https://docs.snowflake.com/en/sql-reference/data-types-text), through which all foreign text in statements
// goes, and the statements that hints print.
namespace snowflake {

/// The maximum length of an object name, in characters.
inline constexpr std::size_t max_identifier = 255;

/// Whether `text` is a single identifier, with or without double quotes.
bool is_identifier(std::string_view text);

/// The identifier at the beginning of `text`; empty when there is none.
std::string_view leading_identifier(std::string_view text);

/// The identifier for an object's stored name: in double quotes if it needs them.
std::string quoted_identifier(std::string_view stored_name);

/// The stored name for an identifier: in upper case, or the text between its quotes.
std::string stored_name_of(std::string_view identifier);

/// The statement that registers a public key, in DER, for a user
/// (https://docs.snowflake.com/en/user-guide/key-pair-auth). A user name that must be quoted is written in
/// upper case, as Snowflake stores names that were not quoted when they were created.
std::string alter_user_statement(const std::string& user, std::string_view public_key);

/// A string constant with the value `text`.
std::string sql_literal(std::string_view text);

/// The GRANT statements that let a role use an image repository, for an administrator to run
/// (https://docs.snowflake.com/en/user-guide/security-access-control-privileges). All names are identifiers,
/// as `quoted_identifier` makes them or a user wrote them.
struct RepositoryGrants {
  std::string database;
  std::string schema;
  std::string repository;
  std::string role;

  /// GRANT USAGE on the database and the schema.
  std::vector<std::string> usage() const;
  /// GRANT `name`, which is READ or WRITE, on the repository.
  std::string privilege(std::string_view name) const;
};

/// A LIKE pattern, as a string constant, that matches exactly this stored name.
std::string sql_pattern(std::string_view stored_name);

/// A LIKE pattern, as a string constant, that a user wrote as in SQL, with backslashes as escapes. No
/// backslash can escape a quote in the pattern or the quote that ends the constant.
std::string sql_user_pattern(std::string_view pattern);

}  // namespace snowflake
