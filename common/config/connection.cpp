// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::seconds max_seconds = std::chrono::hours{24};

bool is_option(std::string_view origin) { return origin.starts_with("--"); }

/// Whether an origin is a variable. One that holds whole TOML files is followed by a line number.
bool is_variable(std::string_view origin) {
  return origin.starts_with("SNOWFLAKE_") && origin.find(':') == std::string_view::npos;
}

/// The option or variable that set `key`; if `key` is not set, the one that would set it in the way in which
/// `beside` was set. Empty when that is in a file.
std::string option_or_variable(const Connection& connection, std::string_view key, std::string_view beside) {
  constexpr std::string_view one_connection_prefix = "SNOWFLAKE_CONNECTIONS_";
  auto origin = connection.origin_of(key);
  if (is_option(origin) || is_variable(origin)) return origin;
  const auto* known = find_connection_key(key);
  if (!origin.empty() || known == nullptr) return {};
  origin = connection.origin_of(beside);
  if (is_option(origin) && known->option == ConnectionKey::Option::value)
    return std::string{known->first_flag()};
  const auto suffix = "_" + base::to_upper(beside);
  if (origin.starts_with(one_connection_prefix) && origin.ends_with(suffix))
    return origin.substr(0, origin.size() - suffix.size()) + "_" + base::to_upper(key);
  // Nothing else makes a connection without a name.
  const bool from_variables = connection.name.empty() && !is_option(origin);
  return from_variables && known->from_variable ? "SNOWFLAKE_" + base::to_upper(key) : "";
}

}  // namespace

std::string Connection::origin_of(std::string_view key) const {
  const auto found = origins.find(key);
  return found == origins.end() ? std::string{} : found->second;
}

std::string Connection::text(std::string_view key) const {
  const auto found = fields.find(key);
  return found == fields.end() ? std::string{} : std::string{found->second.reveal()};
}

base::Secret Connection::secret(std::string_view key) const {
  const auto found = fields.find(key);
  if (found == fields.end()) return {};
  // The server that gets it may quote it in an error.
  if (!occurs_in_shown_values(found->second.reveal())) base::add_mask(found->second);
  return found->second;
}

bool Connection::occurs_in_shown_values(std::string_view secret) const {
  const auto lower = base::to_lower(secret);
  return std::ranges::any_of(fields, [&](const auto& field) {
    constexpr std::size_t max_name = 255;
    return !may_hold_secret(field.first) && field.second.reveal().size() <= max_name &&
           !base::looks_like_secret(field.second.reveal()) &&
           base::to_lower(field.second.reveal()).find(lower) != std::string::npos;
  });
}

bool Connection::flag(std::string_view key) const {
  const std::string value = base::to_lower(text(key));
  if (value == "true" || value == "1") return true;
  if (value.empty() || value == "false" || value == "0") return false;
  throw Error(Kind::config, std::string{key} + " of the connection '" + name + "' is neither true nor false",
              how_to_set(*this, key, "true") + ", or false");
}

std::optional<std::chrono::seconds> Connection::seconds(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const auto number = base::whole_number(text(key));
  if (number && *number > 0 && *number <= max_seconds.count()) return std::chrono::seconds{*number};
  throw Error(Kind::config, std::string{key} + " of the connection '" + name + "' is not a number of seconds",
              how_to_set(*this, key, "120"));
}

std::string Connection::authenticator() const {
  const std::string value = text("authenticator");
  if (value.empty()) return "SNOWFLAKE";
  if (base::to_lower(value).starts_with("https://")) return value;
  return base::to_upper(value);
}

std::string name_in_command(const std::string& name) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  const bool is_plain = name.find_first_not_of(plain) == std::string::npos;
  return is_plain ? name : "'" + base::printable(name, 100) + "'";
}

std::string display_name(const Connection& connection) {
  return connection.name.empty() ? "the connection of the SNOWFLAKE_ variables"
                                 : "connection '" + base::printable(connection.name, 100) + "'";
}

std::string misspelled_key(const Connection& connection, std::string_view key) {
  for (const auto& [name, value] : connection.fields) {
    if (find_connection_key(name) != nullptr) continue;
    const auto lower = base::to_lower(name);
    if (lower == key || lower == std::string{key} + "name" ||
        !base::nearest(lower, {std::string{key}}).empty())
      return base::printable(name, 100);
  }
  return {};
}

std::string name_of_value(const Connection& connection, std::string_view key, std::string_view beside) {
  auto name = option_or_variable(connection, key, beside);
  return name.empty() ? std::string{key} + " in the connection" : name;
}

std::string how_to_set(const Connection& connection, std::string_view key, const std::string& value,
                       std::string_view beside) {
  const auto name = option_or_variable(connection, key, beside);
  if (name.empty()) return "set " + std::string{key} + " = \"" + value + "\" in the connection";
  return is_option(name) ? "use " + name + " " + value : "set " + name + "=" + value;
}

std::string how_to_remove(const Connection& connection, std::string_view key) {
  const auto name = option_or_variable(connection, key, {});
  if (name.empty()) return "remove " + std::string{key} + " from the connection";
  return (is_option(name) ? "leave out " : "unset ") + name;
}

}  // namespace config
