// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Names and texts as parts of SQL statements. Nothing else puts foreign text into a statement.
/// https://docs.snowflake.com/en/sql-reference/identifiers-syntax and .../data-types-text (string constants)
namespace snowflake {

/// The longest name of an object, in characters.
inline constexpr std::size_t max_identifier = 255;

/// Whether `text` is exactly one identifier, with or without double quotes.
bool is_identifier(std::string_view text);

/// The identifier at the beginning of `text`; empty when there is none.
std::string_view leading_identifier(std::string_view text);

/// An object's stored name as an identifier: in double quotes unless it needs none.
std::string quoted_identifier(std::string_view stored_name);

/// The stored name of an identifier: in upper case, or what is between its quotes.
std::string stored_name_of(std::string_view identifier);

/// A string constant, in single quotes, whose value is `text`.
std::string sql_literal(std::string_view text);

/// A string constant for LIKE that matches exactly this stored name.
std::string sql_pattern(std::string_view stored_name);

/// A string constant for LIKE with a pattern that a user wrote the way SQL has it: its backslashes are
/// escapes already. None of them can reach a quote, neither one in the pattern nor the one that ends the
/// constant.
std::string sql_user_pattern(std::string_view pattern);

}  // namespace snowflake
