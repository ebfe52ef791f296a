// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/is_interactive.hpp"

#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/login_identity.hpp"

namespace snowflake {

bool is_interactive(const config::Connection& connection) {
  if (connection.has("session_token")) return false;
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER" || name == "OAUTH_AUTHORIZATION_CODE" || name == "USERNAME_PASSWORD_MFA")
    return true;
  const bool by_password = name == "SNOWFLAKE" || name.starts_with("http");
  return by_password && connection.secret("password").empty();
}

bool may_be_interactive(const config::Connection& connection) {
  return is_interactive(connection) || connection.authenticator() == "SNOWFLAKE_JWT";
}

bool stands_for_user(const config::Connection& connection, std::string_view kind) {
  if (kind == session_kind) return true;
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER") return kind == id_token_kind;
  if (name == "OAUTH_AUTHORIZATION_CODE") return kind == access_token_kind || kind == refresh_token_kind;
  // It is the second factor only: a user who must type the password is needed all the same.
  return kind == mfa_token_kind && name == "USERNAME_PASSWORD_MFA" && !connection.secret("password").empty();
}

}  // namespace snowflake
