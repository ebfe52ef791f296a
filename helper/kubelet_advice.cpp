// SPDX-License-Identifier: Apache-2.0
#include "kubelet_advice.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace helper {
namespace {

using base::Kind;

constexpr const char* without_user =
    "a kubelet cannot ask a user: use a key pair, a programmatic access token or WORKLOAD_IDENTITY in the "
    "connection";
constexpr const char* add_connection =
    "add a connection for this account to config.toml in the folder that SNOWFLAKE_HOME in env of the "
    "provider's entry names, or name another file with --config-file in its args";
constexpr const char* role_of_service_account =
    "grant the role and its privileges to the user in Snowflake, or name another role in the annotation "
    "snowflake.com/role of the service account, or in SNOWFLAKE_ROLE in env of the provider's entry";
constexpr const char* role_of_node =
    "grant the role and its privileges to the user in Snowflake, or name another role in SNOWFLAKE_ROLE in "
    "env of the provider's entry";
constexpr const char* user_of_identity =
    "check the user that has this identity in Snowflake, and the login history in Snowsight";

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// Where the first command of a program that a node does not have begins in a hint; npos when there is none.
std::size_t first_command(std::string_view hint) {
  constexpr std::array programs = {std::string_view{"docker snowflake "}, std::string_view{"run: snow "}};
  std::size_t first = std::string_view::npos;
  for (const auto program : programs) first = std::min(first, hint.find(program));
  return first;
}

/// The part of a hint in front of such a command, which is one of several ways; empty when there is no other.
std::string way_before(std::string_view hint, std::size_t command) {
  const auto before = hint.substr(0, command);
  const auto end = std::max(before.rfind(';') + 1, before.rfind(", or") + 1);
  return std::string{before.substr(0, end == 0 ? 0 : end - 1)};
}

std::string hint_for_connection(const base::Error& error) {
  const std::string_view hint = error.hint();
  if (error.kind() == Kind::login_required) return without_user;
  const auto command = first_command(hint);
  if (command == std::string_view::npos) return error.hint();
  if (mentions(hint, "docker snowflake connection ")) return add_connection;
  auto way = error.kind() == Kind::denied ? std::string{} : way_before(hint, command);
  return way.empty() ? without_user : way;
}

std::string hint_for_identity(const base::Error& error, IdentitySource source) {
  const std::string_view hint = error.hint();
  if (mentions(hint, "WORKLOAD_IDENTITY")) return error.hint();
  if (mentions(hint, "role"))
    return source == IdentitySource::service_account ? role_of_service_account : role_of_node;
  const bool is_for_users = mentions(hint, "connection") || first_command(hint) != std::string_view::npos;
  return is_for_users ? user_of_identity : error.hint();
}

}  // namespace

base::Error with_advice_for_node(const base::Error& error, IdentitySource source) {
  std::string message = error.what();
  constexpr std::string_view command = "; docker snowflake login tries immediately";
  if (const auto at = message.find(command); at != std::string::npos) message.erase(at, command.size());
  return {
      error.kind(), message,
      source == IdentitySource::connection ? hint_for_connection(error) : hint_for_identity(error, source),
      error.consequences()};
}

}  // namespace helper
