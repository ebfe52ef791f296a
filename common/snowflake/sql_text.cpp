// SPDX-License-Identifier: Apache-2.0
#include "snowflake/sql_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "net/crypto.hpp"

namespace snowflake {
namespace {

bool is_first(char c) { return base::is_letter(c) || c == '_'; }
bool is_inner(char c) { return is_first(c) || base::is_digit(c) || c == '$'; }

std::string_view leading_quoted_identifier(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t position = 1; position < text.size(); ++position, ++length) {
    if (text[position] != '"') continue;
    if (position + 1 < text.size() && text[position + 1] == '"') {
      ++position;
      continue;
    }
    return length <= max_identifier ? text.substr(0, position + 1) : std::string_view{};
  }
  return {};
}

}  // namespace

std::string_view leading_identifier(std::string_view text) {
  if (text.starts_with('"')) return leading_quoted_identifier(text);
  if (text.empty() || !is_first(text.front())) return {};
  const std::string_view identifier{text.begin(), std::ranges::find_if_not(text, is_inner)};
  return identifier.size() <= max_identifier ? identifier : std::string_view{};
}

bool is_identifier(std::string_view text) {
  return !text.empty() && leading_identifier(text).size() == text.size();
}

std::string quoted_identifier(std::string_view stored_name) {
  const bool is_simple = is_identifier(stored_name) && !stored_name.starts_with('"') &&
                         base::to_upper(stored_name) == stored_name;
  if (is_simple) return std::string{stored_name};
  std::string result = "\"";
  for (const char c : stored_name) {
    if (c == '"') result += c;
    result += c;
  }
  return result + '"';
}

std::string stored_name_of(std::string_view identifier) {
  if (!identifier.starts_with('"')) return base::to_upper(identifier);
  std::string result;
  for (std::size_t position = 1; position + 1 < identifier.size(); ++position) {
    result += identifier[position];
    if (identifier[position] == '"') ++position;
  }
  return result;
}

std::string alter_user_statement(const std::string& user, std::string_view public_key) {
  const bool is_simple = is_identifier(user) && !user.starts_with('"');
  return "ALTER USER " + (is_simple ? user : quoted_identifier(base::to_upper(user))) +
         " SET RSA_PUBLIC_KEY = '" + net::base64(public_key) + "';";
}

std::string sql_literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += c;
    result += c;
  }
  return result + '\'';
}

std::vector<std::string> RepositoryGrants::usage() const {
  return {"GRANT USAGE ON DATABASE " + database + " TO ROLE " + role + ";",
          "GRANT USAGE ON SCHEMA " + database + "." + schema + " TO ROLE " + role + ";"};
}

std::string RepositoryGrants::privilege(std::string_view name) const {
  return "GRANT " + std::string{name} + " ON IMAGE REPOSITORY " + database + "." + schema + "." + repository +
         " TO ROLE " + role + ";";
}

std::string sql_pattern(std::string_view stored_name) {
  std::string pattern;
  for (const char c : stored_name) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return sql_literal(pattern);
}

std::string sql_user_pattern(std::string_view pattern) {
  std::string result = "'";
  std::size_t backslashes = 0;
  for (const char c : pattern) {
    if (c == '\'') result.append(backslashes, '\\').append("'");
    backslashes = c == '\\' ? backslashes + 1 : 0;
    result += c;
  }
  return result.append(backslashes % 2, '\\') + '\'';
}

}  // namespace snowflake
