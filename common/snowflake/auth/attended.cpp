// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/attended.hpp"

namespace snowflake {

bool needs_person(const config::Connection& connection) {
  if (connection.has("session_token")) return false;
  const auto name = connection.authenticator();
  if (name == "EXTERNALBROWSER" || name == "OAUTH_AUTHORIZATION_CODE" || name == "USERNAME_PASSWORD_MFA")
    return true;
  const bool by_password = name == "SNOWFLAKE" || name.starts_with("http");
  return by_password && connection.secret("password").empty();
}

}  // namespace snowflake
