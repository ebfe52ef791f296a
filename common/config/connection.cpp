// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

constexpr std::chrono::seconds max_seconds = std::chrono::hours{24};

}  // namespace

std::string Connection::text(std::string_view key) const {
  const auto found = fields.find(key);
  return found == fields.end() ? std::string{} : std::string{found->second.reveal()};
}

base::Secret Connection::secret(std::string_view key) const {
  const auto found = fields.find(key);
  if (found == fields.end()) return {};
  // The server that gets it may quote it in an error.
  base::mask_from_now_on(found->second);
  return found->second;
}

bool Connection::flag(std::string_view key) const {
  const std::string value = base::to_lower(text(key));
  if (value == "true" || value == "1") return true;
  if (value.empty() || value == "false" || value == "0") return false;
  throw base::Error(base::Kind::config,
                    std::string{key} + " of the connection '" + name + "' is neither true nor false",
                    "set " + std::string{key} + " = true or false");
}

std::optional<std::chrono::seconds> Connection::seconds(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const auto number = base::whole_number_at({{"", text(key)}}, "");
  if (number && *number > 0 && *number <= max_seconds.count()) return std::chrono::seconds{*number};
  throw base::Error(base::Kind::config,
                    std::string{key} + " of the connection '" + name + "' is not a number of seconds",
                    "set " + std::string{key} + " = 120");
}

std::string Connection::authenticator() const {
  const std::string value = text("authenticator");
  if (value.empty()) return "SNOWFLAKE";
  if (base::to_lower(value).starts_with("https://")) return value;
  return base::to_upper(value);
}

namespace {

/// The name in ${NAME} when that is the whole value: a password may contain a dollar sign.
std::string_view referenced_variable(std::string_view value) {
  value = base::trim(value);
  if (!value.starts_with("${") || !value.ends_with('}')) return {};
  const auto name = value.substr(2, value.size() - 3);
  const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return is_name ? name : std::string_view{};
}

std::string of_connection(const Connection& connection) {
  return connection.name.empty() ? "of the connection" : "of the connection '" + connection.name + "'";
}

void check_reference(const Connection& connection, const std::string& key, std::string_view value,
                     const base::Environment& environment) {
  const auto name = referenced_variable(value);
  if (name.empty()) return;
  const auto* known = find_connection_key(key);
  const std::string own = "SNOWFLAKE_" + base::to_upper(key);
  const bool is_read = known != nullptr && known->from_variable;
  std::string hint = "write the value itself";
  if (is_read) hint = "remove " + key + " from the connection and set " + own + ", or " + hint;
  if (is_read && name == own && environment.non_empty(own))
    hint = "remove " + key + " from the connection: " + own + " is set, and is used then";
  throw base::Error(base::Kind::config,
                    key + " " + of_connection(connection) +
                        " is a reference to a variable, and those are not expanded in files",
                    hint);
}

void check_typeable(const Connection& connection, const std::string& key, std::string_view value) {
  constexpr auto typed = std::to_array<std::string_view>({"password", "passcode"});
  if (std::ranges::find(typed, key) == typed.end()) return;
  if (std::ranges::none_of(value, [](unsigned char c) { return c < ' ' || c == 0x7f; })) return;
  const bool is_line_end = value.ends_with('\n') || value.ends_with('\r');
  throw base::Error(base::Kind::config,
                    key + " " + of_connection(connection) +
                        (is_line_end ? " ends with a newline" : " has a control character"),
                    "remove it; 'printf %s' writes a file without a newline");
}

}  // namespace

void check_values(const Connection& connection, const base::Environment& environment) {
  for (const auto& [key, value] : connection.fields) {
    check_reference(connection, key, value.reveal(), environment);
    check_typeable(connection, key, value.reveal());
  }
}

}  // namespace config
